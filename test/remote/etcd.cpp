// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// Locks of etcd: what every lock does, on a real server.

#include <filelock/filelock.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <system_error>

#include "support/child_process.hpp"
#include "support/etcd_locks.hpp"

using namespace std::chrono_literals;

static_assert(filelock::is_platform_v<test::etcd_traits>);

BOOST_AUTO_TEST_SUITE(remote_etcd)

BOOST_AUTO_TEST_CASE(two_locks_exclude_each_other) {
  if (!test::has_etcd("etcd")) return;
  test::etcd_lock first("two locks"), second("two locks");
  first.lock();
  BOOST_TEST(first.still_valid());
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(!second.try_lock_for(20ms));
  first.unlock();
  BOOST_TEST(second.try_lock());
  BOOST_TEST(second.token() > 0u);
  second.unlock();
  BOOST_TEST(test::shared_etcd_server().keys() == "");
}

BOOST_AUTO_TEST_SUITE_END()
