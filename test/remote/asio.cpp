// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Asynchronous waits for locks of PostgreSQL and of etcd.

#include <filelock/asio.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/etcd.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <system_error>

#include "support/etcd_locks.hpp"
#include "support/postgres_locks.hpp"

using namespace std::chrono_literals;

namespace {

struct postgres_engine {
  using lock = filelock::basic_file_lock<test::patient_postgres>;
  static bool is_there() { return test::has_postgres_server("PostgreSQL"); }
  static bool has_waiter() { return test::wait_until_server_sees_waiters(1); }
};
struct etcd_engine {
  using lock = test::etcd_lock;
  static bool is_there() { return test::has_etcd("etcd"); }
  static bool has_waiter() {
    return test::shared_etcd_server().await_contenders(2);
  }
};

template <class Engine>
void wait_asynchronously() {
  if (!Engine::is_there()) return;
  typename Engine::lock owner("asio"), waiter("asio");
  owner.lock();
  waiter.open();
  boost::asio::io_context io;

  bool has_timed_out = false;
  filelock::async_lock_for(io.get_executor(), waiter, 20ms,
                           [&](std::error_code ec, bool is_acquired) {
                             has_timed_out = !ec && !is_acquired;
                           });
  io.run();
  BOOST_TEST(has_timed_out);

  std::error_code of_cancelled;
  boost::asio::cancellation_signal cancel;
  filelock::async_lock(
      io.get_executor(), waiter,
      boost::asio::bind_cancellation_slot(
          cancel.slot(), [&](std::error_code ec) { of_cancelled = ec; }));
  BOOST_TEST(Engine::has_waiter());
  cancel.emit(boost::asio::cancellation_type::terminal);
  io.restart();
  io.run();
  BOOST_TEST((of_cancelled == std::errc::operation_canceled));

  bool is_acquired = false;
  filelock::async_lock(io.get_executor(), waiter,
                       [&](std::error_code ec) { is_acquired = !ec; });
  BOOST_TEST(Engine::has_waiter());
  owner.unlock();
  io.restart();
  io.run();
  BOOST_TEST(is_acquired);
  BOOST_TEST(waiter.still_valid());
  BOOST_TEST(!owner.try_lock());
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_asio)

BOOST_AUTO_TEST_CASE(a_wait_for_postgres_ends_by_grant_time_and_cancel) {
  wait_asynchronously<postgres_engine>();
}

BOOST_AUTO_TEST_CASE(a_wait_for_etcd_ends_by_grant_time_and_cancel) {
  wait_asynchronously<etcd_engine>();
}

BOOST_AUTO_TEST_SUITE_END()
