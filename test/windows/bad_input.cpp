// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Folders, devices, links, and paths that are long, missing or not ASCII.

#define BOOST_TEST_MODULE windows_bad_input
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"
#include "support/wine.hpp"

#include <windows.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;
namespace fs = std::filesystem;

struct lock_file {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
};

/// \returns What is wrong, if `path` is not refused with `expected`.
std::string not_refused(const fs::path& path, std::errc expected,
                        const filelock::open_options& options = {}) {
  file_lock lock(path, options);
  std::error_code ec;
  if (lock.try_lock(ec)) return "locked";
  if (ec != expected) return ec.message();
  return lock.is_open() ? "left open" : "";
}

bool excludes(const fs::path& path) {
  file_lock lock(path);
  file_lock other(path);
  return lock.try_lock() && !other.try_lock() && lock.is_open() &&
         fs::exists(path);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_folder_is_refused_at_once, lock_file) {
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory) == "");
  BOOST_TEST(not_refused(folder.path() / "", std::errc::is_a_directory) == "");
  BOOST_TEST(not_refused("C:/", std::errc::is_a_directory) == "");
  filelock::open_options options;
  options.create = false;
  BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory, options) ==
             "");
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 400ms));
}

BOOST_FIXTURE_TEST_CASE(the_lock_of_a_folder_is_not_supported, lock_file) {
  filelock::open_options options;
  options.directory = true;
  BOOST_TEST(not_refused(folder.path(), std::errc::not_supported, options) ==
             "");
  BOOST_TEST(not_refused(path, std::errc::not_supported, options) == "");
  BOOST_TEST(!fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_device_is_refused, lock_file) {
  BOOST_TEST(not_refused("NUL", std::errc::invalid_argument) == "");
  BOOST_TEST(not_refused(LR"(\\.\NUL)", std::errc::invalid_argument) == "");
}

BOOST_FIXTURE_TEST_CASE(a_missing_file_or_folder_is_an_error_if_asked,
                        lock_file) {
  filelock::open_options options;
  options.create = false;
  const std::errc missing = std::errc::no_such_file_or_directory;
  BOOST_TEST(not_refused(path, missing, options) == "");
  BOOST_TEST(!fs::exists(path));
  options.create = true;
  options.create_parents = false;
  BOOST_TEST(not_refused(folder / "missing/a.lock", missing, options) == "");
  BOOST_TEST(!fs::exists(folder / "missing"));
  BOOST_TEST(excludes(folder / "missing/below/a.lock"));
  BOOST_TEST(not_refused("Q:/missing/a.lock", missing) == "");
}

BOOST_FIXTURE_TEST_CASE(a_file_is_no_folder, lock_file) {
  std::ofstream(path) << "text";
  BOOST_TEST(not_refused(path / "a.lock", std::errc::not_a_directory) == "");
}

BOOST_FIXTURE_TEST_CASE(a_name_with_a_forbidden_character_is_refused,
                        lock_file) {
  for (const char* each : {"a<b", "a>b", "a|b", "a?b", "a*b"})
    BOOST_TEST(not_refused(folder / each, std::errc::invalid_argument) == "");
}

BOOST_FIXTURE_TEST_CASE(a_long_path_is_no_error, lock_file) {
  fs::path deep = folder.path();
  for (int i = 0; i != 5; ++i)
    deep /= std::string(100, static_cast<char>('a' + i));
  const fs::path file = deep / "x" / ".." / "a.lock";
  BOOST_TEST(file.native().size() > 500u); // MAX_PATH is 260
  file_lock lock(file);
  file_lock other(fs::path(deep / "a.lock").generic_wstring());
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!other.try_lock());
  lock.unlock();
  BOOST_TEST(other.try_lock());
  other.close();
  lock.close();
  // std::filesystem::remove_all of libstdc++ knows no such paths.
  const std::wstring prefix = LR"(\\?\)";
  BOOST_TEST(::DeleteFileW((prefix + (deep / "a.lock").native()).c_str()));
  for (; deep != folder.path(); deep = deep.parent_path())
    BOOST_TEST(::RemoveDirectoryW((prefix + deep.native()).c_str()));
}

BOOST_FIXTURE_TEST_CASE(a_name_need_not_be_ascii, lock_file) {
  // Cyrillic, Chinese, and a character beyond the first plane.
  const fs::path name(L"\u0437\u0430\u043c\u043e\u043a \u9501 \U0001F512");
  BOOST_TEST(excludes(folder.path() / name));
  file_lock lock(folder.path() / name);
  lock.lock();
  test::win_child other(folder.path() / name);
  BOOST_TEST(other.ask("try") == "busy");
}

BOOST_FIXTURE_TEST_CASE(bytes_are_neither_read_nor_written, lock_file) {
  std::ofstream(path) << "text";
  BOOST_TEST(excludes(path));
  std::string text;
  std::ifstream(path) >> text;
  BOOST_TEST(text == "text");
}

BOOST_FIXTURE_TEST_CASE(a_read_only_file_is_refused_at_once, lock_file) {
  std::ofstream(path) << "";
  ::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_READONLY);
  const HANDLE allowed = test::open_native(path);
  if (test::close_native(allowed) && allowed != INVALID_HANDLE_VALUE)
    return test::skipped("a read-only file", "this user may write it");
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(not_refused(path, std::errc::permission_denied) == "");
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 400ms));
  ::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_NORMAL);
}

BOOST_FIXTURE_TEST_CASE(a_stranger_who_shares_nothing_is_waited_for,
                        lock_file) {
  HANDLE stranger = ::CreateFileW(path.c_str(), GENERIC_READ, 0, nullptr,
                                  OPEN_ALWAYS, 0, nullptr);
  std::thread closing([&] {
    std::this_thread::sleep_for(50ms);
    ::CloseHandle(stranger);
  });
  file_lock lock(path);
  BOOST_TEST(lock.try_lock());
  closing.join();
}

BOOST_FIXTURE_TEST_CASE(that_grace_has_a_bound, lock_file) {
  HANDLE stranger = ::CreateFileW(path.c_str(), GENERIC_READ, 0, nullptr,
                                  OPEN_ALWAYS, 0, nullptr);
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(not_refused(path, std::errc::permission_denied) == "");
  const auto took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST((took > 400ms && took < 10s));
  ::CloseHandle(stranger);
}

BOOST_FIXTURE_TEST_CASE(a_reparse_point_is_refused_unless_followed, lock_file) {
  fs::create_directory(folder / "target");
  if (test::is_wine()) {
    test::run_below_wine(LR"(Z:\bin\ln -s )" +
                             test::path_below_wine(folder / "target") + L" " +
                             test::path_below_wine(folder.path()) + L"/link",
                         [&] { return fs::exists(folder / "link"); });
    test::skipped("a link to a file", "Wine shows what it points to");
  } else if (!::CreateSymbolicLinkW((folder / "link").c_str(),
                                    (folder / "target").c_str(),
                                    SYMBOLIC_LINK_FLAG_DIRECTORY)) {
    return test::skipped("a reparse point", "no privilege to create one");
  }
  BOOST_TEST(not_refused(folder / "link",
                         std::errc::too_many_symbolic_link_levels) == "");
  filelock::open_options options;
  options.follow_symlink = true;
  BOOST_TEST(not_refused(folder / "link", std::errc::is_a_directory, options) ==
             "");
  BOOST_TEST(excludes(folder / "link/a.lock")); // above the file it is followed
  // Under Wine std::filesystem::remove_all never ends at such a link.
  if (test::is_wine()) test::delete_file(folder / "link");
}
