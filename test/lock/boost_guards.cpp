// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: boost_thread: no Boost.Thread for another system here
// LINK: boost_thread

// The guards of Boost.Thread.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/two_locks.hpp"

#include <boost/thread/lock_guard.hpp>
#include <boost/thread/lock_types.hpp>

BOOST_AUTO_TEST_SUITE(lock_boost_guards)

using filelock::file_lock;
using test::two_locks;

BOOST_FIXTURE_TEST_CASE(boost_lock_guard_holds_for_its_scope, two_locks) {
  {
    const boost::lock_guard<file_lock> guard(lock);
    BOOST_TEST(is_exclusive());
  }
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(boost_unique_lock_locks_defers_and_tries, two_locks) {
  {
    boost::unique_lock<file_lock> guard(lock);
    BOOST_TEST(is_exclusive());
    boost::unique_lock<file_lock> refused(other, boost::try_to_lock);
    BOOST_TEST(!refused.owns_lock());
  }
  boost::unique_lock<file_lock> guard(lock, boost::defer_lock);
  BOOST_TEST(is_free());
  BOOST_TEST(guard.try_lock());
  guard.unlock();
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(boost_shared_lock_shares, two_locks) {
  boost::shared_lock<file_lock> guard(lock);
  BOOST_TEST(is_shared());
  guard.unlock();
  BOOST_TEST(is_free());
  BOOST_TEST(guard.try_lock());
  BOOST_TEST(is_shared());
}

BOOST_AUTO_TEST_SUITE_END()
