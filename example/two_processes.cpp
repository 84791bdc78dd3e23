// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows

// Two processes: the second waits for the first, which is killed.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace {

using example::check;

/// A child that takes the lock, says so, and holds it until it is killed.
class holder {
public:
  explicit holder(const std::filesystem::path& path) {
    int ends[2];
    check(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
    child_ = ::fork();
    check(child_ >= 0, "fork");
    if (child_ == 0) {
      // tag::child[]
      filelock::file_lock lock{path};
      lock.lock();
      // end::child[]
      ::close(ends[0]);
      char byte = 1;
      if (::write(ends[1], &byte, 1) != 1) ::_exit(EXIT_FAILURE);
      // Until it is killed; or its parent is, which ends the stream.
      while (::read(ends[1], &byte, 1) > 0)
        ;
      ::_exit(EXIT_FAILURE);
    }
    ::close(ends[1]);
    stream_ = ends[0];
    char taken = 0;
    if (::read(stream_, &taken, 1) == 1) return;
    kill();
    throw std::runtime_error("the child could not take the lock");
  }
  ~holder() { kill(); }
  holder(const holder&) = delete;
  holder& operator=(const holder&) = delete;

  void kill() {
    if (child_ == 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
    ::close(stream_);
  }

private:
  ::pid_t child_ = 0;
  int stream_ = -1;
};

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  holder other{path};

  // tag::parent[]
  filelock::file_lock lock{path};
  check(!lock.try_lock(), "the other process holds it");
  other.kill(); // SIGKILL
  lock.lock();  // the kernel has released it
  // end::parent[]
  check(lock.owns_lock(), "the lock of a dead process is free");
}

} // namespace

int main() { return example::run(use); }
