// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Owners that die, sessions that end, and a server that goes down or falls
// silent.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/postgres_locks.hpp"
#include "support/tcp_proxy.hpp"

using namespace std::chrono_literals;
using test::child_process;
using test::line_channel;
using test::postgres_lock;
using test::shared_postgres_server;

namespace {

// Ends each session that holds or awaits an advisory lock.
void end_sessions(const char* which) {
  shared_postgres_server().ask(
      std::string("select pg_terminate_backend(pid) from pg_locks where "
                  "locktype = 'advisory' and ") +
      which);
}

bool is_requested_soon(const filelock::canceller& loss) {
  return test::wait_until_seen([&] { return loss.requested(); });
}

// Stops every process of the server while it lives.
class stopped_server {
public:
  explicit stopped_server(const test::postgres_server& server)
      : server_(server) {
    server_.signal_all(SIGSTOP);
  }
  ~stopped_server() { server_.signal_all(SIGCONT); }
  stopped_server(const stopped_server&) = delete;
  stopped_server& operator=(const stopped_server&) = delete;

private:
  const test::postgres_server& server_;
};

// Each connect asks for its words.
struct counted_connects {
  static std::string connection() {
    ++count;
    return words;
  }
  static inline std::string words;
  static inline std::atomic<int> count{0};
};
using counted_lock =
    filelock::basic_file_lock<filelock::postgres_traits<counted_connects>>;

bool is_connected_to(int port) {
  for (int each = 0; each != test::most_descriptors; ++each) {
    ::sockaddr_in peer{};
    ::socklen_t size = sizeof peer;
    if (::getpeername(each, reinterpret_cast<::sockaddr*>(&peer), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == port)
      return true;
  }
  return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_loss,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(the_death_of_an_owner_frees_its_lock) {
  shared_postgres_server();
  child_process owner =
      child_process::forked([](line_channel& test) -> std::string {
        postgres_lock lock("killed");
        lock.lock();
        test.write_line("locked");
        test.read_line();
        return "";
      });
  BOOST_TEST(owner.read_line() == "locked");
  postgres_lock lock("killed");
  BOOST_TEST(!lock.try_lock());
  owner.kill_and_wait();
  BOOST_TEST(lock.try_lock_for(10s));
}

BOOST_AUTO_TEST_CASE(the_end_of_a_session_that_holds_is_told) {
  postgres_lock lock("ended"), other("ended");
  lock.lock();
  const filelock::canceller loss = lock.loss();
  BOOST_TEST(!loss.requested());
  end_sessions("granted");
  BOOST_TEST(is_requested_soon(loss));
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(other.try_lock_for(10s));
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(!lock.is_open());
  other.unlock();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_lost_hold_has_no_token) {
  postgres_lock lock("ended and asked");
  lock.lock();
  end_sessions("granted");
  BOOST_TEST(test::wait_until_seen([&] { return !lock.still_valid(); }));
  BOOST_TEST(lock.token() == 0u);
}

BOOST_AUTO_TEST_CASE(an_idle_session_that_ended_is_begun_anew) {
  postgres_lock lock("idle");
  lock.lock();
  lock.unlock();
  shared_postgres_server().ask(
      "select pg_terminate_backend(pid) from pg_stat_activity where "
      "application_name like 'filelock %'");
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_session_that_ends_while_it_waits_is_begun_anew) {
  postgres_lock owner("waiting"), waiter("waiting");
  owner.lock();
  std::thread wait([&] { waiter.lock(); });
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  end_sessions("not granted");
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  owner.unlock();
  wait.join();
  BOOST_TEST(waiter.still_valid());
}

BOOST_AUTO_TEST_CASE(a_wait_that_an_administrator_cancels_is_an_error) {
  postgres_lock owner("cancelled"), waiter("cancelled");
  owner.lock();
  std::error_code ec;
  std::thread wait([&] { waiter.lock(ec); });
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  shared_postgres_server().ask("select pg_cancel_backend(pid) from pg_locks "
                               "where locktype = 'advisory' and not granted");
  wait.join();
  BOOST_TEST((ec == std::errc::operation_canceled));
  owner.unlock();
  BOOST_TEST(waiter.try_lock());
}

BOOST_AUTO_TEST_CASE(a_restart_ends_holds_and_tokens_still_rise) {
  postgres_lock lock("restarted");
  std::uint64_t last = 0;
  for (const int signal : {SIGINT, SIGQUIT}) { // fast; immediate, as a crash
    lock.lock();
    const std::uint64_t token = lock.token();
    BOOST_TEST(token > last);
    last = token;
    const filelock::canceller loss = lock.loss();
    shared_postgres_server().restart(signal);
    BOOST_TEST(is_requested_soon(loss));
    BOOST_TEST(!lock.still_valid());
    std::error_code ec;
    lock.unlock(ec);
    BOOST_TEST((ec == std::errc::connection_reset));
    BOOST_TEST(lock.try_lock());
    BOOST_TEST(lock.token() > last);
    last = lock.token();
    lock.unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_silent_server_does_not_delay_a_deadline) {
  postgres_lock lock("silent"), closed("silent"), owner("silent"),
      waiter("silent");
  lock.open();
  waiter.open();
  owner.lock();
  bool waiter_has_it = true;
  const auto start = std::chrono::steady_clock::now();
  std::chrono::nanoseconds waited{};
  std::thread wait([&] {
    waiter_has_it = waiter.try_lock_for(300ms);
    waited = std::chrono::steady_clock::now() - start;
  });
  test::wait_until_server_sees_waiters(1);
  {
    const stopped_server stopped(shared_postgres_server());
    for (postgres_lock* const each : {&lock, &closed}) {
      const auto begin = std::chrono::steady_clock::now();
      std::error_code ec;
      BOOST_TEST(!each->try_lock_for(200ms, ec));
      const auto elapsed = std::chrono::steady_clock::now() - begin;
      BOOST_TEST(!ec, ec.message());
      BOOST_TEST((elapsed >= 200ms));
      BOOST_TEST((elapsed < 5s));
      BOOST_TEST_MESSAGE("a deadline of 200 ms: "
                         << elapsed / std::chrono::microseconds(1) << " us");
    }
    wait.join();
  }
  BOOST_TEST(!waiter_has_it);
  BOOST_TEST((waited < 5s));
  BOOST_TEST_MESSAGE("a wait of 300 ms: " << waited / 1us << " us");
  owner.unlock();
  for (postgres_lock* const each : {&lock, &closed, &waiter}) {
    BOOST_TEST(each->try_lock_for(10s));
    each->unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_silent_server_does_not_delay_a_stop) {
  postgres_lock lock("silent stop");
  lock.open();
  filelock::cancel_source source;
  filelock::canceller stop(source);
  std::chrono::steady_clock::time_point requested;
  {
    const stopped_server stopped(shared_postgres_server());
    std::thread request([&] {
      std::this_thread::sleep_for(50ms); // a stop that comes early is one too
      requested = std::chrono::steady_clock::now();
      source.request();
    });
    std::error_code ec;
    BOOST_TEST(!test::postgres::lock_until(
        lock.native_handle(), {filelock::lock_mode::exclusive, {}},
        (std::chrono::steady_clock::time_point::max)(), stop, ec));
    const auto returned = std::chrono::steady_clock::now();
    request.join();
    BOOST_TEST((returned - requested < 5s));
    BOOST_TEST_MESSAGE("a stop: " << (returned - requested) / 1us << " us");
    BOOST_TEST(!test::postgres::open_until(
        "silent stop", {}, (std::chrono::steady_clock::time_point::max)(), stop,
        ec));
    BOOST_TEST(!ec, ec.message());
  }
}

// Its copy of the socket would keep the hold, and a farewell would end it.
BOOST_AUTO_TEST_CASE(a_forked_child_keeps_nothing_and_ends_nothing) {
  postgres_lock lock("forked"), other("forked");
  lock.lock();
  child_process child =
      child_process::forked([&](line_channel& test) -> std::string {
        if (lock.is_open()) return "the child has the session";
        { const postgres_lock moved(std::move(lock)); }
        test.write_line("destroyed");
        test.read_line();
        return "";
      });
  BOOST_TEST(child.read_line() == "destroyed");
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(lock.token() != 0u);
  BOOST_TEST(!other.try_lock());
  // The child lives while its parent's hold ends.
  lock.close();
  BOOST_TEST(other.try_lock_for(10s));
}

BOOST_AUTO_TEST_CASE(a_child_does_not_keep_the_hold_of_a_killed_parent) {
  shared_postgres_server();
  int ends[2];
  BOOST_TEST(::pipe(ends) == 0);
  child_process parent =
      child_process::forked([&](line_channel& test) -> std::string {
        postgres_lock lock("orphaned");
        lock.lock();
        if (::fork() == 0) { // lives until the test closes its pipe
          ::close(ends[1]);
          char byte;
          while (::read(ends[0], &byte, 1) < 0) {
          }
          ::_exit(0);
        }
        test.write_line("forked");
        test.read_line();
        return "";
      });
  BOOST_TEST(parent.read_line() == "forked");
  parent.kill_and_wait();
  postgres_lock lock("orphaned");
  BOOST_TEST(lock.try_lock_for(10s));
  ::close(ends[0]);
  ::close(ends[1]);
}

// The socket is there long before the session is.
BOOST_AUTO_TEST_CASE(a_fork_while_it_connects_neither_waits_nor_has_a_copy) {
  test::tcp_proxy proxy(shared_postgres_server().port());
  counted_connects::words =
      shared_postgres_server().connection_by(proxy.port());
  int ends[2];
  BOOST_TEST(::pipe(ends) == 0);
  child_process parent =
      child_process::forked([&](line_channel& test) -> std::string {
        counted_lock lock("forked early");
        proxy.pause();
        std::thread wait([&] { lock.lock(); });
        while (!is_connected_to(proxy.port()))
          std::this_thread::yield();
        if (::fork() == 0) { // lives until the test closes its pipe
          ::close(ends[1]);
          char byte;
          while (::read(ends[0], &byte, 1) < 0) {
          }
          ::_exit(0);
        }
        proxy.resume();
        wait.join();
        test.write_line(std::to_string(counted_connects::count));
        test.read_line();
        return "";
      });
  BOOST_TEST(parent.read_line() == "1");
  parent.kill_and_wait();
  postgres_lock lock("forked early");
  BOOST_TEST(lock.try_lock_for(10s));
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_SUITE_END()
