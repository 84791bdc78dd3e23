// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX
// TIMEOUT: 120

// Locks of etcd: what every lock does, on a real server.

#include <filelock/filelock.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/etcd_locks.hpp"
#include "support/left_threads.hpp"

using namespace std::chrono_literals;
using test::etcd_lock;

static_assert(filelock::is_platform_v<test::etcd_traits>);

namespace {

test::etcd_servers& server() { return test::shared_etcd_server(); }

/// For tests that wait until a lease has ended.
struct short_lease : test::shared_etcd {
  static std::chrono::seconds lease() { return 1s; }
};
using short_lock =
    filelock::basic_file_lock<filelock::etcd_traits<short_lease>>;

/// How many requests the server has begun.
long requests() {
  const std::string endpoint = server().endpoint(0);
  const std::size_t colon = endpoint.find(':');
  boost::asio::ip::tcp::iostream page(endpoint.substr(0, colon),
                                      endpoint.substr(colon + 1));
  page << "GET /metrics HTTP/1.0\r\n\r\n" << std::flush;
  long sum = 0;
  for (std::string line; std::getline(page, line);)
    if (line.rfind("grpc_server_started_total", 0) == 0)
      sum += std::stol(line.substr(line.rfind(' ')));
  return sum;
}

/// A thread that waits for a lock, and keeps it until it is asked to stop.
class waiter {
public:
  template <class Lock, class Wait>
  waiter(Lock& lock, Wait wait)
      : thread_([this, &lock, wait] {
          wait(lock);
          has_it = true;
        }) {}
  ~waiter() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  std::atomic<bool> has_it{false};

private:
  std::thread thread_;
};

// Nothing of a test is left for the next one, and each of them leaves nothing.
struct needs_etcd {
  bool is_there = test::has_etcd("etcd");
  ~needs_etcd() {
    if (!is_there) return;
    BOOST_TEST(server().await_contenders(0));
    BOOST_TEST(test::wait_until_seen([] { return server().leases() == 0; }));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_etcd, needs_etcd)

BOOST_AUTO_TEST_CASE(two_locks_exclude_each_other) {
  if (!is_there) return;
  etcd_lock first("two locks");
  etcd_lock second("two locks");
  etcd_lock other("another name");
  first.lock();
  BOOST_TEST(first.still_valid());
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(!second.try_lock_shared());
  BOOST_TEST(!second.try_lock_for(20ms));
  BOOST_TEST(other.try_lock());
  first.unlock();
  BOOST_TEST(second.try_lock());
}

BOOST_AUTO_TEST_CASE(shared_locks_stand_beside_each_other) {
  if (!is_there) return;
  etcd_lock first("shared");
  etcd_lock second("shared");
  etcd_lock writer("shared");
  const std::shared_lock<etcd_lock> guard(first);
  BOOST_TEST(second.try_lock_shared_for(10s));
  BOOST_TEST(!writer.try_lock());
  BOOST_TEST(!writer.try_lock_for(20ms));
  second.unlock_shared();
  BOOST_TEST(!writer.try_lock());
}

BOOST_AUTO_TEST_CASE(a_reader_waits_for_the_writer_that_waits_before_it) {
  if (!is_there) return;
  etcd_lock first("queue");
  etcd_lock writer("queue");
  etcd_lock second("queue");
  etcd_lock third("queue");
  first.lock_shared();
  waiter writes(writer, [](etcd_lock& lock) { lock.lock(); });
  BOOST_TEST(server().await_contenders(2));
  waiter reads(second, [](etcd_lock& lock) { lock.lock_shared(); });
  waiter reads_too(third, [](etcd_lock& lock) { lock.lock_shared(); });
  BOOST_TEST(server().await_contenders(4));
  BOOST_TEST(!writes.has_it);
  BOOST_TEST(!reads.has_it);
  first.unlock_shared();
  writes.join();
  BOOST_TEST(!reads.has_it);
  BOOST_TEST(!reads_too.has_it);
  writer.unlock();
  reads.join();
  reads_too.join(); // beside each other
}

BOOST_AUTO_TEST_CASE(waiters_get_the_lock_in_the_order_of_their_arrival) {
  if (!is_there) return;
  constexpr std::size_t count = 5;
  etcd_lock first("order");
  first.lock();
  std::list<etcd_lock> locks;
  std::list<waiter> waiters;
  std::mutex order_mutex;
  std::vector<std::size_t> order;
  std::vector<std::uint64_t> tokens = {first.token()};
  for (std::size_t i = 0; i != count; ++i) {
    waiters.emplace_back(locks.emplace_back("order"), [&, i](etcd_lock& lock) {
      lock.lock();
      {
        const std::lock_guard<std::mutex> guard(order_mutex);
        order.push_back(i);
        tokens.push_back(lock.token());
      }
      lock.unlock();
    });
    BOOST_TEST(server().await_contenders(2 + i));
  }
  first.unlock();
  waiters.clear();
  BOOST_TEST(order.size() == count);
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
  BOOST_TEST(std::is_sorted(tokens.begin(), tokens.end()));
  BOOST_TEST(
      (std::adjacent_find(tokens.begin(), tokens.end()) == tokens.end()));
}

BOOST_AUTO_TEST_CASE(a_release_wakes_one_waiter_and_nobody_polls) {
  if (!is_there) return;
  constexpr std::size_t count = 20;
  etcd_lock first("herd");
  first.lock();
  std::list<etcd_lock> locks;
  std::list<waiter> waiters;
  for (std::size_t i = 0; i != count; ++i)
    waiters.emplace_back(locks.emplace_back("herd"),
                         [](etcd_lock& lock) { lock.lock(); });
  BOOST_TEST(server().await_contenders(1 + count));
  const auto has_it = [](const waiter& each) { return each.has_it.load(); };
  // Each of them asks once more before it waits.
  std::this_thread::sleep_for(200ms);
  const long before = requests();
  std::this_thread::sleep_for(200ms);
  const long while_waiting = requests() - before;
  first.unlock();
  BOOST_TEST(test::wait_until_seen([&] {
    return std::count_if(waiters.begin(), waiters.end(), has_it) == 1;
  }));
  const long to_release = requests() - before - while_waiting;
  // Leases are renewed every 3 s, each.
  BOOST_TEST(while_waiting <= static_cast<long>(count) / 2);
  BOOST_TEST(to_release <= 3 + static_cast<long>(count) / 2);
  while (!waiters.empty()) {
    auto next = std::find_if(waiters.begin(), waiters.end(), has_it);
    if (next == waiters.end()) {
      std::this_thread::sleep_for(1ms);
      continue;
    }
    const auto index = std::distance(waiters.begin(), next);
    const auto lock = std::next(locks.begin(), index);
    next->join();
    lock->unlock();
    waiters.erase(next);
    locks.erase(lock);
  }
}

BOOST_AUTO_TEST_CASE(processes_exclude_each_other) {
  if (!is_there) return;
  constexpr int processes = 3;
  constexpr int turns = 15;
  server();
  const test::temporary_folder folder;
  const std::filesystem::path file = folder / "count";
  std::ofstream(file) << 0;
  std::list<test::child_process> all;
  for (int i = 0; i != processes; ++i)
    all.push_back(test::child_process::forked([&](test::line_channel&) {
      etcd_lock lock("count");
      for (int turn = 0; turn != turns; ++turn) {
        const std::lock_guard<etcd_lock> guard(lock);
        int count = -1;
        std::ifstream(file) >> count;
        std::ofstream(file) << count + 1;
      }
      return std::string();
    }));
  for (test::child_process& each : all)
    BOOST_TEST(each.failure() == "");
  int count = -1;
  std::ifstream(file) >> count;
  BOOST_TEST(count == processes * turns);
}

BOOST_AUTO_TEST_CASE(a_wait_that_times_out_leaves_no_key) {
  if (!is_there) return;
  etcd_lock owner("time");
  etcd_lock other("time");
  owner.lock();
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!other.try_lock_for(100ms));
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 100ms));
  BOOST_TEST(!other.try_lock_shared_until(start));
  BOOST_TEST(server().await_contenders(1));
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_stopped_leaves_no_key) {
  if (!is_there) return;
  etcd_lock owner("stop");
  etcd_lock other("stop");
  owner.lock();
  filelock::cancel_source source;
  filelock::canceller stop(source);
  std::error_code ec;
  auto* const handle = test::etcd_traits::open("stop", {}, ec);
  bool has_it = true;
  std::thread waits([&] {
    has_it = test::etcd_traits::lock_until(
        handle, {filelock::lock_mode::exclusive, {}},
        (std::chrono::steady_clock::time_point::max)(), stop, ec);
  });
  BOOST_TEST(server().await_contenders(2));
  source.request();
  waits.join();
  BOOST_TEST(!has_it);
  BOOST_TEST(!ec);
  BOOST_TEST(server().await_contenders(1));
  test::etcd_traits::close(handle);
}

BOOST_AUTO_TEST_CASE(a_deadline_holds_while_the_server_is_stopped) {
  if (!is_there) return;
  {
    etcd_lock open("stopped");
    etcd_lock closed("stopped");
    etcd_lock waiting("stopped");
    etcd_lock owner("stopped");
    owner.lock();
    open.open();
    std::atomic<bool> was_acquired{false};
    waiter waits(waiting, [&](etcd_lock& lock) {
      was_acquired = lock.try_lock_for(800ms); // until the server is stopped
    });
    BOOST_TEST(server().await_contenders(2));
    server().pause(0);
    for (etcd_lock* const each : {&open, &closed}) {
      const auto start = std::chrono::steady_clock::now();
      std::error_code ec;
      BOOST_TEST(!each->try_lock_for(200ms, ec));
      const auto length = std::chrono::steady_clock::now() - start;
      BOOST_TEST(!ec);
      BOOST_TEST((length >= 200ms && length < 2s));
      const std::chrono::duration<double, std::milli> milliseconds = length;
      BOOST_TEST_MESSAGE("200 ms took " << milliseconds.count() << " ms");
    }
    waits.join();
    BOOST_TEST(!was_acquired);
    server().resume(0);
    // What they have left behind ends in the background.
    BOOST_TEST(server().await_contenders(1));
    BOOST_TEST(owner.still_valid());
    owner.unlock();
    BOOST_TEST(open.try_lock());
    open.unlock();
    BOOST_TEST(waiting.try_lock());
  }
}

BOOST_AUTO_TEST_CASE(the_locks_of_etcdctl_exclude_and_are_excluded) {
  if (!is_there) return;
  test::child_process other(test::etcd_servers::etcdctl(
      {"lock", "--ttl=1", "filelock/both"}, server().endpoints()));
  const std::string key = other.read_line(); // once it has the lock
  etcd_lock lock("both");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(lock.holder_name() == "the owner of the key " + key);
  waiter waits(lock, [](etcd_lock& each) { each.lock_shared(); });
  BOOST_TEST(server().await_contenders(2));
  other.kill(SIGINT); // releases
  other.wait();
  waits.join();

  test::child_process next(test::etcd_servers::etcdctl(
      {"lock", "--ttl=1", "filelock/both"}, server().endpoints()));
  BOOST_TEST(server().await_contenders(2));
  BOOST_TEST(!next.has_line());
  lock.unlock_shared();
  BOOST_TEST(next.read_line().rfind("filelock/both/", 0) == 0u);
  next.kill(SIGINT);
  next.wait();
}

BOOST_AUTO_TEST_CASE(the_holder_has_a_name) {
  if (!is_there) return;
  etcd_lock owner("holder");
  etcd_lock other("holder");
  BOOST_TEST(other.holder_name() == "");
  owner.lock();
  const std::string me = "process " + std::to_string(::getpid()) + " of host ";
  BOOST_TEST(other.holder_name().rfind(me, 0) == 0u);
  BOOST_TEST(owner.holder_name() == "");
}

BOOST_AUTO_TEST_CASE(conversions_release_in_between) {
  if (!is_there) return;
  etcd_lock lock("conversion");
  etcd_lock other("conversion");
  lock.lock_shared();
  BOOST_TEST((lock.try_upgrade() == filelock::conversion::released_between));
  BOOST_TEST(!other.try_lock_shared());
  BOOST_TEST((lock.downgrade() == filelock::conversion::released_between));
  BOOST_TEST(other.try_lock_shared());
}

BOOST_AUTO_TEST_CASE(an_upgrade_lets_the_one_who_waits_go_first) {
  if (!is_there) return;
  etcd_lock reader("upgrade");
  etcd_lock writer("upgrade");
  reader.lock_shared();
  waiter writes(writer, [](etcd_lock& lock) { lock.lock(); });
  BOOST_TEST(server().await_contenders(2));
  BOOST_TEST(
      (reader.try_upgrade_for(30ms) == filelock::conversion::refused_released));
  writes.join();
  BOOST_TEST(writer.still_valid());
  BOOST_TEST(!reader.owns_lock_shared());
  writer.unlock();
  BOOST_TEST(reader.try_lock());
}

BOOST_AUTO_TEST_CASE(a_time_of_any_length) {
  if (!is_there) return;
  struct endless : test::shared_etcd {
    static auto request_timeout() { return (std::chrono::hours::max)(); }
  };
  struct none : test::shared_etcd {
    static auto request_timeout() { return std::chrono::duration<double>(-1); }
  };
  filelock::basic_file_lock<filelock::etcd_traits<endless>> lock("times");
  BOOST_TEST(lock.try_lock());
  decltype(lock) other("times");
  BOOST_TEST(!other.try_lock_for(20ms));
  // As short as can be: perhaps too short.
  filelock::basic_file_lock<filelock::etcd_traits<none>> hasty("times");
  std::error_code ec;
  BOOST_TEST(!hasty.try_lock(ec));
  BOOST_TEST((!ec || ec == std::errc::timed_out), ec.message());
}

BOOST_AUTO_TEST_CASE(any_bytes_are_a_name) {
  if (!is_there) return;
  std::string all;
  for (int i = 0; i != 256; ++i)
    all += static_cast<char>(i);
  for (const std::string& name :
       {all, std::string("a\0b", 3), std::string("../a"), std::string("/"),
        std::string(4000, 'x')}) {
    etcd_lock lock{std::filesystem::path(name)};
    etcd_lock other{std::filesystem::path(name)};
    lock.lock();
    BOOST_TEST(!other.try_lock());
    BOOST_TEST((lock.path().native() == name));
  }
  etcd_lock prefix("a");
  etcd_lock longer("a/b");
  prefix.lock();
  BOOST_TEST(longer.try_lock());
}

BOOST_AUTO_TEST_CASE(a_name_that_is_too_long_is_an_error) {
  if (!is_there) return;
  etcd_lock lock{std::filesystem::path(std::string(200'000, 'x'))};
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::message_size), ec.message());
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::message_size), ec.message());
}

BOOST_AUTO_TEST_CASE(an_option_for_files_is_refused) {
  if (!is_there) return;
  filelock::open_options options;
  options.create = false;
  std::error_code ec;
  BOOST_TEST((test::etcd_traits::open("options", options, ec) == nullptr));
  BOOST_TEST((ec == std::errc::not_supported));
  ec.clear();
  etcd_lock lock("options", options);
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_AUTO_TEST_CASE(one_thread_renews_all_leases) {
  if (!is_there) return;
  server();
  BOOST_TEST_REQUIRE(test::no_thread_is_left());
  const int before = test::count_threads();
  {
    std::list<etcd_lock> locks;
    for (int i = 0; i != 5; ++i)
      locks.emplace_back("thread " + std::to_string(i)).lock();
    BOOST_TEST(test::count_threads() == before + 1);
    BOOST_TEST(server().leases() == 5u);
  }
  BOOST_TEST(test::no_thread_is_left());
}

BOOST_AUTO_TEST_CASE(a_forked_child_has_no_part_in_the_locks_of_its_parent) {
  if (!is_there) return;
  {
    etcd_lock lock("fork");
    lock.lock();
    const std::string failed = test::failure_in_child([&]() -> std::string {
      if (lock.is_open()) return "the child has it open";
      etcd_lock own("fork");
      if (own.try_lock()) return "the child's own lock does not wait";
      if (lock.try_lock()) return "the parent's is free in the child";
      etcd_lock other("fork in a child");
      if (!other.try_lock_for(10s)) return "the child cannot lock";
      lock.close();
      return "";
    });
    BOOST_TEST(failed == "");
    BOOST_TEST(lock.still_valid());
    BOOST_TEST(server().await_contenders(1)); // not of the child
  }
}

BOOST_AUTO_TEST_CASE(a_forked_child_closes_the_connections_of_its_parent) {
  if (!is_there) return;
  etcd_lock lock("fork");
  lock.lock();
  const std::string failed = test::failure_in_child([]() -> std::string {
    for (const auto& each :
         std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code ec;
      const auto target = std::filesystem::read_symlink(each.path(), ec);
      if (target.native().rfind("socket:", 0) == 0)
        return "a socket is open: " + target.native();
    }
    return "";
  });
  BOOST_TEST(failed == "");
}

BOOST_AUTO_TEST_CASE(a_lease_that_the_server_ends_is_a_loss) {
  if (!is_there) return;
  short_lock lock("revoked");
  lock.lock();
  const filelock::canceller loss = lock.loss();
  BOOST_TEST(!loss.requested());
  for (const std::string& each : server().lease_ids())
    server().ask({"lease", "revoke", each});
  BOOST_TEST(test::wait_until_seen([&] { return loss.requested(); }));
  BOOST_TEST(!lock.still_valid());
  std::error_code ec;
  lock.lock(ec); // no nested hold of what is lost
  BOOST_TEST((ec == std::errc::connection_aborted));
  ec.clear();
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_aborted));
  BOOST_TEST(!lock.is_open());
  lock.lock();
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_key_that_somebody_removed_is_told_by_unlock) {
  if (!is_there) return;
  etcd_lock lock("removed");
  lock.lock();
  server().ask({"del", "filelock/removed/", "--prefix"});
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_aborted));
  BOOST_TEST(ec.message().find(server().endpoints()) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_idle_lease_that_ended_is_no_error) {
  if (!is_there) return;
  etcd_lock lock("idle");
  lock.open();
  for (const std::string& each : server().lease_ids())
    server().ask({"lease", "revoke", each});
  BOOST_TEST(lock.try_lock());
  lock.unlock();
  for (const std::string& each : server().lease_ids())
    server().ask({"lease", "revoke", each});
  lock.lock();
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_waiter_whose_lease_ends_gets_another_one) {
  if (!is_there) return;
  etcd_lock owner("waiter"); // of 10 s
  owner.lock();
  const std::vector<std::string> of_owner = server().lease_ids();
  short_lock lock("waiter");
  waiter waits(lock, [](short_lock& each) { each.lock(); });
  BOOST_TEST(server().await_contenders(2));
  for (const std::string& each : server().lease_ids())
    if (each != of_owner.front()) server().ask({"lease", "revoke", each});
  BOOST_TEST(server().await_contenders(2)); // with a key of the new lease
  BOOST_TEST(!waits.has_it);
  owner.unlock();
  waits.join();
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_SUITE_END()
