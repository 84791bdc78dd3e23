// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: raises the limit of descriptors, and starts processes

// Many waiters, threads that run the loop, and owners in other processes.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>

#include "support/asio_waits.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/left_threads.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(asio_many_waiters)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::is_free;
using test::often;
using test::polling_lock;
using test::polling_mutex;
using test::run_all;
namespace net = boost::asio;

constexpr std::size_t waiters = 1000;

/// While it lives, the process may have descriptors for all waiters.
class many_descriptors {
public:
  many_descriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    ::rlimit more = before_;
    more.rlim_cur = (std::max<::rlim_t>)(before_.rlim_cur, 2 * waiters);
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &more) == 0);
  }
  ~many_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  many_descriptors(const many_descriptors&) = delete;
  many_descriptors& operator=(const many_descriptors&) = delete;

private:
  ::rlimit before_{};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_thousand_locks_wait_on_one_thread) {
  const many_descriptors limit;
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  holder.lock();
  net::io_context context{1};
  std::deque<polling_lock> locks;
  std::deque<ending> ends(waiters);
  std::size_t inside = 0;
#if defined(__linux__)
  BOOST_TEST_REQUIRE(test::no_thread_is_left());
#endif
  const int threads = test::count_threads(); // zero where nothing tells
  for (std::size_t i = 0; i != waiters; ++i) {
    polling_lock& lock = locks.emplace_back(path, often);
    filelock::async_lock(context.get_executor(), lock, ends[i].handler([&] {
      BOOST_TEST(++inside == 1U);
      --inside;
      lock.close();
    }));
  }
  BOOST_TEST(test::count_threads() == threads);
  context.run_for(10ms);
  for (const ending& each : ends)
    BOOST_TEST_REQUIRE(each.calls == 0);
  holder.unlock();
  run_all(context);
  for (const ending& each : ends)
    BOOST_TEST_REQUIRE(each.is_success(), each);
  BOOST_TEST(is_free(path));
}

BOOST_AUTO_TEST_CASE(a_thousand_operations_wait_for_one_mutex) {
  const test::temporary_folder folder;
  polling_mutex mutex{folder / "mutex", often};
  mutex.lock();
  net::io_context context{1};
  std::deque<ending> ends(waiters);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i != waiters; ++i)
    filelock::async_lock_for(context.get_executor(), mutex, 1h,
                             ends[i].handler([&, i] {
                               order.push_back(i);
                               mutex.unlock();
                             }));
  BOOST_TEST(test::count_descriptors_of(mutex.path().c_str()) == 1);
  mutex.unlock();
  run_all(context);
  BOOST_TEST_REQUIRE(order.size() == waiters);
  for (std::size_t i = 0; i != waiters; ++i) {
    BOOST_TEST_REQUIRE(ends[i].is_success(), ends[i]);
    BOOST_TEST_REQUIRE(order[i] == i);
  }
  BOOST_TEST(is_free(mutex.path()));
}

BOOST_AUTO_TEST_CASE(several_threads_run_one_context) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "count";
  net::io_context context;
  int unguarded = 0; // each of which ThreadSanitizer would see
  constexpr int turns = 50;
  struct contender {
    polling_lock lock;
    std::function<void(int)> again;
  };
  std::deque<contender> all;
  for (int i = 0; i != 8; ++i) {
    contender& each =
        all.emplace_back(contender{polling_lock{path, often}, nullptr});
    each.again = [&each, &context, &unguarded](int left) {
      if (left == 0) return;
      filelock::async_lock(context.get_executor(), each.lock,
                           [&each, &unguarded, left](auto ec) {
                             BOOST_REQUIRE(!ec);
                             ++unguarded;
                             each.lock.unlock();
                             each.again(left - 1);
                           });
    };
    each.again(turns);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] { context.run_for(test::loop_patience); });
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(context.stopped());
  BOOST_TEST(unguarded == 8 * turns);
}

BOOST_AUTO_TEST_CASE(a_strand_keeps_what_its_handlers_share) {
  const test::temporary_folder folder;
  polling_mutex mutex{folder / "mutex", often};
  net::io_context context;
  const auto strand = net::make_strand(context);
  int unguarded = 0; // by the strand alone
  mutex.lock();
  std::deque<ending> ends(50);
  std::deque<net::cancellation_signal> stops(50);
  for (std::size_t i = 0; i != ends.size(); ++i)
    filelock::async_lock_shared(
        strand, mutex,
        net::bind_cancellation_slot(stops[i].slot(), ends[i].handler([&] {
          ++unguarded;
          mutex.unlock_shared();
        })));
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] { context.run_for(test::loop_patience); });
  net::post(strand, [&] { stops[7].emit(net::cancellation_type::total); });
  mutex.unlock();
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(unguarded == 50); // the cancelled one is called too
  int held = 0;
  for (const ending& each : ends)
    held += each.is_success();
  BOOST_TEST(held >= 49);
}

BOOST_AUTO_TEST_CASE(owners_in_other_processes_are_waited_for) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "shared";
  for (const bool dies : {false, true}) {
    test::child_process child = test::lock_child({path.string()});
    BOOST_TEST_REQUIRE(child.ask("lock") == "locked");
    filelock::file_lock lock{path};
    filelock::file_mutex mutex{path};
    net::io_context context;
    ending ends[4];
    const auto executor = context.get_executor();
    filelock::async_lock_for(executor, lock, 1ms, ends[0].handler());
    filelock::async_lock_for(executor, mutex, 1ms, ends[1].handler());
    run_all(context);
    BOOST_TEST(ends[0].is_time_out(), ends[0]);
    BOOST_TEST(ends[1].is_time_out(), ends[1]);
    filelock::async_lock(executor, lock,
                         ends[2].handler([&] { lock.unlock(); }));
    filelock::async_lock_shared(
        executor, mutex, ends[3].handler([&] { mutex.unlock_shared(); }));
    context.restart();
    context.run_for(5ms);
    if (dies)
      child.kill_and_wait();
    else
      BOOST_TEST(child.ask("unlock") == "unlocked");
    run_all(context);
    BOOST_TEST(ends[2].is_success(), ends[2]);
    BOOST_TEST(ends[3].is_success(), ends[3]);
  }
}

BOOST_AUTO_TEST_CASE(a_forked_child_may_use_what_its_parent_waits_for) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  holder.lock();
  polling_lock lock{path, often};
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler());
  const std::string failure = test::failure_in_child([&]() -> std::string {
    std::error_code ec;
    if (lock.try_lock(ec)) return "the parent's holder does not count";
    return ec ? ec.message() : ""; // busy, and not reserved
  });
  BOOST_TEST(failure == "");
  holder.unlock();
  run_all(context);
  BOOST_TEST(end.is_success(), end);
}

BOOST_AUTO_TEST_CASE(a_hold_keeps_other_processes_out) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "shared";
  filelock::file_lock lock{path};
  net::io_context context;
  test::child_process child = test::lock_child({path.string()});
  std::string during;
  filelock::async_lock(context.get_executor(), lock, [&](auto ec) {
    BOOST_TEST_REQUIRE(!ec);
    const std::unique_lock guard{lock, std::adopt_lock};
    during = child.ask("try");
  });
  run_all(context);
  BOOST_TEST(during == "busy");
  BOOST_TEST(child.ask("try") == "locked");
}

BOOST_AUTO_TEST_SUITE_END()
