// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows

// A daemon that runs once at a time. The lock is taken before the program goes
// into the background, so the one that starts it hears of another daemon. The
// daemon holds the lock until it ends, and names itself in the lock file.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/owner_record.hpp>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace {

using example::check;

int to_daemon[2];   // closed: the daemon's work is done
int from_daemon[2]; // a byte: the daemon works; closed: it has ended

void work() {
  char byte = 0;
  ::close(to_daemon[1]);
  while (::write(from_daemon[1], &byte, 1) == 1 &&
         ::read(to_daemon[0], &byte, 1) > 0) {
  }
}

// tag::daemon[]
/// \returns Whether a daemon was started: false if one runs already.
bool start_daemon(const std::filesystem::path& path) {
  filelock::file_lock lock{path};
  if (!lock.try_lock()) return false;

  const int handle = lock.release(); // open and locked, but not lock's any more
  const ::pid_t child = ::fork();
  if (child != 0) {
    ::close(handle); // the child's descriptor keeps the lock
    return child > 0 && ::waitpid(child, nullptr, 0) == child;
  }
  ::setsid();
  if (::fork() != 0) ::_exit(EXIT_SUCCESS); // the daemon has no terminal now

  filelock::file_lock own{filelock::adopt_handle, handle,
                          filelock::lock_mode::exclusive};
  filelock::write_owner(own); // the kernel knows the process that took the lock
  work();
  ::_exit(EXIT_SUCCESS); // releases, as any other end of the process does
}
// end::daemon[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "daemon.lock";
  check(::pipe(to_daemon) == 0 && ::pipe(from_daemon) == 0, "pipe");

  // The process that starts the daemon ends long before it.
  const ::pid_t starter = ::fork();
  if (starter == 0) ::_exit(start_daemon(path) ? EXIT_SUCCESS : EXIT_FAILURE);
  int status = 0;
  check(::waitpid(starter, &status, 0) == starter && status == 0, "started");
  ::close(to_daemon[0]);
  ::close(from_daemon[1]);
  char byte;
  check(::read(from_daemon[0], &byte, 1) == 1, "the daemon works");

  filelock::file_lock lock{path};
  check(!lock.try_lock(), "the daemon holds the lock, though its parent ended");
  check(!start_daemon(path), "no second daemon");
  const std::optional<filelock::owner_record> owner =
      filelock::read_owner(path);
  check(owner && owner->process != starter, "the record names the daemon");
  check(lock.holder() != owner->process, "the kernel does not");

  ::close(to_daemon[1]);
  check(::read(from_daemon[0], &byte, 1) == 0, "the daemon has ended");
  lock.lock(); // its descriptors are closed, in whatever order
  check(!start_daemon(path), "the lock is held here");
}

} // namespace

int main() { return example::run(use); }
