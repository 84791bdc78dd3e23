// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// marked<P>: the next owner is told that the last one died.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/native_law_tools.hpp"
#include "support/simulated_law_tools.hpp"
#include "support/temporary_folder.hpp"
#include "support/written_lock_file.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(platform_marked)

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using filelock::marked;
using native = marked<filelock::native_traits>;
using queued_native = marked<filelock::queued_file_lock::platform_type>;
using native_lock = filelock::basic_file_lock<native>;
using queued_lock = filelock::basic_file_lock<queued_native>;

static_assert(filelock::is_platform_v<native>);
static_assert(filelock::is_platform_v<queued_native>);
static_assert(filelock::is_platform_v<marked<filelock::simulated_traits>>);
static_assert(filelock::is_platform_v<filelock::faulty<native>>);

using lock_file = test::written_lock_file;

} // namespace

BOOST_AUTO_TEST_CASE(marked_platforms_keep_the_laws) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<native>(folder.path()) == "");
  const test::temporary_folder other;
  BOOST_TEST(filelock::broken_laws<queued_native>(other.path()) == "");
  const filelock::simulation world;
  using simulated = marked<filelock::simulated_traits>;
  using atomic = marked<filelock::atomic_simulated_traits>;
  BOOST_TEST(filelock::broken_laws<simulated>("/laws") == "");
  BOOST_TEST(filelock::broken_laws<atomic>("/laws") == "");
}

BOOST_FIXTURE_TEST_CASE(the_file_says_whether_the_lock_is_held, lock_file) {
  native_lock lock{path};
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(content() == "0");
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(!lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(content() == "0");
}

BOOST_FIXTURE_TEST_CASE(the_next_owner_is_told_of_a_death, lock_file) {
  for (const char* const left : {"1", "2"}) {
    write(left); // by an owner that died
    native_lock lock{path};
    lock.lock();
    BOOST_TEST(lock.previous_owner_died());
    lock.unlock();
    BOOST_TEST(!lock.previous_owner_died()); // it is not held
    BOOST_TEST(content() == "0");
    lock.lock();
    BOOST_TEST(!lock.previous_owner_died());
  }
}

BOOST_FIXTURE_TEST_CASE(each_form_of_acquire_tells_of_a_death, lock_file) {
  const auto is_told = [&](auto acquire) {
    write("1");
    queued_lock lock{path};
    acquire(lock);
    return lock.previous_owner_died();
  };
  BOOST_TEST(is_told([](auto& lock) { BOOST_TEST(lock.try_lock()); }));
  BOOST_TEST(is_told([](auto& lock) { BOOST_TEST(lock.try_lock_for(1h)); }));
  BOOST_TEST(is_told([](auto& lock) {
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST(!ec);
  }));
  BOOST_TEST(is_told([](auto& lock) { lock.lock_shared(); }));
  BOOST_TEST(is_told([](auto& lock) {
    lock.lock_shared();
    BOOST_TEST((lock.try_upgrade() != filelock::conversion::refused_released));
  }));
}

BOOST_FIXTURE_TEST_CASE(a_shared_owner_cannot_clear_a_death, lock_file) {
  write("1");
  {
    native_lock lock{path};
    lock.lock_shared();
    BOOST_TEST(lock.previous_owner_died());
  }
  BOOST_TEST(content() == "1");
  native_lock lock{path};
  lock.lock();
  BOOST_TEST(lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_downgrade_says_that_all_is_well, lock_file) {
  write("1");
  native_lock lock{path};
  lock.lock();
  BOOST_TEST((lock.downgrade() != filelock::conversion::refused_still_shared));
  BOOST_TEST(!lock.previous_owner_died());
  BOOST_TEST(lock.owns_lock_shared());
  lock.unlock();
  BOOST_TEST(content() == "0");
}

BOOST_FIXTURE_TEST_CASE(a_mutex_is_told_too, lock_file) {
  write("1");
  filelock::basic_file_mutex<native> mutex{path};
  {
    const std::lock_guard guard(mutex);
    BOOST_TEST(mutex.previous_owner_died());
  }
  mutex.lock_shared();
  BOOST_TEST(!mutex.previous_owner_died());
  mutex.unlock_shared();
}

BOOST_FIXTURE_TEST_CASE(a_file_with_other_content_is_refused_and_kept,
                        lock_file) {
  for (const char* const other : {"x", "1234\n", "00"}) {
    write(other);
    native_lock lock{path};
    std::error_code ec;
    BOOST_TEST(!lock.try_lock(ec));
    BOOST_TEST((ec == std::errc::invalid_argument));
    BOOST_TEST(!lock.try_lock_shared(ec));
    BOOST_TEST((ec == std::errc::invalid_argument));
    lock.lock(ec);
    BOOST_TEST((ec == std::errc::invalid_argument));
    BOOST_TEST(!lock.owns_lock());
    BOOST_TEST(content() == other);
    filelock::file_lock free{path}; // nothing is held
    BOOST_TEST(free.try_lock());
  }
}

BOOST_FIXTURE_TEST_CASE(a_range_is_refused, lock_file) {
  filelock::open_options options;
  options.range = {1, 1};
  native_lock lock{path, options};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_AUTO_TEST_SUITE_END()
