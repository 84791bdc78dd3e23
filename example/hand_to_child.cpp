// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows

// A lock that is handed to a forked child on purpose, as a daemon needs it.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "daemon.lock";
  int ends[2];
  check(::pipe(ends) == 0, "pipe");

  // tag::hand_over[]
  filelock::file_lock lock{path};
  lock.lock();
  const int handle = lock.release(); // open and locked, but not lock's any more
  const ::pid_t child = ::fork();
  if (child == 0) {
    filelock::file_lock own{filelock::adopt_handle, handle,
                            filelock::lock_mode::exclusive};
    // end::hand_over[]
    ::close(ends[1]);
    char byte;
    // Until the parent has seen that the lock is held.
    const bool is_told = ::read(ends[0], &byte, 1) == 0;
    // tag::hand_over[]
    own.unlock(); // when the child's work is done
    // end::hand_over[]
    ::_exit(is_told ? EXIT_SUCCESS : EXIT_FAILURE);
    // tag::hand_over[]
  }
  ::close(handle); // the child's descriptor keeps the lock
  // end::hand_over[]
  ::close(ends[0]);
  check(child > 0, "fork");
  check(!lock.try_lock(), "the child holds it");
  ::close(ends[1]);
  lock.lock();
  int status = 0;
  ::waitpid(child, &status, 0);
  check(status == 0, "the child has ended well");
}

} // namespace

int main() { return example::run(use); }
