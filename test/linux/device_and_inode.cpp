// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: devices and inodes, by mounts of Linux
// LABELS: process

// Which file a path names: the one with the same inode on the same device.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/settled_file.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <sys/mount.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(linux_device_and_inode)

namespace {

namespace fs = std::filesystem;
using filelock::basic_file_lock;
using filelock::file_lock;
using filelock::native_traits;
using filelock::open_options;
using filelock::posix_file;

/// Does something at the first question; gives up when asked too often.
struct interlude {
  static constexpr bool observes_wait = true;
  std::function<void()> action;

  std::optional<std::chrono::milliseconds>
  operator()(const filelock::wait_state& state) const {
    if (state.attempts == 1) action();
    if (state.attempts > 1000) return std::nullopt;
    return std::chrono::milliseconds(1);
  }
};

using interrupted_lock = basic_file_lock<native_traits, interlude>;

constexpr const char* variable = "FILELOCK_TEST_MOUNTED_FOLDER";

/// Runs one test again, in a name space of its own where a fresh file system is
/// mounted at the folder that the variable names.
void run_on_fresh_file_system(const std::string& test) {
  constexpr const char* mount = "mount -t tmpfs none \"$0\" && exec \"$@\"";
  const test::temporary_folder folder;
  const std::string mounted = folder.path().string();
  const auto in_name_space = [&](std::vector<std::string> command) {
    command.insert(command.begin(),
                   {"unshare", "-rm", "sh", "-c", mount, mounted});
    return test::child_process(command,
                               test::child_process::errors::are_output);
  };
  if (test::child_process probe = in_name_space({"true"}); probe.wait() != 0)
    return test::skipped(test.c_str(),
                         "unshare -rm and mount are not permitted");
  ::setenv(variable, mounted.c_str(), 1);
  test::child_process child =
      in_name_space({fs::read_symlink("/proc/self/exe").string(),
                     "--run_test=linux_device_and_inode/" + test});
  ::unsetenv(variable);
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() == 0, said);
  if (said.find("SKIPPED") != said.npos)
    test::skipped(test.c_str(), "two fresh file systems number their files "
                                "in different ways");
}

bool mount_another(const char* folder) {
  return ::mount("none", folder, "tmpfs", 0, nullptr) == 0;
}

struct ::stat status_of(int handle) {
  struct ::stat result = {};
  ::fstat(handle, &result);
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_inode_on_another_device_is_another_file) {
  const char* const mounted = std::getenv(variable);
  if (!mounted)
    return run_on_fresh_file_system(
        "the_same_inode_on_another_device_is_another_file");
  const fs::path path = fs::path(mounted) / "a.lock";
  file_lock below{path};
  below.open();
  BOOST_TEST(posix_file::names(path, below.native_handle()));
  BOOST_TEST_REQUIRE(mount_another(mounted));
  file_lock above{path};
  above.open();
  const struct ::stat first = status_of(below.native_handle());
  const struct ::stat second = status_of(above.native_handle());
  BOOST_TEST_REQUIRE(first.st_dev != second.st_dev);
  if (first.st_ino != second.st_ino)
    return test::skipped("the same inode", "the numbers differ");

  BOOST_TEST(!posix_file::names(path, below.native_handle()));
  BOOST_TEST(posix_file::names(path, above.native_handle()));
  BOOST_TEST(posix_file::identity(below.native_handle()) !=
             posix_file::identity(above.native_handle()));
  file_lock again{path};
  again.open();
  BOOST_TEST(posix_file::identity(again.native_handle()) ==
             posix_file::identity(above.native_handle()));
}

BOOST_AUTO_TEST_CASE(a_waiter_notices_that_the_path_is_on_another_device) {
  const char* const mounted = std::getenv(variable);
  if (!mounted)
    return run_on_fresh_file_system(
        "a_waiter_notices_that_the_path_is_on_another_device");
  const fs::path path = fs::path(mounted) / "a.lock";
  file_lock holder{path};
  holder.lock();
  const struct ::stat before = status_of(holder.native_handle());
  bool is_mounted = false;
  interrupted_lock waiter(path, interlude{[&] {
                            is_mounted = mount_another(mounted);
                            file_lock{path}.open(); // creates the file
                            holder.unlock();
                          }});
  waiter.lock();
  BOOST_TEST(is_mounted);
  BOOST_TEST(status_of(waiter.native_handle()).st_dev != before.st_dev);
  file_lock other{path};
  BOOST_TEST(!other.try_lock());
}

BOOST_AUTO_TEST_CASE(a_followed_symbolic_link_names_its_target) {
  const test::temporary_folder folder;
  const fs::path target = folder / "target";
  const fs::path link = folder / "link";
  file_lock holder{target};
  holder.lock();
  fs::create_symlink(target, link);
  open_options options;
  options.follow_symlink = true;
  interrupted_lock waiter(link, interlude{[&] { holder.unlock(); }}, options);
  BOOST_TEST(waiter.try_lock_for(test::patience));
  BOOST_TEST(waiter.owns_lock());
  BOOST_TEST(!holder.try_lock());
  BOOST_TEST(posix_file::names(link, waiter.native_handle()));
}

BOOST_AUTO_TEST_CASE(an_acquire_notices_that_a_symbolic_link_has_changed) {
  const test::temporary_folder folder;
  const fs::path link = folder / "link";
  file_lock{folder / "target"}.open(); // creates the file
  fs::create_symlink(folder / "target", link);
  open_options options;
  options.follow_symlink = true;
  file_lock lock{link, options};
  lock.open();
  test::let_settle(lock.native_handle());
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST(lock.try_lock());
    lock.unlock();
  }
  fs::remove(link);
  file_lock{folder / "next"}.open();
  fs::create_symlink(folder / "next", link);
  BOOST_TEST(lock.try_lock());
  file_lock other{folder / "next"};
  BOOST_TEST(!other.try_lock());
}

BOOST_AUTO_TEST_CASE(a_waiter_notices_that_a_symbolic_link_has_changed) {
  const test::temporary_folder folder;
  const fs::path target = folder / "target";
  const fs::path next = folder / "next";
  const fs::path link = folder / "link";
  file_lock holder{target};
  holder.lock();
  file_lock{next}.open(); // creates the file
  fs::create_symlink(target, link);
  open_options options;
  options.follow_symlink = true;
  interrupted_lock waiter(link, interlude{[&] {
                            fs::remove(link);
                            fs::create_symlink(next, link);
                            holder.unlock();
                          }},
                          options);
  BOOST_TEST(waiter.try_lock_for(test::patience));
  BOOST_TEST(holder.try_lock());
  file_lock other{next};
  BOOST_TEST(!other.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
