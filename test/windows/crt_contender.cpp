// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// The CRT's _locking, which is what the seed calls on Windows by Python's
// msvcrt.locking, excludes and is excluded.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <chrono>
#include <filesystem>

BOOST_AUTO_TEST_SUITE(windows_crt_contender)

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
  file_lock lock{path};
  test::win_child other{path};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_crt_is_excluded, lock_file) {
  lock.lock();
  BOOST_TEST(other.ask("raw") == "busy");
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(other.ask("raw") == "busy");
  lock.unlock();
  BOOST_TEST(other.ask("raw") == "locked");
}

BOOST_FIXTURE_TEST_CASE(the_crt_excludes, lock_file) {
  BOOST_TEST(other.ask("raw") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(!lock.try_lock_for(5ms));
  BOOST_TEST(other.ask("raw_unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
