// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: FIFOs, symbolic links and paths of POSIX

// What a thrown error says: what went wrong, in words of this library where
// the system's would mislead, and the path.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(lock_error_words)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::open_options;

constexpr const char* symbolic_link =
    "filelock: open was refused: the path is a symbolic link (see "
    "open_options::follow_symlink), or has too many of them";
constexpr const char* other_mode =
    "filelock: this object holds the lock in the other mode; "
    "try_upgrade() and downgrade() convert it";
constexpr const char* not_regular =
    "filelock: open was refused: the file is not a regular file (a "
    "device needs open_options::device), or not a lock file of this Platform";
constexpr const char* folder_at_path =
    "filelock: open was refused: the path is a folder, which needs "
    "open_options::directory";
constexpr const char* not_a_folder = "filelock: open was refused: the path, or "
                                     "a part of it, is not a folder";
constexpr const char* given_up = "filelock: the policy gave up the wait";
constexpr const char* cannot_open = "filelock: open was refused";

struct gives_up {
  static constexpr bool observes_wait = true;
  std::optional<std::chrono::seconds>
  operator()(const filelock::wait_state&) const {
    return std::nullopt;
  }
};

struct lock_file {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
};

/// \returns How what `function` throws differs from an error of `words` that
/// names `path`.
template <class Function>
std::string wrong_words(const std::string& words, const fs::path& path,
                        Function function) {
  try {
    function();
    return "nothing is thrown";
  } catch (const fs::filesystem_error& error) {
    const std::string what = error.what();
    std::string failed;
    if (what.find(words + ": ") == what.npos) failed += "words; ";
    if (what.find("[" + path.string() + "]") == what.npos) failed += "path; ";
    if (what.find(error.code().message()) == what.npos)
      failed += "the system's words; ";
    if (error.path1() != path) failed += "path1; ";
    if (!error.path2().empty()) failed += "path2; ";
    return failed.empty() ? failed : failed + what;
  }
}

/// \returns The same of every form that throws.
template <class Lock>
std::string wrong_words_of(const std::string& words, Lock& lock) {
  const auto time = std::chrono::milliseconds(50);
  const auto wrong = [&](auto function) {
    return wrong_words(words, lock.path(), function);
  };
  return wrong([&] { lock.lock(); }) + wrong([&] { (void)lock.try_lock(); }) +
         wrong([&] { (void)lock.try_lock_for(time); }) +
         wrong([&] { lock.lock_shared(); }) +
         wrong([&] { (void)lock.try_lock_shared(); }) +
         wrong([&] { (void)lock.try_lock_shared_for(time); }) +
         wrong([&] { lock.open(); });
}

} // namespace

BOOST_FIXTURE_TEST_CASE(an_error_says_that_the_path_is_a_symbolic_link,
                        lock_file) {
  fs::create_symlink(folder / "target", path);
  file_lock lock{path};
  BOOST_TEST(wrong_words_of(symbolic_link, lock) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_there_are_too_many_symbolic_links,
                        lock_file) {
  fs::create_symlink(path, path);
  open_options options;
  options.follow_symlink = true;
  file_lock lock{path, options};
  BOOST_TEST(wrong_words_of(symbolic_link, lock) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_the_other_mode_is_held, lock_file) {
  file_lock lock{path};
  lock.lock();
  BOOST_TEST(wrong_words(other_mode, path, [&] { lock.lock_shared(); }) == "");
  BOOST_TEST(wrong_words(other_mode, path,
                         [&] { (void)lock.try_lock_shared(); }) == "");
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(wrong_words(other_mode, path, [&] { lock.lock(); }) == "");
  BOOST_TEST(wrong_words(other_mode, path, [&] { (void)lock.try_lock(); }) ==
             "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_the_file_is_not_regular, lock_file) {
  BOOST_TEST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  file_lock fifo{path};
  BOOST_TEST(wrong_words_of(not_regular, fifo) == "");
  file_lock device{"/dev/null"};
  BOOST_TEST(wrong_words_of(not_regular, device) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_whether_the_path_is_a_folder, lock_file) {
  file_lock on_folder{folder.path()};
  BOOST_TEST(wrong_words_of(folder_at_path, on_folder) == "");
  file_lock{path}.open();
  file_lock below_file{path / "b.lock"};
  BOOST_TEST(wrong_words_of(not_a_folder, below_file) == "");
  open_options options;
  options.directory = true;
  file_lock on_file{path, options};
  BOOST_TEST(wrong_words_of(not_a_folder, on_file) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_options_are_at_odds, lock_file) {
  open_options options;
  options.remove_on_release = true;
  options.directory = true;
  file_lock lock{folder.path(), options};
  BOOST_TEST(wrong_words_of("filelock: remove_on_release does not remove a "
                            "folder",
                            lock) == "");
  options.directory = false;
  options.range = {0, 1};
  file_lock part{path, options};
  BOOST_TEST(
      wrong_words_of("filelock: remove_on_release would remove the bytes "
                     "that others have locked",
                     part) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_which_platform_would_serve, lock_file) {
  open_options options;
  options.range = {0, 1};
  file_lock lock{path, options};
  BOOST_TEST(wrong_words_of("filelock: a byte range needs a Platform with byte "
                            "ranges, such as posix_ofd_traits",
                            lock) == "");
}

BOOST_AUTO_TEST_CASE(an_error_says_that_there_is_no_path) {
  constexpr const char* no_path = "filelock: the lock has no path";
  file_lock without_path;
  BOOST_TEST(wrong_words_of(no_path, without_path) == "");
  file_lock empty_path{fs::path()};
  BOOST_TEST(wrong_words_of(no_path, empty_path) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_a_path_ends_in_a_separator,
                        lock_file) {
  file_lock lock{path / ""};
  BOOST_TEST(
      wrong_words_of("filelock: the path ends in a separator, so it names "
                     "a folder, which needs open_options::directory",
                     lock) == "");
  BOOST_TEST(!fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_another_thread_holds_the_lock,
                        lock_file) {
  file_lock lock{path};
  lock.lock();
  std::thread([&] {
    BOOST_TEST(wrong_words("filelock: another thread, or an asynchronous "
                           "operation, holds the lock through this object; "
                           "use a file_mutex to share it",
                           path, [&] { lock.lock(); }) == "");
  }).join();
}

BOOST_FIXTURE_TEST_CASE(an_error_says_what_a_conversion_lacks, lock_file) {
  file_lock lock{path};
  BOOST_TEST(
      wrong_words("filelock: there is nothing to convert: the lock is not "
                  "held",
                  path, [&] { (void)lock.downgrade(); }) == "");
  lock.lock();
  lock.lock();
  BOOST_TEST(wrong_words("filelock: this object holds the lock more than once, "
                         "so the outer guards would lose their mode",
                         path, [&] { (void)lock.downgrade(); }) == "");
}

BOOST_FIXTURE_TEST_CASE(an_error_says_that_the_wait_was_given_up, lock_file) {
  file_lock holder{path};
  holder.lock();
  filelock::basic_file_lock lock{path, gives_up{}};
  BOOST_TEST(wrong_words(given_up, path, [&] { lock.lock(); }) == "");
  BOOST_TEST(wrong_words(given_up, path, [&] { lock.lock_shared(); }) == "");
}

BOOST_FIXTURE_TEST_CASE(any_other_error_is_in_the_systems_words, lock_file) {
  open_options options;
  options.create = false;
  file_lock missing{path, options};
  BOOST_TEST(wrong_words_of(cannot_open, missing) == "");
  file_lock too_long{folder.path() / std::string(300, 'n')};
  BOOST_TEST(wrong_words_of(cannot_open, too_long) == "");
}

BOOST_AUTO_TEST_CASE(a_refused_lock_says_what_may_serve) {
  using filelock::detail::failure;
  using filelock::detail::refused_call;
  const auto words = [](std::errc error) -> std::string {
    failure failed;
    failed.code() = std::make_error_code(error);
    failed.in(refused_call::lock);
    return failed.words();
  };
  BOOST_TEST(words(std::errc::resource_deadlock_would_occur) ==
             "filelock: lock was refused: the wait would never end");
  BOOST_TEST(words(std::errc::permission_denied) ==
             "filelock: lock was refused: the file may not be written, or a "
             "security module forbids the lock");
  BOOST_TEST(
      words(std::errc::not_supported) ==
      "filelock: lock was refused: the file system has no such locks, or "
      "another Platform is needed");
  BOOST_TEST(words(std::errc::no_lock_available) ==
             "filelock: lock was refused");
}

BOOST_AUTO_TEST_SUITE_END()
