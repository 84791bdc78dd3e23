// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// Handles: adopted, inherited, lost; byte ranges; the facts of the platform.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <windows.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <system_error>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(windows_handles)

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;
using filelock::win_locking_traits;
namespace detail = filelock::detail;

static_assert(std::is_same_v<filelock::native_traits, win_locking_traits>);
static_assert(filelock::is_platform_v<win_locking_traits>);
static_assert(!detail::has_lock_v<win_locking_traits> &&
                  !detail::has_lock_until_v<win_locking_traits>,
              "polled with the policy");

bool is_inheritable(HANDLE handle) {
  DWORD flags = 0;
  return ::GetHandleInformation(handle, &flags) && flags & HANDLE_FLAG_INHERIT;
}

HANDLE open_overlapped(const std::filesystem::path& path) {
  return ::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                       FILE_FLAG_OVERLAPPED, nullptr);
}

filelock::open_options with_range(std::uint64_t offset, std::uint64_t length) {
  filelock::open_options options;
  options.range = {offset, length};
  return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_handle_is_inherited_only_if_asked) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.open();
  BOOST_TEST(!is_inheritable(lock.native_handle()));
  filelock::open_options options;
  options.inheritable = true;
  file_lock inheritable(folder / "file", options);
  inheritable.open();
  BOOST_TEST(is_inheritable(inheritable.native_handle()));
}

BOOST_AUTO_TEST_CASE(others_may_read_write_and_delete_the_file) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.lock();
  const DWORD share_all =
      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  for (const DWORD access :
       {DWORD{GENERIC_READ}, DWORD{GENERIC_WRITE}, DWORD{DELETE}}) {
    const HANDLE other =
        ::CreateFileW((folder / "file").c_str(), access, share_all, nullptr,
                      OPEN_EXISTING, 0, nullptr);
    BOOST_TEST(other != INVALID_HANDLE_VALUE, "access " << access);
    ::CloseHandle(other);
  }
}

BOOST_AUTO_TEST_CASE(an_adopted_overlapped_handle_excludes) {
  const test::temporary_folder folder;
  file_lock adopted(filelock::adopt_handle, open_overlapped(folder / "file"),
                    filelock::lock_mode::unlocked);
  file_lock other(folder / "file");
  BOOST_TEST(adopted.try_lock());
  BOOST_TEST(!other.try_lock());
  adopted.unlock();
  BOOST_TEST(other.try_lock());
  std::error_code ec;
  BOOST_TEST(!adopted.try_lock(ec)); // busy, and never "pending"
  BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(a_handle_closed_by_a_stranger_is_forgotten) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.lock();
  BOOST_TEST_REQUIRE(::CloseHandle(lock.native_handle()));
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(lock.try_lock()); // with a handle of its own
}

BOOST_AUTO_TEST_CASE(the_same_object_locks_twice_at_once) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  lock.lock();
  lock.lock(); // where the seed waits for itself
  BOOST_TEST(lock.try_lock());
  file_lock other(folder / "file");
  lock.unlock();
  lock.unlock();
  BOOST_TEST(!other.try_lock()); // one of three holds is left
  lock.unlock();
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(ranges_exclude_where_they_meet) {
  const test::temporary_folder folder;
  file_lock whole(folder / "file"); // byte 0
  file_lock first(folder / "file", with_range(0, 10));
  file_lock rest(folder / "file", with_range(10, 0));
  file_lock last(folder / "file", with_range(~std::uint64_t{0}, 1));
  BOOST_TEST(whole.try_lock());
  BOOST_TEST(!first.try_lock());
  BOOST_TEST(rest.try_lock());
  BOOST_TEST(!last.try_lock());
  rest.unlock();
  BOOST_TEST(last.try_lock());
  BOOST_TEST(!rest.try_lock());
}

BOOST_AUTO_TEST_CASE(a_far_byte_leaves_the_first_one_to_others) {
  const test::temporary_folder folder;
  for (const std::uint64_t offset :
       {std::uint64_t{1} << 32, std::uint64_t{1} << 62,
        ~std::uint64_t{0} >> 1}) {
    file_lock distant(folder / "file", with_range(offset, 1));
    file_lock like_it(folder / "file", with_range(offset, 1));
    file_lock before_it(folder / "file", with_range(offset - 1, 1));
    file_lock first(folder / "file");
    BOOST_TEST(distant.try_lock());
    BOOST_TEST(!like_it.try_lock());
    BOOST_TEST(!like_it.try_lock_shared());
    BOOST_TEST(before_it.try_lock());
    BOOST_TEST(first.try_lock());
    distant.unlock();
    BOOST_TEST(like_it.try_lock());
    BOOST_TEST(!file_lock(folder / "file").try_lock());
    BOOST_TEST(std::filesystem::file_size(folder / "file") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_range_beyond_all_offsets_is_an_error) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file", with_range(2, ~std::uint64_t{0}));
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
}

// As codes of the standard, because not every library's system_category knows
// the numbers of Windows.
BOOST_AUTO_TEST_CASE(errors_have_the_names_of_the_standard) {
  const std::map<std::errc, std::vector<DWORD>> expected{
      {std::errc::not_supported,
       {ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED,
        ERROR_CALL_NOT_IMPLEMENTED}},
      {std::errc::no_such_file_or_directory,
       {ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND}},
      {std::errc::file_exists, {ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS}},
      {std::errc::permission_denied,
       {ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_DELETE_PENDING}},
      {std::errc::too_many_files_open, {ERROR_TOO_MANY_OPEN_FILES}},
      {std::errc::not_enough_memory,
       {ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY}},
      {std::errc::no_space_on_device,
       {ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL}},
      {std::errc::bad_file_descriptor, {ERROR_INVALID_HANDLE}},
      {std::errc::invalid_argument,
       {ERROR_INVALID_NAME, ERROR_BAD_PATHNAME,
        detail::error_invalid_lock_range}},
      {std::errc::not_a_directory, {ERROR_DIRECTORY}},
      {std::errc::filename_too_long, {ERROR_FILENAME_EXCED_RANGE}},
      {std::errc::read_only_file_system, {ERROR_WRITE_PROTECT}},
      {std::errc::too_many_symbolic_link_levels,
       {ERROR_CANT_RESOLVE_FILENAME}}};
  for (const auto& [name, errors] : expected)
    for (const DWORD error : errors) {
      BOOST_TEST((detail::win_error(error) == std::make_error_code(name)),
                 "error " << error);
      // The drop-in for Boost's class needs the number as well.
      const std::error_code native = detail::win_native_error(error);
      BOOST_TEST((native == name), "native error " << error);
      BOOST_TEST(static_cast<DWORD>(native.value()) == error);
    }
  BOOST_TEST(detail::win_error(ERROR_NOT_LOCKED).value() == ERROR_NOT_LOCKED);
}

BOOST_AUTO_TEST_CASE(no_number_of_windows_is_taken_for_an_errno) {
  const std::map<DWORD, std::errc> looks_like{
      {ERROR_NOT_READY, std::errc::is_a_directory},                  // 21
      {ERROR_BAD_FORMAT, std::errc::resource_unavailable_try_again}, // 11
      {ERROR_INVALID_BLOCK, std::errc::bad_file_descriptor},         // 9
      {ERROR_INVALID_DATA, std::errc::permission_denied},            // 13
      {ERROR_NOT_SAME_DEVICE, std::errc::file_exists}};              // 17
  for (const auto& [error, name] : looks_like)
    for (const std::error_code ec :
         {detail::win_error(error), detail::win_native_error(error)}) {
      BOOST_TEST((ec != name), "error " << error);
      BOOST_TEST(!ec.message().empty());
    }
}

// Of these only the first can be made to happen under Wine.
BOOST_AUTO_TEST_CASE(a_passing_error_is_waited_for) {
  BOOST_TEST(detail::may_pass(ERROR_SHARING_VIOLATION));
  BOOST_TEST(detail::may_pass(ERROR_ACCESS_DENIED)); // a pending deletion too
  BOOST_TEST(detail::may_pass(ERROR_DELETE_PENDING));
  BOOST_TEST(!detail::may_pass(ERROR_PATH_NOT_FOUND));
  BOOST_TEST(!detail::may_pass(ERROR_TOO_MANY_OPEN_FILES));
}

BOOST_AUTO_TEST_SUITE_END()
