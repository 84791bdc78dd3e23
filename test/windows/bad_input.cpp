// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// Folders, devices, links, and paths that are long, missing or not ASCII.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/windows/path.hpp>
#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"
#include "support/wine.hpp"

#include <windows.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(windows_bad_input)

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

bool may_be_written(const fs::path& path) {
  const HANDLE handle = test::open_native(path);
  return handle != INVALID_HANDLE_VALUE && test::close_native(handle);
}

/// \returns Whether chattr(1) has changed the file so that it may be written
/// or not.
bool change_below_wine(const std::wstring& change, const fs::path& path,
                       bool is_writable) {
  const auto begin = std::chrono::steady_clock::now();
  const auto is_changed = [&] { return may_be_written(path) == is_writable; };
  try {
    test::run_below_wine(
        LR"(Z:\usr\bin\chattr )" + change + L" " + test::path_below_wine(path),
        [&] {
          return is_changed() || std::chrono::steady_clock::now() - begin > 10s;
        });
  } catch (const std::runtime_error&) {
    return false; // there is no such program
  }
  return is_changed();
}

/// \returns Whether it takes less than the grace for strangers, in one of
/// several tries: a busy machine may stop anybody for a while.
template <class Function>
bool is_done_at_once(Function function) {
  for (int tries = 10; tries != 0; --tries) {
    const auto begin = std::chrono::steady_clock::now();
    function();
    if (std::chrono::steady_clock::now() - begin < 400ms) return true;
  }
  return false;
}

void check_that_it_is_locked_at_once(const fs::path& path) {
  std::error_code ec;
  BOOST_TEST(is_done_at_once([&] {
    file_lock lock(path);
    BOOST_TEST(lock.try_lock(ec));
    BOOST_TEST(!ec, ec.message());
  }));
  file_lock lock(path);
  file_lock other(path);
  BOOST_TEST(lock.try_lock(ec));
  BOOST_TEST(!ec, ec.message());
  BOOST_TEST(!other.try_lock_shared(ec));
  BOOST_TEST(!ec, ec.message());
  lock.unlock(ec);
  BOOST_TEST(lock.try_lock_shared(ec));
  BOOST_TEST(other.try_lock_shared(ec));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_folder_is_refused_at_once, lock_file) {
  filelock::open_options options;
  options.create = false;
  BOOST_TEST(is_done_at_once([&] {
    BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory) == "");
    BOOST_TEST(not_refused(folder.path() / "", std::errc::is_a_directory) ==
               "");
    BOOST_TEST(not_refused("C:/", std::errc::is_a_directory) == "");
    BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory, options) ==
               "");
  }));
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

// Wine has no MAX_PATH, so a long path passes there as it is.
BOOST_AUTO_TEST_CASE(a_long_path_is_given_its_prefix) {
  const auto made_of = [](const std::wstring& path) {
    std::error_code ec;
    const std::wstring result = filelock::detail::win_long_path(path, ec);
    BOOST_TEST(!ec, ec.message());
    return result;
  };
  const auto is_kept = [&](const std::wstring& path) {
    return made_of(path) == path;
  };
  const auto of_size = [](std::wstring start, std::size_t size) {
    return start + std::wstring(size - start.size(), L'x');
  };
  const std::wstring prefix = LR"(\\?\)";
  const std::wstring name(200, L'n');
  BOOST_TEST(is_kept(of_size(LR"(C:\)", 247)));
  BOOST_TEST(
      (made_of(of_size(LR"(C:\)", 248)) == prefix + of_size(LR"(C:\)", 248)));
  BOOST_TEST(is_kept(of_size(LR"(\\server\share\)", 247)));
  BOOST_TEST((made_of(of_size(LR"(\\server\share\)", 248)) ==
              LR"(\\?\UNC\)" + of_size(LR"(server\share\)", 246)));
  BOOST_TEST(is_kept(of_size(prefix + LR"(C:\)", 300)));
  BOOST_TEST(is_kept(of_size(LR"(\\.\pipe\)", 300)));
  BOOST_TEST((made_of(L"C:/" + name + L"/./a/../" + name) ==
              prefix + LR"(C:\)" + name + LR"(\)" + name));
  BOOST_TEST(is_kept(L"C:/a/../b.lock"));
  BOOST_TEST(is_kept(L"b.lock"));
  // What counts is the length with the working directory.
  const std::wstring relative = of_size(L"", 247);
  BOOST_TEST(
      (made_of(relative) == prefix + (fs::current_path() / relative).native()));
}

// 255 characters are the most that a name may have.
BOOST_FIXTURE_TEST_CASE(a_file_with_a_long_name_is_removed, lock_file) {
  filelock::open_options options;
  options.remove_on_release = true;
  file_lock lock(folder.path() / std::wstring(250, L'n'), options);
  lock.lock();
  lock.unlock();
  lock.close();
  BOOST_TEST(fs::is_empty(folder.path()));
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

BOOST_FIXTURE_TEST_CASE(a_read_only_file_is_locked_at_once, lock_file) {
  std::ofstream(path) << "text";
  BOOST_TEST(::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_READONLY));
  if (may_be_written(path))
    test::skipped("the attribute of a read-only file",
                  "this user may write it, as root may under Wine");
  check_that_it_is_locked_at_once(path);
  BOOST_TEST(::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_NORMAL));
}

// Under Wine root is refused too.
BOOST_FIXTURE_TEST_CASE(an_immutable_file_is_locked_at_once, lock_file) {
  std::ofstream(path) << "text";
  if (!test::is_wine())
    return test::skipped("an immutable file", "Windows has none");
  if (!change_below_wine(L"+i", path, false))
    return test::skipped("an immutable file", "chattr(1) has no effect");
  check_that_it_is_locked_at_once(path);
  BOOST_TEST(change_below_wine(L"-i", path, true));
}

BOOST_FIXTURE_TEST_CASE(a_read_only_file_is_not_removed, lock_file) {
  std::ofstream(path) << "text";
  BOOST_TEST(::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_READONLY));
  filelock::open_options options;
  options.remove_on_release = true;
  file_lock lock(path, options);
  lock.lock();
  lock.unlock();
  BOOST_TEST(fs::exists(path)); // nor renamed
  BOOST_TEST(file_lock(path).try_lock());
  BOOST_TEST(::SetFileAttributesW(path.c_str(), FILE_ATTRIBUTE_NORMAL));
}

BOOST_FIXTURE_TEST_CASE(a_stranger_who_shares_nothing_is_waited_for,
                        lock_file) {
  // Again where a busy machine stops the stranger for longer than the grace.
  bool is_held = false;
  for (int tries = 10; tries != 0 && !is_held; --tries) {
    HANDLE stranger = ::CreateFileW(path.c_str(), GENERIC_READ, 0, nullptr,
                                    OPEN_ALWAYS, 0, nullptr);
    std::thread closing([&] {
      std::this_thread::sleep_for(50ms);
      ::CloseHandle(stranger);
    });
    std::error_code ec;
    is_held = file_lock(path).try_lock(ec);
    closing.join();
  }
  BOOST_TEST(is_held);
}

BOOST_FIXTURE_TEST_CASE(the_wait_for_a_stranger_has_a_bound, lock_file) {
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

BOOST_AUTO_TEST_SUITE_END()
