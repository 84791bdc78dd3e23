// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: users and modes of POSIX
// LABELS: process

// Files that may not be written, or not opened in the usual way: another
// user's, in a sticky folder or not, and those of a read-only file system.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/other_user.hpp"
#include "support/posix_models.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_file_rights)

namespace {

namespace fs = std::filesystem;
using filelock::file_lock;
using filelock::open_options;
using test::child_process;
using test::line_channel;

/// A folder that all may write, as /tmp, with or without the sticky bit.
struct public_folder {
  public_folder() {
    fs::permissions(folder.path(), fs::perms(0755));
    for (const fs::path& each : {sticky, open})
      fs::create_directory(each);
    fs::permissions(sticky, fs::perms(01777));
    // A file is protected unless its owner is that of the folder, too.
    constexpr ::uid_t somebody = 65533;
    if (::geteuid() == 0)
      BOOST_TEST(::chown(sticky.c_str(), somebody, somebody) == 0);
    fs::permissions(open, fs::perms(0777));
  }

  test::temporary_folder folder;
  fs::path sticky = folder / "sticky";
  fs::path open = folder / "open";
};

void write_file(const fs::path& path, int mode) {
  std::ofstream(path) << "text";
  fs::permissions(path, fs::perms(mode));
}

/// \returns What `body()` says has failed, run by a user without rights.
template <class Body>
std::string failure_as_other_user(Body body) {
  return test::failure_in_child([&]() -> std::string {
    return test::give_up_root() ? body() : "is still root";
  });
}

std::string name(int access) {
  return access == O_RDWR ? "read-write" : access == O_RDONLY ? "read" : "?";
}

/// \returns How a file fails to be locked, opened with `access`, in both modes.
template <class Lock>
std::string not_locked_by(const fs::path& path, int access) {
  for (const bool shared : {false, true}) {
    Lock lock{path};
    std::error_code ec;
    shared ? lock.lock_shared(ec) : lock.lock(ec);
    // flock needs no access, fcntl that of the mode.
    const bool is_refused = !std::is_same_v<Lock, test::flock_lock> &&
                            access == O_RDONLY && !shared;
    if (is_refused && ec == std::errc::permission_denied && !lock.is_open())
      continue;
    if (ec || is_refused) return "not as it should: " + ec.message();
    const int flags = ::fcntl(lock.native_handle(), F_GETFL);
    if ((flags & O_ACCMODE) != access)
      return "opened to " + name(flags & O_ACCMODE);
    if (!lock.still_valid()) return "another file";
    if (std::is_same_v<Lock, test::fcntl_lock>) continue; // one owner
    Lock other{path};
    if (other.try_lock(ec)) return "not excluded";
    if (other.try_lock_shared(ec) != shared) return "shared";
  }
  return "";
}

template <class... Locks>
std::string not_locked_by_each(const fs::path& path, int access,
                               const std::tuple<Locks...>*) {
  return (not_locked_by<Locks>(path, access) + ...);
}

std::string not_locked(const fs::path& path, int access) {
  return not_locked_by_each(path, access,
                            static_cast<test::all_locks*>(nullptr));
}

/// \returns How a path fails to be refused with `expected`.
std::string not_refused(const fs::path& path, std::errc expected,
                        const open_options& options = {}) {
  const int before = test::count_descriptors();
  file_lock lock{path, options};
  try {
    lock.lock();
    return "locked";
  } catch (const fs::filesystem_error& error) {
    if (error.code() != expected) return error.code().message();
    if (error.path1() != path) return "path1 is " + error.path1().string();
  }
  return test::count_descriptors() == before ? "" : "leaks";
}

/// While it lives, the system refuses O_CREAT for another user's file in a
/// sticky folder. The child that sets this sets it back when its input ends,
/// even where this process is killed; one of them at a time.
class protected_files {
public:
  protected_files() : child_(child_process::forked(&set_and_set_back)) {
    child_.read_line(); // set, or not
  }
  ~protected_files() { BOOST_TEST(child_.failure() == ""); }
  protected_files(const protected_files&) = delete;
  protected_files& operator=(const protected_files&) = delete;

private:
  static std::string set_and_set_back(line_channel& parent) {
    constexpr const char* setting = "/proc/sys/fs/protected_regular";
    const int file = ::open(setting, O_RDWR | O_CLOEXEC);
    char before = 0;
    if (file < 0 || ::flock(file, LOCK_EX) != 0 ||
        ::pread(file, &before, 1, 0) != 1 || !set(file, '2')) {
      parent.write_line("not set");
      return "";
    }
    parent.write_line("set");
    parent.read_all();
    return set(file, before) ? "" : "not set back";
  }

  static bool set(int file, char value) {
    return ::pwrite(file, &value, 1, 0) == 1;
  }

  child_process child_;
};

} // namespace

// ---- Another user's file ----

BOOST_FIXTURE_TEST_CASE(another_users_file_is_locked_as_far_as_it_is_open,
                        public_folder) {
  if (!test::has_other_user("another user's file")) return;
  for (const fs::path& each : {sticky, open}) {
    const fs::path path = each / "a.lock";
    write_file(path, 0666);
    BOOST_TEST(
        failure_as_other_user([&] { return not_locked(path, O_RDWR); }) == "");
    for (const int mode : {0644, 0444, 0755}) {
      fs::permissions(path, fs::perms(mode));
      BOOST_TEST(failure_as_other_user(
                     [&] { return not_locked(path, O_RDONLY); }) == "");
    }
    for (const int mode : {0600, 0000, 0222}) {
      fs::permissions(path, fs::perms(mode));
      BOOST_TEST(failure_as_other_user([&] {
                   return not_refused(path, std::errc::permission_denied);
                 }) == "");
    }
    BOOST_TEST(fs::file_size(path) == 4u);
  }
}

BOOST_FIXTURE_TEST_CASE(another_users_file_excludes_its_owner_and_is_excluded,
                        public_folder) {
  if (!test::has_other_user("another user's file and its owner")) return;
  const fs::path path = sticky / "a.lock";
  write_file(path, 0644);
  file_lock owner{path};
  child_process child =
      child_process::forked([&](line_channel& parent) -> std::string {
        if (!test::give_up_root()) return "is still root";
        file_lock lock{path};
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        lock.unlock();
        parent.write_line("unlocked");
        parent.read_line();
        return lock.try_lock_shared() ? "not excluded" : "";
      });
  BOOST_TEST(child.read_line() == "locked");
  BOOST_TEST(!owner.try_lock_shared());
  BOOST_TEST(child.ask("unlock") == "unlocked");
  BOOST_TEST(owner.try_lock());
  child.write_line("try");
  BOOST_TEST(child.failure() == "");
}

BOOST_FIXTURE_TEST_CASE(a_sticky_folder_that_protects_files_is_no_obstacle,
                        public_folder) {
  constexpr const char* what = "a sticky folder with fs.protected_regular";
  if (!test::has_other_user(what)) return;
  const fs::path path = sticky / "a.lock";
  write_file(path, 0666);
  const protected_files protection;
  if (failure_as_other_user([&]() -> std::string {
        const int flags = O_RDWR | O_CREAT | O_CLOEXEC;
        if (::open(path.c_str(), flags, 0600) >= 0) return "opened";
        return errno == EACCES ? "" : "another error";
      }) != "")
    return test::skipped(what, "this system does not protect files");
  BOOST_TEST(failure_as_other_user([&] { return not_locked(path, O_RDWR); }) ==
             "");
  fs::permissions(path, fs::perms(0644));
  BOOST_TEST(
      failure_as_other_user([&] { return not_locked(path, O_RDONLY); }) == "");
  fs::permissions(path, fs::perms(0600));
  BOOST_TEST(failure_as_other_user([&] {
               return not_refused(path, std::errc::permission_denied);
             }) == "");
  // Who owns the file, and who creates one, is not concerned.
  BOOST_TEST(failure_as_other_user([&]() -> std::string {
               const std::string failed = not_locked(sticky / "own", O_RDWR);
               return failed + not_locked(sticky / "own", O_RDWR);
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(another_users_file_in_a_sticky_folder_is_not_removed,
                        public_folder) {
  if (!test::has_other_user("the removal of another user's file")) return;
  open_options options;
  options.remove_on_release = true;
  for (const fs::path& each : {sticky, open}) {
    const fs::path path = each / "a.lock";
    write_file(path, 0666);
    const auto lock_and_unlock = [&](bool shared) -> std::string {
      file_lock lock{path, options};
      shared ? lock.lock_shared() : lock.lock();
      if (!lock.still_valid()) return "another file";
      std::error_code ec;
      lock.unlock(ec);
      if (ec) return ec.message();
      return file_lock{path}.try_lock() ? "" : "still locked";
    };
    for (const bool shared : {false, true}) {
      if (each == open) write_file(path, 0666);
      BOOST_TEST(
          failure_as_other_user([&] { return lock_and_unlock(shared); }) == "");
    }
    if (each == sticky) BOOST_TEST(fs::file_size(path) == 4u);
    // The next holder that may do so removes it.
    BOOST_TEST(lock_and_unlock(false) == "");
  }
}

// ---- Own files ----

BOOST_FIXTURE_TEST_CASE(a_read_only_file_is_locked_by_its_owner_too,
                        public_folder) {
  if (!test::can_give_up_root("a read-only file")) return;
  const fs::path path = open / "a.lock";
  BOOST_TEST(failure_as_other_user([&]() -> std::string {
               write_file(path, 0444);
               const std::string failed = not_locked(path, O_RDONLY);
               fs::remove(path);
               return failed;
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(the_file_of_a_program_that_runs_is_locked,
                        public_folder) {
  const fs::path path = open / "program";
  fs::copy_file("/bin/cat", path);
  child_process program({path.string()});
  BOOST_TEST(program.ask("it runs") == "it runs");
  const int handle = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  const bool is_refused = handle < 0 && errno == ETXTBSY;
  if (handle >= 0) ::close(handle);
  if (!is_refused)
    return test::skipped("the file of a program that runs",
                         "this system lets it be written");
  BOOST_TEST(not_locked(path, O_RDONLY) == "");
}

// ---- Folders ----

BOOST_FIXTURE_TEST_CASE(a_folder_that_may_not_be_searched_is_refused,
                        public_folder) {
  if (!test::can_give_up_root("a folder that may not be searched")) return;
  const fs::path closed = open / "closed";
  fs::create_directory(closed);
  write_file(closed / "a.lock", 0666);
  open_options options;
  options.directory = true;
  fs::permissions(closed, fs::perms::none);
  const std::errc denied = std::errc::permission_denied;
  BOOST_TEST(failure_as_other_user([&]() -> std::string {
               return not_refused(closed / "a.lock", denied) +
                      not_refused(closed / "b.lock", denied) +
                      not_refused(closed, denied, options);
             }) == "");
  // What may be searched but not read can be locked no more than that: flock
  // needs an open file.
  fs::permissions(closed, fs::perms(0111));
  BOOST_TEST(failure_as_other_user([&]() -> std::string {
               return not_locked(closed / "a.lock", O_RDWR) +
                      not_refused(closed / "b.lock", denied) +
                      not_refused(closed, denied, options);
             }) == "");
  fs::permissions(closed, fs::perms::owner_all);
}

BOOST_FIXTURE_TEST_CASE(another_users_folder_is_locked, public_folder) {
  if (!test::has_other_user("another user's folder")) return;
  open_options options;
  options.directory = true;
  file_lock owner{folder.path(), options};
  owner.lock_shared();
  BOOST_TEST(failure_as_other_user([&]() -> std::string {
               file_lock lock{folder.path(), options};
               if (lock.try_lock()) return "not excluded";
               return lock.try_lock_shared() ? "" : "not shared";
             }) == "");
}

// ---- A read-only file system ----

// Runs itself in a name space of its own, where the folder that the variable
// names becomes read-only.
BOOST_AUTO_TEST_CASE(a_file_of_a_read_only_file_system_is_locked) {
  constexpr const char* variable = "FILELOCK_TEST_READ_ONLY_FOLDER";
  constexpr const char* mount =
      "mount -t tmpfs none \"$0\" && echo text >\"$0/a.lock\" && "
      "mount -o remount,ro none \"$0\" && exec \"$@\"";
  if (const char* const read_only = std::getenv(variable)) {
    const fs::path here = read_only;
    BOOST_TEST(not_locked(here / "a.lock", O_RDONLY) == "");
    BOOST_TEST(not_refused(here / "b.lock", std::errc::read_only_file_system) ==
               "");
    // That it cannot be removed is no error.
    open_options options;
    options.remove_on_release = true;
    file_lock lock{here / "a.lock", options};
    lock.lock();
    std::error_code ec;
    lock.unlock(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(fs::exists(here / "a.lock"));
    return;
  }
  const test::temporary_folder folder;
  const std::string mounted = folder.path().string();
  const auto in_name_space = [&](std::vector<std::string> command) {
    command.insert(command.begin(),
                   {"unshare", "-rm", "sh", "-c", mount, mounted});
    return child_process(command, child_process::errors::are_output);
  };
  if (child_process probe = in_name_space({"true"}); probe.wait() != 0)
    return test::skipped("a file of a read-only file system",
                         "unshare -rm and mount are not permitted");
  ::setenv(variable, mounted.c_str(), 1);
  child_process child =
      in_name_space({fs::read_symlink("/proc/self/exe").string(),
                     "--run_test=posix_file_rights/"
                     "a_file_of_a_read_only_file_system_is_locked"});
  ::unsetenv(variable);
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() == 0, said);
}

BOOST_AUTO_TEST_SUITE_END()
