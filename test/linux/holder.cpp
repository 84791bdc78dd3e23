// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: /proc/locks of Linux
// LABELS: process

// Who holds a lock by flock(2), as Linux tells it. Locks by fcntl(2) are asked
// for their holder in the laws of a Platform.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(linux_holder)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::lock_mode;
using filelock::posix_flock_traits;
using filelock::process_id;

constexpr filelock::lock_request shared{lock_mode::shared, {}};
constexpr process_id nobody = 0;

/// \returns Who holds the file of `lock`.
process_id holder(const file_lock& lock) {
  return lock.holder().value_or(nobody);
}

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";
  file_lock lock{path};

  lock_file() { lock.open(); }

  test::child_process child_that(const char* command) const {
    test::child_process child = test::lock_child({path});
    BOOST_TEST(child.ask(command) == "locked");
    return child;
  }

  /// \returns Whether `expected` is told of the file. A line of /proc/locks may
  /// be shown twice or not at all where others come and go meanwhile.
  bool is_told_soon(process_id expected) const {
    return test::wait_until_seen([&] { return holder(lock) == expected; });
  }
};

bool can_tell(const lock_file& file) {
  filelock::detail::kernel_file ignored{};
  const bool result = filelock::detail::file_in_proc_locks(
      file.lock.native_handle(),
      filelock::detail::fdinfo(file.lock.native_handle()), ignored);
  if (!result)
    test::skipped("the holder of a lock",
                  "stat(2) and /proc/locks name files of this folder in "
                  "different ways, or /proc is not there");
  return result;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(the_process_that_holds_is_named, lock_file) {
  if (!can_tell(*this)) return;
  for (const char* command : {"lock", "shared"}) {
    test::child_process child = child_that(command);
    BOOST_TEST(holder(lock) == child.id());
    // As long as it holds.
    BOOST_TEST(child.ask("unlock") == "unlocked");
    BOOST_TEST(holder(lock) == nobody);
    BOOST_TEST(child.ask(command) == "locked");
    BOOST_TEST(holder(lock) == child.id());
    child.kill_and_wait();
    BOOST_TEST(holder(lock) == nobody);
  }
}

BOOST_FIXTURE_TEST_CASE(a_closed_lock_opens_the_file_for_the_question,
                        lock_file) {
  test::child_process child = child_that("lock");
  const file_lock closed{path};
  const int descriptors = test::count_descriptors();
  BOOST_TEST(holder(closed) == child.id());
  BOOST_TEST(!closed.is_open());
  BOOST_TEST(test::count_descriptors() == descriptors);
  BOOST_TEST(holder(file_lock()) == nobody);
  // A file that is not there is not made, nor are the folders above it.
  const fs::path missing = fs::path(path).parent_path() / "none" / "b.lock";
  BOOST_TEST(holder(file_lock(missing)) == nobody);
  BOOST_TEST(!fs::exists(missing.parent_path()));
}

BOOST_FIXTURE_TEST_CASE(a_mutex_names_its_holder, lock_file) {
  filelock::file_mutex mutex{path};
  BOOST_TEST(mutex.holder().value_or(nobody) == nobody);
  {
    test::child_process child = child_that("lock");
    BOOST_TEST(mutex.holder().value_or(nobody) == child.id());
  }
  mutex.lock();
  BOOST_TEST(mutex.holder().value_or(nobody) == ::getpid());
  BOOST_TEST(mutex.still_valid());
  fs::remove(path);
  BOOST_TEST(!mutex.still_valid());
  mutex.unlock();
}

BOOST_FIXTURE_TEST_CASE(the_process_that_asks_is_not_the_holder, lock_file) {
  lock.lock();
  BOOST_TEST(holder(lock) == nobody);
  lock.unlock();
  lock.lock_shared();
  BOOST_TEST(is_told_soon(nobody));
  if (!can_tell(*this)) return;
  test::child_process child = child_that("shared");
  BOOST_TEST(holder(lock) == child.id());
}

BOOST_FIXTURE_TEST_CASE(another_object_of_this_process_is_the_holder,
                        lock_file) {
  if (!can_tell(*this)) return;
  file_lock other{path};
  other.lock();
  BOOST_TEST(holder(lock) == ::getpid());
  other.unlock();
  // One of two locks that look alike is that of who asks.
  other.lock_shared();
  lock.lock_shared();
  BOOST_TEST(holder(lock) == ::getpid());
  other.unlock();
  BOOST_TEST(is_told_soon(nobody));
}

BOOST_FIXTURE_TEST_CASE(the_holder_of_another_file_is_not_named, lock_file) {
  test::child_process child = test::lock_child({folder / "b.lock"});
  BOOST_TEST(child.ask("lock") == "locked");
  BOOST_TEST(holder(lock) == nobody);
}

BOOST_FIXTURE_TEST_CASE(a_waiter_is_not_the_holder, lock_file) {
  if (!can_tell(*this)) return;
  test::child_process child = child_that("lock");
  test::child_process waiter = test::lock_child({path});
  waiter.write_line("lock");
  BOOST_TEST(test::wait_until_blocked(waiter.id()));
  BOOST_TEST(holder(lock) == child.id());
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(waiter.read_line() == "locked");
  BOOST_TEST(holder(lock) == waiter.id());
}

BOOST_FIXTURE_TEST_CASE(only_the_owner_of_a_conflicting_lock_is_named,
                        lock_file) {
  if (!can_tell(*this)) return;
  const auto holder_for_shared = [&] {
    return posix_flock_traits::holder(lock.native_handle(), shared)
        .value_or(nobody);
  };
  test::child_process child = child_that("shared");
  BOOST_TEST(holder_for_shared() == nobody);
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(child.ask("lock") == "locked");
  BOOST_TEST(holder_for_shared() == child.id());
}

BOOST_FIXTURE_TEST_CASE(a_policy_sees_the_holder, lock_file) {
  if (!can_tell(*this)) return;
  test::child_process child = child_that("lock");
  process_id seen = nobody;
  filelock::basic_file_lock waiter{path,
                                   [&seen](const filelock::wait_state& state) {
                                     seen = state.holder().value_or(nobody);
                                     return std::chrono::milliseconds(1);
                                   }};
  BOOST_TEST(!waiter.try_lock_for(std::chrono::milliseconds(2)));
  BOOST_TEST(seen == child.id());
}

// What stays of it is a number, which another process may have next.
BOOST_FIXTURE_TEST_CASE(a_process_that_is_dead_is_not_named, lock_file) {
  const int handle = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  BOOST_TEST_REQUIRE(handle >= 0);
  BOOST_TEST(test::failure_in_child([handle]() -> std::string {
               return ::flock(handle, LOCK_EX) == 0 ? "" : "cannot lock";
             }) == "");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(holder(lock) == nobody);
  ::close(handle);
}

BOOST_FIXTURE_TEST_CASE(the_holder_is_found_among_a_thousand_locks, lock_file) {
  if (!can_tell(*this)) return;
  std::vector<file_lock> others;
  for (int i = 0; i != 500; ++i) {
    others.emplace_back(folder.path() / ("other" + std::to_string(i)));
    others.back().lock();
  }
  test::child_process child = child_that("lock");
  BOOST_TEST(is_told_soon(child.id()));
}

BOOST_AUTO_TEST_CASE(an_invalid_descriptor_has_no_holder) {
  BOOST_TEST(!posix_flock_traits::holder(-1, shared));
  int ends[2];
  BOOST_TEST_REQUIRE(::pipe(ends) == 0);
  BOOST_TEST(!posix_flock_traits::holder(ends[0], shared));
  ::close(ends[0]);
  ::close(ends[1]);
  BOOST_TEST(!posix_flock_traits::holder(ends[0], shared));
}

// ---- File systems ----

namespace {

constexpr const char* variable = "FILELOCK_TEST_MOUNTED_FOLDER";

/// Runs one test again, in a name space of its own that has a fresh tmpfs at
/// the folder that the variable names, and on that, in `merged`, an overlay.
void run_on_overlay(const std::string& test) {
  constexpr const char* mount =
      "cd \"$0\" && mount -t tmpfs none . && cd \"$0\" && "
      "mkdir lower upper work merged && touch lower/below && "
      "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work "
      "merged && exec \"$@\"";
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
                         "unshare -rm and mount -t overlay are not permitted");
  ::setenv(variable, mounted.c_str(), 1);
  ::setenv("FILELOCK_LOCK_CHILD", test::built_file("lock_child").c_str(), 1);
  test::child_process child =
      in_name_space({fs::read_symlink("/proc/self/exe").string(),
                     "--run_test=linux_holder/" + test});
  ::unsetenv(variable);
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() == 0, said);
}

} // namespace

BOOST_AUTO_TEST_CASE(on_an_overlay_nobody_else_is_named) {
  const char* const mounted = std::getenv(variable);
  if (!mounted) return run_on_overlay("on_an_overlay_nobody_else_is_named");
  const fs::path root(mounted);
  for (const fs::path& path :
       {root / "direct", root / "merged" / "new", root / "merged" / "below"}) {
    BOOST_TEST_CONTEXT(path) {
      file_lock lock{path};
      lock.open();
      BOOST_TEST(holder(lock) == nobody);
      test::child_process child = test::lock_child({path.string()});
      BOOST_TEST(child.ask("lock") == "locked");
      const process_id named = holder(lock);
      if (path.filename() == "direct") // tmpfs has a device of its own
        BOOST_TEST(named == child.id());
      else
        BOOST_TEST((named == child.id() || named == nobody));
    }
  }
}

// As btrfs does for its subvolumes: what stands in /proc/locks has the device
// of the superblock, stat(2) another one.
BOOST_AUTO_TEST_CASE(where_the_devices_differ_nobody_is_named) {
  using filelock::detail::device_number;
  using filelock::detail::is_device;
  struct ::stat file = {};
  file.st_dev = static_cast<::dev_t>(0x12345678);
  BOOST_TEST(is_device(device_number(0x456, 0x12378), file.st_dev));
  BOOST_TEST(!is_device(device_number(0x456, 0x12379), file.st_dev));
  BOOST_TEST(!is_device(device_number(0x457, 0x12378), file.st_dev));

  const lock_file where;
  const int handle = where.lock.native_handle();
  filelock::detail::fdinfo info(handle);
  filelock::detail::kernel_file ignored{};
  // The mount of /proc, which is another file system.
  const int other = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  BOOST_TEST_REQUIRE(other >= 0);
  info.mount = filelock::detail::fdinfo(other).mount;
  BOOST_TEST(!filelock::detail::file_in_proc_locks(handle, info, ignored));
  ::close(other);
  info = filelock::detail::fdinfo(handle);
  info.inode = info.inode.value_or(0) + 1;
  BOOST_TEST(!filelock::detail::file_in_proc_locks(handle, info, ignored));
}

// A sandbox may show the /proc of its host, whose numbers mean other processes.
// https://github.com/getpaseo/paseo/issues/4307
BOOST_AUTO_TEST_CASE(where_proc_is_of_another_namespace_nobody_is_named) {
  constexpr const char* not_permitted = "not permitted";
  const lock_file where;
  const std::string failed = test::failure_in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWPID) != 0) return not_permitted;
    return test::failure_in_child([&]() -> std::string { // its first process
      test::child_process owner = test::child_process::forked(
          [&](test::line_channel& parent) -> std::string {
            file_lock lock{where.path};
            lock.lock();
            parent.write_line("locked");
            parent.read_line();
            return "";
          });
      if (owner.read_line() != "locked") return "no owner";
      file_lock lock{where.path};
      lock.open();
      // The number that the owner has outside is given to a stranger.
      long outside = 0;
      for (std::ifstream locks("/proc/locks"); locks && outside == 0;) {
        std::string line;
        std::getline(locks, line);
        long number = 0;
        long inode = 0;
        if (std::sscanf(line.c_str(),
                        "%*d: FLOCK ADVISORY WRITE %ld %*x:%*x:%ld", &number,
                        &inode) == 2 &&
            static_cast<::ino_t>(inode) ==
                filelock::detail::fdinfo(lock.native_handle()).inode)
          outside = number;
      }
      std::ofstream("/proc/sys/kernel/ns_last_pid") << outside - 1;
      const ::pid_t given = ::fork();
      if (given == 0) {
        ::pause();
        ::_exit(0);
      }
      const process_id named = holder(lock);
      ::kill(given, SIGKILL);
      if (outside == 0) return "the owner is not in /proc/locks";
      if (given != outside) return not_permitted;
      return named == nobody ? "" : "names " + std::to_string(named);
    });
  });
  if (failed.find(not_permitted) != failed.npos)
    return test::skipped("a holder in another PID namespace",
                         "namespaces of processes are not permitted");
  BOOST_TEST(failed == "");
}

BOOST_AUTO_TEST_SUITE_END()
