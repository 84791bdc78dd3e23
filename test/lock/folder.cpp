// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: flock(2) of a folder

// open_options::directory: the lock of a folder.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(lock_folder)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::open_options;

open_options of_folder() {
  open_options options;
  options.directory = true;
  return options;
}

/// \returns How `path` fails to be refused with `expected`.
std::string not_refused(const fs::path& path, std::errc expected,
                        const open_options& options = of_folder()) {
  const int before = test::count_descriptors();
  file_lock lock{path, options};
  try {
    lock.lock();
    return "locked";
  } catch (const fs::filesystem_error& error) {
    if (error.code() != expected) return error.code().message();
    if (error.path1() != path) return "path1";
  }
  if (lock.is_open()) return "is open";
  return test::count_descriptors() == before ? "" : "leaks";
}

struct lock_folder {
  lock_folder() { fs::create_directory(path); }

  test::temporary_folder folder;
  fs::path path = folder / "locked";
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_folder_is_locked_exclusively_and_shared,
                        lock_folder) {
  file_lock lock{path, of_folder()};
  file_lock other{path / "", of_folder()};
  lock.lock();
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(!other.try_lock_shared());
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(other.try_lock_shared());
  BOOST_TEST(fs::is_empty(path));
  BOOST_TEST((::fcntl(lock.native_handle(), F_GETFD) & FD_CLOEXEC) != 0);
}

// fcntl(2) needs a descriptor that is open to be written, as no folder's is.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_folder_is_locked_shared_by_fcntl, Lock,
                              test::record_locks) {
  const lock_folder folder;
  Lock lock{folder.path, of_folder()};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(lock.still_valid());
}

BOOST_FIXTURE_TEST_CASE(a_locked_folder_may_be_filled, lock_folder) {
  file_lock lock{path, of_folder()};
  lock.lock();
  file_lock inside{path / "a.lock"};
  BOOST_TEST(inside.try_lock());
  BOOST_TEST(lock.still_valid());
}

BOOST_FIXTURE_TEST_CASE(a_path_that_is_no_folder_is_refused, lock_folder) {
  const std::errc refused = std::errc::not_a_directory;
  const fs::path file = folder / "file";
  std::ofstream(file) << "text";
  BOOST_TEST(not_refused(file, refused) == "");
  BOOST_TEST(not_refused(file / "b", refused) == "");
  const fs::path fifo = folder / "fifo";
  BOOST_TEST(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(not_refused(fifo, refused) == "");
  BOOST_TEST(not_refused("/dev/null", refused) == "");
  BOOST_TEST(not_refused("", std::errc::invalid_argument) == "");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_refused_where_it_was_not_asked_for,
                        lock_folder) {
  BOOST_TEST(not_refused(path, std::errc::is_a_directory, {}) == "");
}

BOOST_FIXTURE_TEST_CASE(a_missing_folder_is_not_created, lock_folder) {
  const std::errc missing = std::errc::no_such_file_or_directory;
  BOOST_TEST(not_refused(folder.path() / "a", missing) == "");
  BOOST_TEST(not_refused(folder.path() / "a" / "b", missing) == "");
  BOOST_TEST(!fs::exists(folder / "a"));
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_to_a_folder_is_refused, lock_folder) {
  const fs::path link = folder / "link";
  const fs::path dangling = folder / "dangling";
  fs::create_directory_symlink(path, link);
  fs::create_directory_symlink(folder / "missing", dangling);
  const std::errc refused = std::errc::too_many_symbolic_link_levels;
  BOOST_TEST(not_refused(link, refused) == "");
  BOOST_TEST(not_refused(dangling, refused) == "");
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_to_a_folder_is_followed_if_asked,
                        lock_folder) {
  const fs::path link = folder / "link";
  fs::create_directory_symlink(path, link);
  open_options options = of_folder();
  options.follow_symlink = true;
  file_lock lock{link, options};
  file_lock other{path, of_folder()};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!other.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_replaced_folder_is_opened_and_locked_again,
                        lock_folder) {
  file_lock stale{path, of_folder()};
  stale.open();
  fs::remove(path);
  fs::create_directory(path);
  file_lock holder{path, of_folder()};
  holder.lock();
  BOOST_TEST(!stale.try_lock());
  holder.unlock();
  BOOST_TEST(stale.try_lock());
  BOOST_TEST(stale.still_valid());
  fs::remove(path);
  BOOST_TEST(!stale.still_valid());
  stale.unlock();
  BOOST_TEST(not_refused(path, std::errc::no_such_file_or_directory) == "");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_not_removed, lock_folder) {
  open_options options = of_folder();
  options.remove_on_release = true;
  BOOST_TEST(not_refused(path, std::errc::invalid_argument, options) == "");
  BOOST_TEST(fs::is_directory(path));
}

BOOST_AUTO_TEST_SUITE_END()
