// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// win_overlapped_traits beside win_locking_traits, in one process and in two.
// Under Wine its waits are polled; windows.overlapped_lock tests the others.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/win_locking_traits.hpp>
#include <filelock/platform/win_overlapped_traits.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_file.hpp"
#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(windows_overlapped)

namespace {

using namespace std::chrono_literals;
using filelock::byte_range;
using filelock::lock_mode;
using filelock::win_locking_traits;
using filelock::win_overlapped_traits;
using test::win_child;
using locking_lock = filelock::basic_file_lock<win_locking_traits>;
using overlapped_lock = filelock::basic_file_lock<win_overlapped_traits>;
namespace detail = filelock::detail;

static_assert(filelock::is_platform_v<win_overlapped_traits>);
static_assert(detail::has_lock_v<win_overlapped_traits> &&
              detail::has_lock_until_v<win_overlapped_traits> &&
              detail::has_convert_v<win_overlapped_traits> &&
              detail::has_convert_v<win_locking_traits>);
static_assert(std::is_same_v<filelock::queued_file_lock, overlapped_lock>,
              "it waits in the kernel's queue");

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
};

template <class P>
std::string broken_laws() {
  const test::temporary_folder folder;
  return filelock::broken_laws<P>(folder.path());
}

HANDLE open_overlapped(const std::filesystem::path& path) {
  return ::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                       FILE_FLAG_OVERLAPPED, nullptr);
}

/// Handles are numbered by fours, and a free number is used again.
std::intptr_t next_handle() {
  const HANDLE event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
  ::CloseHandle(event);
  return reinterpret_cast<std::intptr_t>(event);
}

} // namespace

BOOST_AUTO_TEST_CASE(both_platforms_keep_the_laws) {
  BOOST_TEST(broken_laws<win_locking_traits>() == "");
  BOOST_TEST(broken_laws<win_overlapped_traits>() == "");
}

BOOST_FIXTURE_TEST_CASE(each_platform_excludes_the_other, lock_file) {
  locking_lock locking(path);
  overlapped_lock overlapped(path);
  BOOST_TEST(locking.try_lock());
  BOOST_TEST(!overlapped.try_lock());
  BOOST_TEST(!overlapped.try_lock_shared_for(1ms));
  locking.unlock();
  overlapped.lock();
  BOOST_TEST(!locking.try_lock());
  BOOST_TEST(!locking.try_lock_shared());
  overlapped.unlock();
  BOOST_TEST(locking.try_lock_shared());
  BOOST_TEST(overlapped.try_lock_shared());
}

BOOST_FIXTURE_TEST_CASE(two_processes_exclude_each_other, lock_file) {
  overlapped_lock lock(path);
  win_child locking(path);
  win_child overlapped(path, win_child::kind::overlapped);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(locking.ask("try") == "busy");
  BOOST_TEST(overlapped.ask("try") == "busy");
  BOOST_TEST(overlapped.ask("try_shared") == "busy");
  BOOST_TEST(overlapped.ask("timed 1") == "busy");
  lock.unlock();
  BOOST_TEST(overlapped.ask("try") == "locked");
  BOOST_TEST(locking.ask("try_shared") == "busy");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(overlapped.ask("unlock") == "unlocked");
  BOOST_TEST(locking.ask("try") == "locked");
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_release_lets_the_waiting_process_in, lock_file) {
  overlapped_lock lock(path);
  win_child other(path, win_child::kind::overlapped);
  lock.lock();
  BOOST_TEST(other.ask("timed 1") == "busy");
  other.write_line("lock");
  lock.unlock();
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(the_death_of_the_owner_lets_a_waiter_in, lock_file) {
  overlapped_lock lock(path);
  win_child other(path, win_child::kind::overlapped);
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock_for(1ms));
  std::thread killer([&] {
    std::this_thread::sleep_for(20ms);
    other.kill_and_wait();
  });
  BOOST_TEST(lock.try_lock_for(30s));
  killer.join();
}

BOOST_FIXTURE_TEST_CASE(processes_exclude_each_other_at_a_far_byte, lock_file) {
  constexpr std::uint64_t offset = std::uint64_t{1} << 62;
  filelock::open_options options;
  options.range = byte_range{offset, 1};
  locking_lock lock(path, options);
  win_child locking(path, win_child::kind::locking, offset);
  win_child overlapped(path, win_child::kind::overlapped, offset);
  win_child of_first_byte(path);
  lock.lock();
  BOOST_TEST(locking.ask("try") == "busy");
  BOOST_TEST(overlapped.ask("try") == "busy");
  BOOST_TEST(of_first_byte.ask("try") == "locked");
  lock.unlock();
  BOOST_TEST(overlapped.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_wait_ends_at_a_cancel, lock_file) {
  overlapped_lock holder(path);
  holder.lock();
  std::error_code ec;
  void* const waiter = win_overlapped_traits::open(path, {}, ec);
  filelock::cancel_source source;
  filelock::canceller stop(source);
  std::thread cancelling([&] {
    std::this_thread::sleep_for(20ms);
    source.request();
  });
  BOOST_TEST(!win_overlapped_traits::lock_until(
      waiter, {}, (std::chrono::steady_clock::time_point::max)(), stop, ec));
  BOOST_TEST(!ec);
  cancelling.join();
  BOOST_TEST(!locking_lock(path).try_lock_shared());
  win_overlapped_traits::close(waiter);
}

BOOST_FIXTURE_TEST_CASE(a_wait_leaves_no_handle, lock_file) {
  overlapped_lock holder(path);
  overlapped_lock waiter(path);
  holder.lock();
  waiter.open();
  BOOST_TEST(!waiter.try_lock_for(1ms));
  const std::intptr_t before = next_handle();
  for (int i = 0; i != 100; ++i)
    BOOST_TEST(!waiter.try_lock_for(100us));
  BOOST_TEST(next_handle() < before + 4 * 50);
}

BOOST_FIXTURE_TEST_CASE(a_handle_that_cannot_wait_is_not_adopted, lock_file) {
  const HANDLE synchronous = test::open_native(path);
  std::error_code ec;
  BOOST_TEST(!win_overlapped_traits::adopt(synchronous, ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
  ec.clear();
  BOOST_TEST(win_locking_traits::adopt(synchronous, ec));
  test::close_native(synchronous);
  const HANDLE overlapped = open_overlapped(path);
  BOOST_TEST(win_overlapped_traits::adopt(overlapped, ec));
  test::close_native(overlapped);
  BOOST_TEST(!win_overlapped_traits::adopt(overlapped, ec));
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
}

// What a downgrade relies on: LockFileEx, "Remarks".
BOOST_FIXTURE_TEST_CASE(the_first_unlock_takes_the_exclusive_lock_off,
                        lock_file) {
  const HANDLE own = test::open_native(path);
  locking_lock other(path);
  std::error_code ec;
  const filelock::lock_request exclusive{lock_mode::exclusive, {}};
  const filelock::lock_request shared{lock_mode::shared, {}};
  BOOST_TEST(win_locking_traits::try_lock(own, exclusive, ec));
  BOOST_TEST(win_locking_traits::try_lock(own, shared, ec));
  BOOST_TEST(!other.try_lock_shared());
  win_locking_traits::unlock(own, exclusive, ec);
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(other.try_lock_shared());
  other.unlock();
  win_locking_traits::unlock(own, shared, ec);
  BOOST_TEST(!ec);
  BOOST_TEST(other.try_lock());
  test::close_native(own);
}

BOOST_AUTO_TEST_CASE(a_length_of_time_is_rounded_up_and_cut) {
  using detail::win_lock_system;
  BOOST_TEST(win_lock_system::milliseconds(0ns) == 0u);
  BOOST_TEST(win_lock_system::milliseconds(1ns) == 1u);
  BOOST_TEST(win_lock_system::milliseconds(1ms) == 1u);
  BOOST_TEST(win_lock_system::milliseconds(1ms + 1ns) == 2u);
  BOOST_TEST(win_lock_system::milliseconds(24h * 365) == 0xFFFFFFFEu);
  BOOST_TEST(win_lock_system::milliseconds(detail::unbounded - 1ns) ==
             0xFFFFFFFEu);
  BOOST_TEST(win_lock_system::milliseconds(detail::unbounded) == INFINITE);
}

BOOST_AUTO_TEST_SUITE_END()
