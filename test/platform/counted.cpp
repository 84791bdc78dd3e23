// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// counted<P>: every exclusive owner has a greater number than the one before.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/native_law_tools.hpp"
#include "support/simulated_law_tools.hpp"
#include "support/temporary_folder.hpp"
#include "support/written_lock_file.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

BOOST_AUTO_TEST_SUITE(platform_counted)

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using filelock::counted;
using filelock::token_survives;
using native = counted<filelock::native_traits>;
using queued_native = counted<filelock::queued_file_lock::platform_type>;
using fast_native =
    counted<filelock::native_traits, token_survives::process_death>;
using native_lock = filelock::basic_file_lock<native>;
using queued_lock = filelock::basic_file_lock<queued_native>;
using fast_lock = filelock::basic_file_lock<fast_native>;

static_assert(filelock::is_platform_v<native>);
static_assert(filelock::is_platform_v<queued_native>);
static_assert(filelock::is_platform_v<fast_native>);
static_assert(filelock::is_platform_v<counted<filelock::simulated_traits>>);
static_assert(filelock::is_platform_v<filelock::faulty<native>>);
static_assert(filelock::is_platform_v<filelock::polled<native>>);
static_assert(filelock::is_platform_v<
              counted<filelock::polled<filelock::native_traits>>>);

// As doc/concepts/numbers.md describes it, with numbers that another program
// computed.
const std::string slot_1 =
    "filelock token 1 00000000000000000001 6dde0043be753f3f\n";
const std::string slot_2 =
    "filelock token 1 00000000000000000002 6dd40e43be6d0284\n";
const std::string slot_3 =
    "filelock token 1 00000000000000000003 6dd73443be6f78ed\n";
const std::string slot_greatest =
    "filelock token 1 18446744073709551615 8844b2f7e454db51\n";

std::string file_of(const std::string& odd, const std::string& even) {
  std::string result = odd;
  result.resize(4096);
  return result + even;
}

struct lock_file : test::written_lock_file {
  /// \returns The number of the next exclusive owner; 0 after an error.
  std::uint64_t next(std::error_code& ec) const {
    fast_lock lock{path};
    return lock.try_lock(ec) ? lock.token() : 0;
  }
  std::uint64_t next() const {
    std::error_code ec;
    return next(ec);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(counted_platforms_keep_the_laws) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<native>(folder.path()) == "");
  const test::temporary_folder second;
  using queued_fast = counted<filelock::queued_file_lock::platform_type,
                              token_survives::process_death>;
  BOOST_TEST(filelock::broken_laws<queued_fast>(second.path()) == "");
  const filelock::simulation world;
  using simulated = counted<filelock::simulated_traits>;
  using atomic = counted<filelock::atomic_simulated_traits>;
  using in_order = counted<filelock::fifo<filelock::simulated_traits>>;
  BOOST_TEST(filelock::broken_laws<simulated>("/laws") == "");
  BOOST_TEST(filelock::broken_laws<atomic>("/laws") == "");
  BOOST_TEST(filelock::broken_laws<in_order>("/laws") == "");
}

BOOST_FIXTURE_TEST_CASE(exclusive_owners_have_the_numbers_from_1_on,
                        lock_file) {
  native_lock lock{path};
  BOOST_TEST(lock.token() == 0u); // it is not held
  for (std::uint64_t i = 1; i != 4; ++i) {
    lock.lock();
    BOOST_TEST(lock.token() == i);
    lock.unlock();
    BOOST_TEST(lock.token() == 0u);
  }
  native_lock other{path};
  other.lock();
  BOOST_TEST(other.token() == 4u);
}

BOOST_FIXTURE_TEST_CASE(each_form_of_acquire_has_a_number, lock_file) {
  std::uint64_t last = 0;
  const auto is_next = [&](auto acquire) {
    queued_lock lock{path};
    acquire(lock);
    return lock.token() == ++last;
  };
  BOOST_TEST(is_next([](auto& lock) { BOOST_TEST(lock.try_lock()); }));
  BOOST_TEST(is_next([](auto& lock) { BOOST_TEST(lock.try_lock_for(1h)); }));
  BOOST_TEST(is_next([](auto& lock) { lock.lock(); }));
  BOOST_TEST(is_next([](auto& lock) {
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST(!ec);
  }));
  BOOST_TEST(is_next([](auto& lock) {
    lock.lock_shared();
    BOOST_TEST(
        (lock.try_upgrade() != filelock::conversion::refused_still_shared));
  }));
}

BOOST_FIXTURE_TEST_CASE(a_nested_acquire_keeps_the_number, lock_file) {
  native_lock lock{path};
  lock.lock();
  lock.lock();
  BOOST_TEST(lock.token() == 1u);
  lock.unlock();
  BOOST_TEST(lock.token() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_moved_lock_keeps_the_number, lock_file) {
  native_lock lock{path};
  lock.lock();
  native_lock moved = std::move(lock);
  BOOST_TEST(moved.token() == 1u);
  BOOST_TEST(lock.token() == 0u); // NOLINT(bugprone-use-after-move)
}

BOOST_FIXTURE_TEST_CASE(a_shared_owner_has_the_number_of_the_last_exclusive_one,
                        lock_file) {
  native_lock reader{path};
  reader.lock_shared();
  BOOST_TEST(reader.token() == 0u); // there was none
  reader.unlock();
  native_lock writer{path};
  writer.lock();
  writer.unlock();
  reader.lock_shared();
  writer.lock_shared();
  BOOST_TEST(reader.token() == 1u);
  BOOST_TEST(writer.token() == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_upgrade_has_the_next_number, lock_file) {
  native_lock lock{path};
  lock.lock();
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(lock.token() == 1u);
  BOOST_TEST(
      (lock.try_upgrade() != filelock::conversion::refused_still_shared));
  BOOST_TEST(lock.token() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_downgrade_keeps_the_number, lock_file) {
  native_lock lock{path};
  lock.lock();
  BOOST_TEST((lock.downgrade() != filelock::conversion::refused_still_shared));
  BOOST_TEST(lock.token() == 1u);
  BOOST_TEST(lock.owns_lock_shared());
}

BOOST_AUTO_TEST_CASE(an_atomic_downgrade_keeps_the_number) {
  const filelock::simulation world;
  using atomic = counted<filelock::atomic_simulated_traits>;
  filelock::basic_file_lock<atomic> lock{"/a.lock"};
  lock.lock();
  BOOST_TEST((lock.downgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(lock.token() == 1u);
  BOOST_TEST((lock.try_upgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(lock.token() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_file_is_as_the_manual_says, lock_file) {
  BOOST_TEST(next() == 1u);
  BOOST_TEST(content() == slot_1);
  BOOST_TEST(next() == 2u);
  BOOST_TEST((content() == file_of(slot_1, slot_2)));
  BOOST_TEST(next() == 3u);
  BOOST_TEST((content() == file_of(slot_3, slot_2)));
}

BOOST_FIXTURE_TEST_CASE(a_file_with_other_content_is_refused_and_kept,
                        lock_file) {
  std::string wrong_place = file_of(slot_2, slot_1);
  std::string damaged_twice = file_of(slot_3, slot_2);
  damaged_twice[20] = damaged_twice[4096 + 20] = '7';
  for (const std::string& other :
       {std::string("x"), std::string("1234\n"), "x" + slot_1,
        std::string("filelock token 2 00000000000000000001\n"),
        std::string(5000, '\0'), wrong_place, damaged_twice}) {
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
    BOOST_TEST((content() == other));
    filelock::file_lock free{path}; // nothing is held
    BOOST_TEST(free.try_lock());
  }
}

BOOST_FIXTURE_TEST_CASE(a_refusal_names_the_path, lock_file) {
  write("x");
  native_lock lock{path};
  try {
    lock.lock();
    BOOST_ERROR("it was not refused");
  } catch (const fs::filesystem_error& error) {
    BOOST_TEST(error.path1() == path);
  }
}

BOOST_FIXTURE_TEST_CASE(a_write_that_was_cut_off_repeats_no_number, lock_file) {
  // The file as it was, and what was being written.
  std::string before;
  for (std::uint64_t told = 0; told != 10; ++told) {
    write(before);
    BOOST_REQUIRE(next() == told + 1);
    const std::string after = content();
    const std::size_t begin = told % 2 == 0 ? 0 : 4096;
    const bool is_tried = told < 3 || told > 8; // one digit more, or none
    for (std::size_t cut = 0; is_tried && cut <= 55; ++cut) {
      std::string torn = before;
      if (cut != 0 && torn.size() < begin + cut) torn.resize(begin + cut);
      if (cut != 0) torn.replace(begin, cut, after.substr(begin, cut));
      write(torn);
      const std::uint64_t first = next();
      BOOST_TEST(first > told);
      BOOST_TEST(next() == first + 1);
    }
    before = after;
  }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_byte_repeats_no_number, lock_file) {
  for (std::size_t at = 0; at != 55; ++at)
    for (const std::size_t begin : {std::size_t(0), std::size_t(4096)})
      for (const char damage : {'\0', '9', 'x'}) {
        std::string content = file_of(slot_3, slot_2);
        if (content[begin + at] == damage) continue;
        content[begin + at] = damage;
        write(content);
        BOOST_TEST(next() > 3u);
      }
}

BOOST_FIXTURE_TEST_CASE(zeros_that_a_loss_of_power_left_are_an_empty_file,
                        lock_file) {
  write(std::string(55, '\0'));
  BOOST_TEST(next() == 2u); // perhaps they stood for 1
  write(slot_1.substr(0, 9) + std::string(46, '\0'));
  BOOST_TEST(next() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_greatest_number_is_not_passed, lock_file) {
  write(file_of(slot_greatest, ""));
  std::error_code ec;
  BOOST_TEST(next(ec) == 0u);
  BOOST_TEST((ec == std::errc::value_too_large));
  BOOST_TEST((content() == file_of(slot_greatest, "")));
  native_lock reader{path};
  reader.lock_shared();
  BOOST_TEST(reader.token() == (std::numeric_limits<std::uint64_t>::max)());
}

BOOST_FIXTURE_TEST_CASE(what_numbers_do_not_fit_is_refused, lock_file) {
  const auto refusal = [&](auto set) {
    filelock::open_options options;
    set(options);
    native_lock lock{path, options};
    std::error_code ec;
    BOOST_TEST(!lock.try_lock(ec));
    return ec;
  };
  using options = filelock::open_options;
  BOOST_TEST((refusal([](options& o) {
                o.range = {1, 1};
              }) == std::errc::not_supported));
  BOOST_TEST((refusal([](options& o) { o.remove_on_release = true; }) ==
              std::errc::not_supported));
  BOOST_TEST((refusal([](options& o) { o.device = true; }) ==
              std::errc::not_supported));
  BOOST_TEST((refusal([](options& o) { o.directory = true; }) ==
              std::errc::not_supported));
}

BOOST_FIXTURE_TEST_CASE(a_mutex_counts_too, lock_file) {
  filelock::basic_file_mutex<fast_native> mutex{path};
  for (int i = 0; i != 2; ++i)
    const std::lock_guard guard(mutex);
  BOOST_TEST(next() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
