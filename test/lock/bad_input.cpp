// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: files, modes and descriptors of POSIX; see windows.bad_input

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/other_user.hpp"
#include "support/posix_calls.hpp"
#include "support/shared_memory.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_bad_input)

// What cannot be locked is refused at once, with an error that names the path;
// nothing is held then, and no descriptor is left open.

namespace fs = std::filesystem;
using filelock::basic_file_lock;
using filelock::file_lock;
using filelock::open_options;
using std::chrono::milliseconds;
using test::can_give_up_root;
using test::failure_in_child;
using test::give_up_root;

namespace {

// ---- Laws: each returns what failed ----

struct form {
  const char* name;
  std::function<void(file_lock&)> throwing;
  std::function<void(file_lock&, std::error_code&)> reporting;
};

std::vector<form> forms() {
  using lock = file_lock;
  using code = std::error_code;
  const milliseconds time(50);
  const auto in = [] {
    return std::chrono::steady_clock::now() + milliseconds(50);
  };
  return {
      {"open", [](lock& l) { l.open(); },
       [](lock& l, code& ec) { l.open(ec); }},
      {"lock", [](lock& l) { l.lock(); },
       [](lock& l, code& ec) { l.lock(ec); }},
      {"try_lock", [](lock& l) { (void)l.try_lock(); },
       [](lock& l, code& ec) { (void)l.try_lock(ec); }},
      {"try_lock_for", [=](lock& l) { (void)l.try_lock_for(time); },
       [=](lock& l, code& ec) { (void)l.try_lock_for(time, ec); }},
      {"try_lock_until", [=](lock& l) { (void)l.try_lock_until(in()); },
       [=](lock& l, code& ec) { (void)l.try_lock_until(in(), ec); }},
      {"lock_shared", [](lock& l) { l.lock_shared(); },
       [](lock& l, code& ec) { l.lock_shared(ec); }},
      {"try_lock_shared", [](lock& l) { (void)l.try_lock_shared(); },
       [](lock& l, code& ec) { (void)l.try_lock_shared(ec); }},
      {"try_lock_shared_for",
       [=](lock& l) { (void)l.try_lock_shared_for(time); },
       [=](lock& l, code& ec) { (void)l.try_lock_shared_for(time, ec); }},
      {"try_lock_shared_until",
       [=](lock& l) { (void)l.try_lock_shared_until(in()); },
       [=](lock& l, code& ec) { (void)l.try_lock_shared_until(in(), ec); }},
  };
}

bool holds_nothing(const file_lock& lock) {
  return !lock.owns_lock() && !lock.owns_lock_shared() && !lock.is_open();
}

/// \returns How one form fails to refuse the path.
std::string not_refused(const form& each, const fs::path& path,
                        std::errc expected, const open_options& options) {
  std::string failed;
  const int before = test::count_descriptors();
  file_lock lock{path, options};
  try {
    each.throwing(lock);
    failed += "does not throw; ";
  } catch (const fs::filesystem_error& error) {
    if (error.code() != expected) failed += error.code().message() + "; ";
    if (error.path1() != lock.path()) failed += "path1; ";
    if (std::string(error.what()).find(path.c_str()) == std::string::npos)
      failed += std::string("what: ") + error.what() + "; ";
  }
  if (!holds_nothing(lock)) failed += "holds; ";

  std::error_code ec;
  each.reporting(lock, ec);
  if (ec != expected) failed += "error_code: " + ec.message() + "; ";
  if (!holds_nothing(lock)) failed += "holds after error_code; ";
  if (test::count_descriptors() != before) failed += "leaks; ";
  return failed;
}

/// \returns How any form fails to refuse the path.
std::string not_refused(const fs::path& path, std::errc expected,
                        const open_options& options = {}) {
  std::string all;
  for (const form& each : forms()) {
    const std::string failed = not_refused(each, path, expected, options);
    if (!failed.empty()) all += std::string(each.name) + ": " + failed;
  }
  return all;
}

// ---- What is locked ----

open_options with(std::function<void(open_options&)> change) {
  open_options options;
  change(options);
  return options;
}

struct lock_file {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";
};

void write_file(const fs::path& path, const char* text = "") {
  std::ofstream(path) << text;
}

} // namespace

// ---- Kinds of files ----

BOOST_FIXTURE_TEST_CASE(a_folder_is_refused, lock_file) {
  BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory) == "");
  BOOST_TEST(not_refused(folder.path() / "", std::errc::is_a_directory) == "");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_refused_without_create, lock_file) {
  const open_options options = with([](auto& o) { o.create = false; });
  BOOST_TEST(not_refused(folder.path(), std::errc::is_a_directory, options) ==
             "");
}

BOOST_FIXTURE_TEST_CASE(a_fifo_is_refused_and_does_not_hang, lock_file) {
  BOOST_TEST(::mkfifo(path.c_str(), 0600) == 0);
  BOOST_TEST(not_refused(path, std::errc::invalid_argument) == "");
}

BOOST_AUTO_TEST_CASE(a_device_is_refused) {
  BOOST_TEST(not_refused("/dev/null", std::errc::invalid_argument) == "");
}

BOOST_FIXTURE_TEST_CASE(a_socket_is_refused, lock_file) {
  ::sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  BOOST_TEST_REQUIRE(path.string().size() < sizeof address.sun_path);
  std::strcpy(address.sun_path, path.c_str());
  const int socket = test::open_socket(AF_UNIX);
  BOOST_TEST(::bind(socket, reinterpret_cast<const ::sockaddr*>(&address),
                    sizeof address) == 0);
  BOOST_TEST(not_refused(path, std::errc::invalid_argument) == "");
  ::close(socket);
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_is_refused, lock_file) {
  const fs::path target = folder / "target";
  fs::create_symlink(target, path);
  const std::errc refused = std::errc::too_many_symbolic_link_levels;
  BOOST_TEST(not_refused(path, refused) == ""); // dangling
  BOOST_TEST(!fs::exists(target));
  write_file(target);
  BOOST_TEST(not_refused(path, refused) == "");
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_is_followed_if_asked, lock_file) {
  const fs::path target = folder / "target";
  fs::create_symlink(target, path);
  file_lock lock{path, with([](auto& o) { o.follow_symlink = true; })};
  file_lock other{target};
  BOOST_TEST(lock.try_lock()); // and creates what the link points to
  BOOST_TEST(fs::is_regular_file(target));
  BOOST_TEST(!other.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_symbolic_link_above_the_file_is_followed, lock_file) {
  fs::create_directory(folder / "target");
  fs::create_directory_symlink(folder / "target", folder / "link");
  file_lock lock{folder.path() / "link" / "a.lock"};
  file_lock other{folder.path() / "target" / "a.lock"};
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!other.try_lock());
}

// ---- Paths ----

BOOST_FIXTURE_TEST_CASE(a_missing_parent_is_an_error_if_asked, lock_file) {
  const open_options options = with([](auto& o) { o.create_parents = false; });
  const fs::path deep = folder.path() / "missing" / "a.lock";
  BOOST_TEST(not_refused(deep, std::errc::no_such_file_or_directory, options) ==
             "");
  BOOST_TEST(!fs::exists(deep.parent_path()));
}

BOOST_FIXTURE_TEST_CASE(a_missing_file_is_an_error_if_asked, lock_file) {
  const open_options options = with([](auto& o) { o.create = false; });
  const std::errc missing = std::errc::no_such_file_or_directory;
  BOOST_TEST(not_refused(path, missing, options) == "");
  BOOST_TEST(!fs::exists(path));
  const fs::path deep = folder.path() / "missing" / "a.lock";
  BOOST_TEST(not_refused(deep, missing, options) == "");
  BOOST_TEST(!fs::exists(deep.parent_path()));
}

BOOST_FIXTURE_TEST_CASE(a_file_as_parent_is_refused, lock_file) {
  write_file(path);
  BOOST_TEST(not_refused(path / "b.lock", std::errc::not_a_directory) == "");
  BOOST_TEST(not_refused(path / "b" / "c", std::errc::not_a_directory) == "");
}

BOOST_FIXTURE_TEST_CASE(a_name_too_long_is_refused, lock_file) {
  const fs::path name = std::string(300, 'n');
  const std::errc too_long = std::errc::filename_too_long;
  BOOST_TEST(not_refused(folder.path() / name, too_long) == "");
  BOOST_TEST(not_refused(folder.path() / "b" / name, too_long) == "");
  BOOST_TEST(not_refused(folder.path() / name / "a.lock", too_long) == "");
}

BOOST_FIXTURE_TEST_CASE(a_path_too_long_is_refused, lock_file) {
  fs::path long_path = folder.path();
  while (long_path.native().size() < 5000)
    long_path /= std::string(100, 'n');
  BOOST_TEST(not_refused(long_path, std::errc::filename_too_long) == "");
  BOOST_TEST(fs::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(an_empty_path_is_refused) {
  BOOST_TEST(not_refused(fs::path(), std::errc::invalid_argument) == "");
}

BOOST_FIXTURE_TEST_CASE(a_path_with_a_null_character_is_refused, lock_file) {
  const fs::path with_null = path.string() + '\0' + "b";
  BOOST_TEST(not_refused(with_null, std::errc::invalid_argument) == "");
  BOOST_TEST(!fs::exists(path)); // what the path is, cut at that character
}

// ---- Rights ----

BOOST_FIXTURE_TEST_CASE(a_file_without_permission_is_refused, lock_file) {
  if (!can_give_up_root("a file without permission")) return;
  fs::permissions(folder.path(), fs::perms(0755));
  write_file(path);
  fs::permissions(path, fs::perms::none);
  BOOST_TEST(failure_in_child([&]() -> std::string {
               if (!give_up_root()) return "is still root";
               return not_refused(path, std::errc::permission_denied);
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_folder_without_permission_is_refused, lock_file) {
  if (!can_give_up_root("a folder without permission")) return;
  fs::permissions(folder.path(), fs::perms(0755));
  const fs::path closed = folder / "closed";
  const fs::path read_only = folder / "read_only";
  fs::create_directory(closed);
  fs::create_directory(read_only);
  fs::permissions(closed, fs::perms::none);
  fs::permissions(read_only, fs::perms(0555));
  const std::errc denied = std::errc::permission_denied;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               if (!give_up_root()) return "is still root";
               return not_refused(closed / "a.lock", denied) +
                      not_refused(read_only / "a.lock", denied) +
                      not_refused(read_only / "b" / "a.lock", denied);
             }) == "");
  fs::permissions(closed, fs::perms::owner_all);
  fs::permissions(read_only, fs::perms::owner_all);
}

// Runs itself in a name space of its own, where the folder that the variable
// names is read-only.
BOOST_AUTO_TEST_CASE(a_missing_file_on_a_read_only_file_system_is_refused) {
  constexpr const char* variable = "FILELOCK_TEST_READ_ONLY_FOLDER";
  constexpr const char* mount =
      "mount -t tmpfs -o ro none \"$0\" && exec \"$@\"";
  if (const char* const read_only = std::getenv(variable)) {
    const std::errc refused = std::errc::read_only_file_system;
    const fs::path here = read_only;
    BOOST_TEST(not_refused(here / "a.lock", refused) == "");
    BOOST_TEST(not_refused(here / "b" / "a.lock", refused) == "");
    return;
  }
  const test::temporary_folder folder;
  const std::string mounted = folder.path().string();
  const auto in_name_space = [&](std::vector<std::string> command) {
    command.insert(command.begin(),
                   {"unshare", "-rm", "sh", "-c", mount, mounted});
    return test::child_process(command,
                               test::child_process::errors::are_output);
  };
  if (test::child_process probe = in_name_space({"true"}); probe.wait() != 0)
    return test::skipped("a missing file on a read-only file system",
                         "unshare -rm and mount are not permitted");
  ::setenv(variable, mounted.c_str(), 1);
  test::child_process child =
      in_name_space({fs::read_symlink("/proc/self/exe").string(),
                     "--run_test=lock_bad_input/"
                     "a_missing_file_on_a_read_only_file_system_is_refused"});
  ::unsetenv(variable);
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() == 0, said);
}

// ---- Resources ----

BOOST_FIXTURE_TEST_CASE(no_descriptor_left_is_an_error_and_no_more, lock_file) {
  BOOST_TEST(failure_in_child([&]() -> std::string {
               ::rlimit before;
               ::getrlimit(RLIMIT_NOFILE, &before);
               const int lowest_free = ::dup(STDERR_FILENO);
               ::close(lowest_free);
               ::rlimit none = before;
               none.rlim_cur = static_cast<::rlim_t>(lowest_free);
               file_lock open{path};
               ::setrlimit(RLIMIT_NOFILE, &none);
               const std::string failed =
                   not_refused(path, std::errc::too_many_files_open) +
                   not_refused(folder.path() / "b" / "a.lock",
                               std::errc::too_many_files_open);
               ::setrlimit(RLIMIT_NOFILE, &before);
               return open.try_lock() ? failed : failed + "not locked later";
             }) == "");
}

BOOST_FIXTURE_TEST_CASE(a_lock_opened_before_needs_no_descriptor, lock_file) {
  BOOST_TEST(failure_in_child([&]() -> std::string {
               file_lock lock{path};
               lock.open();
               const ::rlimit none = {0, 0};
               ::setrlimit(RLIMIT_NOFILE, &none);
               lock.lock();
               lock.unlock();
               return lock.try_lock() ? "" : "not locked";
             }) == "");
}

// ---- Policies ----

namespace {

struct unusual {};

/// A policy that throws the same each time.
template <class Exception>
struct throwing {
  Exception exception;
  milliseconds operator()(const filelock::wait_state&) const {
    throw exception;
  }
};

/// \returns The error code of a wait that the policy ends by throwing, or
/// nothing where it does not also throw just that, or holds something.
template <class Exception>
std::optional<std::error_code> code_of(const fs::path& path,
                                       Exception exception) {
  file_lock holder{path};
  holder.lock();
  const int before = test::count_descriptors();
  basic_file_lock lock{path, throwing<Exception>{exception}};
  bool has_thrown = false;
  try {
    (void)lock.try_lock_for(std::chrono::minutes(1));
  } catch (const Exception&) {
    has_thrown = true;
  }
  std::error_code ec;
  const bool locked = lock.try_lock_for(std::chrono::minutes(1), ec);
  if (!has_thrown || locked || lock.is_open() || lock.owns_lock() ||
      test::count_descriptors() != before)
    return std::nullopt;
  // The lock works as before.
  holder.unlock();
  if (!lock.try_lock()) return std::nullopt;
  return ec;
}

/// \returns What goes wrong in a wait that this policy paces.
template <class Policy>
std::string failure_with(const fs::path& path, Policy policy) {
  file_lock holder{path};
  holder.lock();
  basic_file_lock lock{path, policy};
  const auto begin = std::chrono::steady_clock::now();
  std::error_code ec;
  std::string failed;
  if (lock.try_lock_for(milliseconds(30), ec)) failed += "locked; ";
  if (ec) failed += ec.message() + "; ";
  const auto waited = std::chrono::steady_clock::now() - begin;
  if (waited < milliseconds(30)) failed += "too short; ";
  if (waited > std::chrono::seconds(20)) failed += "too long; ";
  if (lock.is_open() || lock.owns_lock()) failed += "holds; ";
  holder.unlock();
  if (!lock.try_lock()) failed += "not locked later; ";
  return failed;
}

template <class Duration>
auto always(Duration delay) {
  return [delay](const filelock::wait_state&) { return delay; };
}

} // namespace

BOOST_FIXTURE_TEST_CASE(what_a_policy_throws_ends_the_wait, lock_file) {
  BOOST_TEST((code_of(path, std::runtime_error("no more")) ==
              std::make_error_code(std::errc::operation_canceled)));
  BOOST_TEST((code_of(path, unusual()) ==
              std::make_error_code(std::errc::operation_canceled)));
  BOOST_TEST((code_of(path, std::bad_alloc()) ==
              std::make_error_code(std::errc::not_enough_memory)));
  const std::error_code own = std::make_error_code(std::errc::broken_pipe);
  BOOST_TEST((code_of(path, std::system_error(own)) == own));
}

BOOST_FIXTURE_TEST_CASE(a_policy_that_returns_nonsense_does_no_harm,
                        lock_file) {
  using seconds = std::chrono::duration<double>;
  using limits = std::numeric_limits<double>;
  using std::chrono::hours;
  using std::chrono::nanoseconds;
  BOOST_TEST(failure_with(path, always(milliseconds(-1))) == "");
  BOOST_TEST(failure_with(path, always((milliseconds::min)())) == "");
  BOOST_TEST(failure_with(path, always((milliseconds::max)())) == "");
  BOOST_TEST(failure_with(path, always((nanoseconds::min)())) == "");
  BOOST_TEST(failure_with(path, always((nanoseconds::max)())) == "");
  BOOST_TEST(failure_with(path, always((hours::max)())) == "");
  BOOST_TEST(failure_with(path, always(seconds(limits::quiet_NaN()))) == "");
  BOOST_TEST(failure_with(path, always(seconds(limits::infinity()))) == "");
  BOOST_TEST(failure_with(path, always(seconds(-limits::infinity()))) == "");
  BOOST_TEST(failure_with(path, always(seconds((limits::max)()))) == "");
}

BOOST_FIXTURE_TEST_CASE(a_policy_that_gives_up_ends_the_wait, lock_file) {
  file_lock holder{path};
  holder.lock();
  basic_file_lock lock{path, always(std::optional<milliseconds>())};
  BOOST_TEST(!lock.try_lock_for(std::chrono::hours(1)));
  BOOST_TEST(!lock.is_open());
}

// ---- A contender and the holder's file ----

namespace {

bool operator==(const ::timespec& a, const ::timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

/// \returns What differs between two states of a file.
std::string changes(const struct ::stat& a, const struct ::stat& b) {
  std::string changed;
  if (a.st_ino != b.st_ino) changed += "inode; ";
  if (a.st_mode != b.st_mode) changed += "mode; ";
  if (a.st_size != b.st_size) changed += "size; ";
  if (!(test::accessed(a) == test::accessed(b))) changed += "time of access; ";
  if (!(test::modified(a) == test::modified(b)))
    changed += "time of modification; ";
  if (!(test::changed(a) == test::changed(b))) changed += "time of change; ";
  return changed;
}

struct ::stat state_of(const fs::path& path) {
  struct ::stat state = {};
  ::stat(path.c_str(), &state);
  return state;
}

::mode_t mode_of_created(const fs::path& path, ::mode_t umask,
                         const open_options& options = {}) {
  const ::mode_t before = ::umask(umask);
  file_lock lock{path, options};
  lock.lock();
  ::umask(before);
  return state_of(path).st_mode & 07777;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_contender_changes_nothing_of_the_file, lock_file) {
  constexpr const char* text = "what the holder wrote";
  write_file(path, text);
  fs::permissions(path, fs::perms(0640));
  // Times that are long past, so that a change shows.
  const ::timespec past[2] = {{1000000000, 1}, {1000000000, 2}};
  BOOST_TEST(::utimensat(AT_FDCWD, path.c_str(), past, 0) == 0);
  file_lock holder{path};
  holder.lock();
  const struct ::stat before = state_of(path);
  for (const form& each : forms()) {
    if (std::string(each.name) == "lock" ||
        std::string(each.name) == "lock_shared")
      continue; // would wait for ever
    file_lock contender{path};
    each.throwing(contender);
    BOOST_TEST(!contender.owns_lock());
    BOOST_TEST(changes(before, state_of(path)) == "", each.name);
  }
  holder.unlock();
  file_lock next{path};
  next.lock();
  next.close();
  holder.close();
  BOOST_TEST(changes(before, state_of(path)) == "");
  std::ifstream file(path);
  const std::string bytes((std::istreambuf_iterator<char>(file)),
                          std::istreambuf_iterator<char>());
  BOOST_TEST(bytes == text);
}

BOOST_FIXTURE_TEST_CASE(a_created_file_has_the_permissions_asked, lock_file) {
  // The umask is the process's, so it is changed in children.
  const auto mode = [&](const char* name, ::mode_t umask, int permissions) {
    const fs::path created = folder / name;
    BOOST_TEST(failure_in_child([&] {
                 mode_of_created(created, umask, with([&](auto& o) {
                                   o.permissions = fs::perms(permissions);
                                 }));
                 return "";
               }) == "");
    return state_of(created).st_mode & 07777;
  };
  BOOST_TEST(mode("a", 0, 0666) == 0666u);
  BOOST_TEST(mode("b", 022, 0666) == 0644u);
  BOOST_TEST(mode("c", 027, 0666) == 0640u);
  BOOST_TEST(mode("d", 022, 0600) == 0600u);
  BOOST_TEST(mode("e", 0, 0600) == 0600u);
  BOOST_TEST(static_cast<int>(open_options().permissions) == 0666);
}

BOOST_FIXTURE_TEST_CASE(parents_are_created, lock_file) {
  const fs::path deep = folder.path() / "a" / "b" / "c" / "d.lock";
  BOOST_TEST(failure_in_child([&] {
               ::umask(027);
               file_lock lock{deep};
               lock.lock();
               return "";
             }) == "");
  BOOST_TEST(fs::is_regular_file(deep));
  BOOST_TEST((state_of(deep.parent_path()).st_mode & 07777) == 0750u);
}

BOOST_FIXTURE_TEST_CASE(two_processes_create_the_same_parents, lock_file) {
  constexpr int rounds = 200;
  const test::shared_memory<std::atomic<int>> shared;
  std::atomic<int>* const arrived = &*shared;
  const auto create = [&]() -> std::string {
    std::string failed;
    for (int round = 1; round <= rounds; ++round) {
      file_lock lock{folder.path() / std::to_string(round) / "b" / "c" / "d"};
      ++*arrived;
      while (*arrived < 2 * round)
        ::sched_yield();
      std::error_code ec;
      lock.lock(ec);
      if (ec) failed += ec.message() + "; ";
    }
    return failed;
  };
  const auto body = [&](test::line_channel&) { return create(); };
  test::child_process first = test::child_process::forked(body);
  test::child_process second = test::child_process::forked(body);
  BOOST_TEST(first.failure() == "");
  BOOST_TEST(second.failure() == "");
}

BOOST_FIXTURE_TEST_CASE(a_lock_is_never_a_standard_stream, lock_file) {
  test::child_process child = test::child_process::forked([&](test::
                                                                  line_channel&)
                                                              -> std::string {
    for (const int stream : {0, 1, 2})
      ::close(stream);
    for (const bool inheritable : {false, true}) {
      file_lock lock{path, with([&](auto& o) { o.inheritable = inheritable; })};
      lock.lock();
      if (lock.native_handle() <= 2) return "is a standard stream";
      for (const int stream : {0, 1, 2})
        if (::fcntl(stream, F_GETFD) >= 0) return "left a stream open";
      const bool closes =
          (::fcntl(lock.native_handle(), F_GETFD) & FD_CLOEXEC) != 0;
      if (closes == inheritable) return "has the wrong flag";
    }
    return "";
  });
  BOOST_TEST(child.failure() == "");
}

BOOST_FIXTURE_TEST_CASE(no_descriptor_above_the_standard_streams_is_an_error,
                        lock_file) {
  BOOST_TEST(failure_in_child([&]() -> std::string {
               file_lock lock{path};
               ::rlimit limit;
               ::getrlimit(RLIMIT_NOFILE, &limit);
               limit.rlim_cur = 3;
               ::setrlimit(RLIMIT_NOFILE, &limit);
               ::close(0);
               std::error_code ec;
               lock.lock(ec);
               if (::fcntl(0, F_GETFD) >= 0) return "left a stream open";
               return ec == std::errc::too_many_files_open ? "" : ec.message();
             }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
