// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX
// TIMEOUT: 120
// LONG: 600

// Owners that die, sleep over their lease, or lose their server, and clocks
// that step. The long form has leases of 3 s in place of 2 s, and more rounds.

#include <filelock/filelock.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include "support/child_process.hpp"
#include "support/etcd_locks.hpp"

using namespace std::chrono_literals;

namespace {

bool is_long() { return std::getenv("FILELOCK_LONG") != nullptr; }

test::etcd_servers* lease_server = nullptr;

struct of_lease_server {
  static std::string endpoints() { return lease_server->endpoints(); }
  static std::chrono::seconds lease() { return is_long() ? 3s : 2s; }
  static std::chrono::seconds request_timeout() { return 5s; }
};
using lease_traits = filelock::etcd_traits<of_lease_server>;
using lease_lock = filelock::basic_file_lock<lease_traits>;

/// A server for each test, which may harm it.
struct own_server {
  own_server() {
    if (!test::has_etcd("etcd")) return;
    server = std::make_unique<test::etcd_servers>();
    lease_server = server.get();
  }
  int rounds() const { return !server ? 0 : is_long() ? 5 : 1; }
  std::unique_ptr<test::etcd_servers> server;
};

/// A resource that refuses an owner whose token is less than the last one's.
class fenced_store {
public:
  explicit fenced_store(const std::filesystem::path& path) : path_(path) {}
  bool write(std::uint64_t token) {
    std::uint64_t last = 0;
    std::ifstream(path_) >> last;
    if (token < last) return false;
    std::ofstream(path_) << token;
    return true;
  }

private:
  std::filesystem::path path_;
};

/// Locks, and does what it is asked for: "token", "holds", "write", "unlock".
std::string owner(test::line_channel& parent,
                  const std::filesystem::path& store) {
  lease_lock lock("owner");
  lock.lock();
  const filelock::canceller loss = lock.loss();
  parent.write_line(std::to_string(lock.token()));
  for (;;) {
    const std::string command = parent.read_line();
    if (command == "holds")
      parent.write_line(lock.still_valid() ? "yes" : "no");
    else if (command == "loss")
      parent.write_line(test::wait_until_seen([&] { return loss.requested(); })
                            ? "yes"
                            : "no");
    else if (command == "write")
      parent.write_line(fenced_store(store).write(lock.token()) ? "written"
                                                                : "refused");
    else if (command == "unlock") {
      std::error_code ec;
      lock.unlock(ec);
      parent.write_line(ec == std::errc::connection_aborted ? "lost"
                        : ec                                ? ec.message()
                                                            : "released");
    } else
      return "";
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_etcd_lease, own_server)

BOOST_AUTO_TEST_CASE(the_lock_of_a_killed_owner_is_free_after_its_lease) {
  for (int round = 0; round != rounds(); ++round) {
    const test::temporary_folder folder;
    test::child_process killed =
        test::child_process::forked([&](test::line_channel& parent) {
          return owner(parent, folder / "store");
        });
    const std::string token = killed.read_line();
    lease_lock lock("owner");
    BOOST_TEST(!lock.try_lock());
    killed.kill_and_wait();
    lock.lock();
    BOOST_TEST(lock.token() > std::stoull(token));
  }
}

BOOST_AUTO_TEST_CASE(a_paused_owner_is_told_before_it_can_believe_it_holds) {
  for (int round = 0; round != rounds(); ++round) {
    const test::temporary_folder folder;
    test::child_process paused =
        test::child_process::forked([&](test::line_channel& parent) {
          return owner(parent, folder / "store");
        });
    const std::uint64_t token = std::stoull(paused.read_line());
    BOOST_TEST(paused.ask("holds") == "yes");
    BOOST_TEST(paused.ask("write") == "written");
    paused.kill(SIGSTOP);
    lease_lock lock("owner");
    lock.lock(); // once the lease of the other has ended
    BOOST_TEST(lock.token() > token);
    BOOST_TEST(fenced_store(folder / "store").write(lock.token()));
    paused.write_line("holds"); // is the first thing that it does on waking
    paused.kill(SIGCONT);
    BOOST_TEST(paused.read_line() == "no");
    BOOST_TEST(paused.ask("loss") == "yes");
    BOOST_TEST(paused.ask("write") == "refused");
    BOOST_TEST(paused.ask("unlock") == "lost");
    BOOST_TEST(lock.still_valid());
  }
}

BOOST_AUTO_TEST_CASE(an_owner_is_told_of_the_loss_while_its_server_is_stopped) {
  if (rounds() == 0) return;
  lease_lock lock("owner");
  lock.lock();
  const filelock::canceller loss = lock.loss();
  server->pause(0);
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(test::wait_until_seen([&] { return loss.requested(); }));
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
  server->resume(0);
}

BOOST_AUTO_TEST_CASE(a_server_that_restarts_within_the_lease_is_no_loss) {
  if (rounds() == 0) return;
  struct long_lease : of_lease_server {
    static std::chrono::seconds lease() { return 60s; }
  };
  using lock_type =
      filelock::basic_file_lock<filelock::etcd_traits<long_lease>>;
  lock_type owner("owner");
  lock_type lock("owner");
  owner.lock();
  std::thread waits([&] { lock.lock(); });
  BOOST_TEST(server->await_contenders(2));
  server->kill(0);
  BOOST_TEST(owner.still_valid());
  server->start(0);
  server->await();
  BOOST_TEST(owner.still_valid());
  BOOST_TEST(server->contenders() == 2u);
  const std::uint64_t token = owner.token();
  std::error_code ec;
  owner.unlock(ec);
  BOOST_TEST(!ec);
  waits.join(); // by the place that it had
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(lock.token() > token);
}

BOOST_AUTO_TEST_CASE(a_wait_whose_server_dies_ends_with_an_error) {
  if (rounds() == 0) return;
  lease_lock owner("owner");
  lease_lock lock("owner");
  owner.lock();
  std::error_code ec;
  std::thread waits([&] { lock.lock(ec); });
  BOOST_TEST(server->await_contenders(2));
  server->kill(0);
  waits.join(); // once its own lease may have ended
  BOOST_TEST((ec == std::errc::connection_refused), ec.message());
  // the owner may have renewed its lease later than the waiter did
  BOOST_TEST(test::wait_until_seen([&] { return !owner.still_valid(); }));
}

BOOST_AUTO_TEST_SUITE_END()
