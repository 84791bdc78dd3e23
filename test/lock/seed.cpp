// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The behaviour that the Python class which this library was made from is
// tested for, by the names of its tests:
// https://github.com/Oaklight/zerodep/tree/main/filelock

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <mutex>
#include <string>

BOOST_AUTO_TEST_SUITE(lock_seed)

using filelock::file_lock;
using test::raw_lock;

namespace {

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "test.lock";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(basic, lock_file)

BOOST_AUTO_TEST_CASE(lock_creates_file) {
  file_lock lock{path};
  BOOST_TEST(!std::filesystem::exists(path));
  lock.lock();
  BOOST_TEST(std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(context_manager) {
  file_lock lock{path};
  {
    const std::lock_guard<file_lock> guard(lock);
    BOOST_TEST(!raw_lock(path).is_held());
  }
  BOOST_TEST(raw_lock(path).is_held());
}

BOOST_AUTO_TEST_CASE(try_lock_succeeds_when_free) {
  file_lock lock{path};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!raw_lock(path).is_held());
}

BOOST_AUTO_TEST_CASE(path_property) {
  const file_lock lock{path};
  BOOST_TEST(lock.path() == path);
}

BOOST_AUTO_TEST_CASE(accepts_str_path) {
  file_lock of_string{path.string()};
  file_lock of_characters{path.c_str()};
  BOOST_TEST(of_string.path() == path);
  BOOST_TEST(of_characters.path() == path);
  BOOST_TEST(of_string.try_lock());
  BOOST_TEST(!of_characters.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(contention, lock_file)

BOOST_AUTO_TEST_CASE(try_lock_fails_when_held) {
  const raw_lock holder(path);
  BOOST_TEST(holder.is_held());
  file_lock lock{path};
  BOOST_TEST(!lock.try_lock());
}

BOOST_AUTO_TEST_CASE(unlock_releases_for_others) {
  file_lock first{path};
  file_lock second{path};
  first.lock();
  BOOST_TEST(!second.try_lock());
  first.unlock();
  BOOST_TEST(second.try_lock());
}

BOOST_AUTO_TEST_CASE(close_releases_lock) {
  file_lock first{path};
  file_lock second{path};
  first.lock();
  BOOST_TEST(!second.try_lock());
  first.close();
  BOOST_TEST(second.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(edge, lock_file)

BOOST_AUTO_TEST_CASE(creates_parent_directories) {
  const std::filesystem::path deep = folder.path() / "a" / "b" / "c" / "x.lock";
  file_lock lock{deep};
  lock.lock();
  BOOST_TEST(std::filesystem::is_regular_file(deep));
  BOOST_TEST(!raw_lock(deep).is_held());
}

BOOST_AUTO_TEST_CASE(double_close_is_safe) {
  file_lock lock{path};
  lock.lock();
  lock.close();
  BOOST_CHECK_NO_THROW(lock.close());
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(unlock_without_lock_is_safe) {
  file_lock lock{path};
  BOOST_CHECK_NO_THROW(lock.unlock());
  BOOST_TEST(!std::filesystem::exists(path));
  lock.open();
  BOOST_CHECK_NO_THROW(lock.unlock());
  BOOST_TEST(raw_lock(path).is_held());
}

BOOST_AUTO_TEST_CASE(reacquire_after_unlock) {
  file_lock lock{path};
  for (int i = 0; i != 3; ++i) {
    lock.lock();
    BOOST_TEST(!raw_lock(path).is_held());
    lock.unlock();
    BOOST_TEST(raw_lock(path).is_held());
  }
}

BOOST_AUTO_TEST_CASE(reacquire_after_close) {
  file_lock lock{path};
  for (int i = 0; i != 3; ++i) {
    lock.lock();
    BOOST_TEST(!raw_lock(path).is_held());
    lock.close();
    BOOST_TEST(raw_lock(path).is_held());
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
