// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// How a file is removed that is open: what is asked of the system, and what a
// process leaves that is killed in the middle.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/windows/file_removal.hpp>
#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <windows.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(windows_removal)

namespace {

namespace detail = filelock::detail;

/// A system that writes down what it is asked for.
struct fake_system {
  inline static std::string log;
  inline static bool unlinks = false;
  inline static bool adds_files = true;
  inline static bool renames = true;
  inline static DWORD error = ERROR_INVALID_PARAMETER;

  static void* reopen(void* file, DWORD flags) noexcept {
    log += flags == 0 ? "reopen " : "reopen_to_delete ";
    return file;
  }
  static void close(void*) noexcept { log += "close "; }
  static bool unlink_on_close(void*) noexcept { return unlinks; }
  static bool may_add_file(const std::wstring&) noexcept {
    if (!adds_files) error = ERROR_ACCESS_DENIED;
    return adds_files;
  }
  static bool rename(void*, const std::wstring& name) {
    log += "rename_to_" + std::string(name.begin(), name.end()) + ' ';
    if (!renames) error = ERROR_ACCESS_DENIED;
    return renames;
  }
  static DWORD last_error() noexcept { return error; }
};

struct asked_for_removal {
  asked_for_removal() {
    fake_system::log.clear();
    fake_system::unlinks = false;
    fake_system::adds_files = true;
    fake_system::renames = true;
    fake_system::error = ERROR_INVALID_PARAMETER;
  }

  std::string log() {
    int file = 0;
    detail::remove_opened_file<fake_system>(&file, L"folder", L"other", ec);
    return fake_system::log;
  }

  std::error_code ec;
};

/// What stands in the folder, by names.
std::string content(const std::filesystem::path& folder) {
  std::string names;
  for (const auto& each : std::filesystem::directory_iterator(folder))
    names += each.path().filename().string() + ' ';
  return names;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_system_that_frees_the_name_is_asked_no_more,
                        asked_for_removal) {
  fake_system::unlinks = true;
  BOOST_TEST(log() == "reopen close ");
  BOOST_TEST(!ec);
}

BOOST_FIXTURE_TEST_CASE(elsewhere_the_file_is_doomed_before_it_is_renamed,
                        asked_for_removal) {
  for (const long error : {ERROR_INVALID_PARAMETER, ERROR_INVALID_FUNCTION,
                           ERROR_NOT_SUPPORTED, ERROR_CALL_NOT_IMPLEMENTED}) {
    fake_system::log.clear();
    fake_system::error = static_cast<DWORD>(error);
    BOOST_TEST(log() == "reopen close reopen_to_delete rename_to_other close ");
    BOOST_TEST(!ec);
  }
}

BOOST_FIXTURE_TEST_CASE(a_refusal_is_an_error_and_nothing_is_tried_after_it,
                        asked_for_removal) {
  fake_system::error = ERROR_ACCESS_DENIED;
  BOOST_TEST(log() == "reopen close ");
  BOOST_TEST((ec == std::errc::permission_denied));
}

BOOST_FIXTURE_TEST_CASE(no_file_is_doomed_that_cannot_be_renamed,
                        asked_for_removal) {
  fake_system::adds_files = false;
  BOOST_TEST(log() == "reopen close ");
  BOOST_TEST((ec == std::errc::permission_denied));
}

BOOST_FIXTURE_TEST_CASE(a_rename_that_fails_is_an_error, asked_for_removal) {
  fake_system::renames = false;
  BOOST_TEST(log() == "reopen close reopen_to_delete rename_to_other close ");
  BOOST_TEST((ec == std::errc::permission_denied));
}

BOOST_AUTO_TEST_CASE(a_process_killed_in_the_middle_leaves_no_renamed_file) {
  int freed = 0;
  std::string answer;
  for (int calls = 1; answer != "removed"; ++calls) {
    const test::temporary_folder folder;
    test::win_child child(folder / "file");
    BOOST_TEST_REQUIRE(child.ask("lock") == "locked");
    answer = child.ask("remove " + std::to_string(calls));
    BOOST_TEST_REQUIRE((answer == "stopped" || answer == "removed"), answer);
    child.kill_and_wait();
    const std::string left = content(folder.path());
    BOOST_TEST((left.empty() || left == "file "),
               left << "after " << calls << " calls");
    freed += left.empty();
    // Nor does it leave a lock.
    filelock::file_lock lock(folder / "file");
    BOOST_TEST(lock.try_lock());
  }
  // After the call that dooms the file, and where none stopped the removal.
  BOOST_TEST(freed >= 2);
}

BOOST_AUTO_TEST_CASE(a_removed_path_is_free_while_others_have_the_file_open) {
  const test::temporary_folder folder;
  filelock::open_options options;
  options.remove_on_release = true;
  filelock::file_lock lock(folder / "file", options);
  filelock::file_lock other(folder / "file");
  other.open();
  lock.lock();
  lock.unlock();
  const HANDLE created = ::CreateFileW((folder / "file").c_str(), GENERIC_READ,
                                       0, nullptr, CREATE_NEW, 0, nullptr);
  BOOST_TEST(created != INVALID_HANDLE_VALUE);
  ::CloseHandle(created);
}

BOOST_AUTO_TEST_SUITE_END()
