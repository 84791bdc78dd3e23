// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows

// A daemon that runs once at a time. The lock is taken before the program goes
// into the background, so the one that starts it hears of another daemon. The
// daemon holds the lock until it ends, and names itself in the lock file.

#include "support/example.hpp"

// tag::daemon[]
#include <filelock/file_lock.hpp>
#include <filelock/owner_record.hpp>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

void work(); // the daemon's, which ends when it returns

/// Effects: runs in the daemon, and ends it. An exception must not go on into
/// the code that called start_daemon(): that belongs to another process.
[[noreturn]] void run_daemon(int handle) noexcept {
  try {
    filelock::file_lock own{filelock::adopt_handle, handle,
                            filelock::lock_mode::exclusive};
    std::error_code ec; // without a record, only the message of others suffers
    filelock::write_owner(own, {}, filelock::foreign_content::refuse, ec);
    work();
    ::_exit(EXIT_SUCCESS); // releases, as any other end of the process does
  } catch (...) {
    ::_exit(EXIT_FAILURE); // your log could say why
  }
}

/// \returns The number of the error with which `child` ended, or 0.
int result_of(::pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return errno; // ECHILD if SIGCHLD is ignored
  return WIFEXITED(status) ? WEXITSTATUS(status) : ECANCELED;
}

/// \returns Whether a daemon was started: false if one runs already.
/// \throws std::system_error If the system cannot start a process.
bool start_daemon(const std::filesystem::path& path) {
  filelock::file_lock lock{path};
  if (!lock.try_lock()) return false;

  const int handle = lock.release(); // open and locked, but not lock's any more
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    const ::pid_t daemon = ::fork(); // it has no terminal
    if (daemon == 0) run_daemon(handle);
    ::_exit(daemon > 0 ? 0 : errno);
  }
  const int error = child > 0 ? result_of(child) : errno;
  ::close(handle); // the daemon's descriptor keeps the lock
  if (error != 0) throw std::system_error(error, std::generic_category());
  return true;
}
// end::daemon[]

#include "support/child.hpp"

#include <sys/resource.h>

#include <fstream>
#include <optional>

namespace {

using example::check;

int to_daemon[2];   // closed: the daemon's work is done
int from_daemon[2]; // a byte: the daemon works; closed: it has ended

} // namespace

void work() {
  char byte = 0;
  ::close(to_daemon[1]);
  while (::write(from_daemon[1], &byte, 1) == 1 &&
         ::read(to_daemon[0], &byte, 1) > 0) {
  }
}

namespace {

void runs_once(const std::filesystem::path& path, bool has_record) {
  check(::pipe(to_daemon) == 0 && ::pipe(from_daemon) == 0, "pipe");

  // The process that starts the daemon ends long before it.
  const ::pid_t starter =
      example::start_child([&] { check(start_daemon(path), "the first one"); });
  check(result_of(starter) == 0, "started");
  ::close(to_daemon[0]);
  ::close(from_daemon[1]);
  char byte;
  check(::read(from_daemon[0], &byte, 1) == 1, "the daemon works");

  filelock::file_lock lock{path};
  check(!lock.try_lock(), "the daemon holds the lock, though its parent ended");
  check(!start_daemon(path), "no second daemon");
  const std::optional<filelock::owner_record> owner =
      filelock::read_owner(path);
  check(owner.has_value() == has_record, "a record");
  if (owner) {
    check(owner->process != starter, "the record names the daemon");
    check(lock.holder() != owner->process, "the kernel does not");
  }

  ::close(to_daemon[1]);
  check(::read(from_daemon[0], &byte, 1) == 0, "the daemon has ended");
  ::close(from_daemon[0]);
  lock.lock(); // its descriptors are closed, in whatever order
  check(!start_daemon(path), "the lock is held here");
}

/// Effects: starts a daemon where the user may not have more processes than
/// this one and `others`. Those that run already may be more, too.
void a_failed_fork_is_an_error(::rlim_t others) {
  const ::rlimit limit{1 + others, 1 + others};
  check(::setrlimit(RLIMIT_NPROC, &limit) == 0, "setrlimit");
  int error = 0;
  try {
    start_daemon("daemon.lock");
  } catch (const std::system_error& failed) {
    error = failed.code().value();
  }
  check(error == EAGAIN, "a fork that fails is an error");
  check(filelock::file_lock{"daemon.lock"}.try_lock(), "the lock is free then");
}

void use(const example::temporary_folder& folder) {
  runs_once(folder / "daemon.lock", true);

  const std::filesystem::path foreign = folder / "foreign.lock";
  std::ofstream(foreign) << "not a record, so it stays\n";
  runs_once(foreign, false);

  example::run_as_user(folder / "first", [] { a_failed_fork_is_an_error(0); });
  example::run_as_user(folder / "second", [] { a_failed_fork_is_an_error(1); });
}

} // namespace

int main() { return example::run(use); }
