// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: SOCK_SEQPACKET of AF_UNIX

// A Platform from scratch: its lock is kept by a server.

#include "support/example.hpp"
#include "support/socket_traits.hpp"

#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using example::check;

static_assert(filelock::is_platform_v<socket_traits>);

void use(const example::temporary_folder& folder) {
  const lock_server server((folder / "server").parent_path());
  // tag::lock[]
  filelock::basic_file_lock<socket_traits> lock{folder / "state"};
  filelock::basic_file_lock<socket_traits> other{folder / "state"};
  lock.lock();
  check(!other.try_lock(), "two objects exclude each other");
  // end::lock[]
  const ::pid_t child = ::fork();
  if (child == 0) ::_exit(lock.owns_lock() || lock.is_open() ? 1 : 0);
  int status = 1;
  ::waitpid(child, &status, 0);
  check(status == 0, "a child owns nothing");
  check(!other.try_lock(), "a child releases nothing");
  lock.unlock();
  check(other.try_lock(), "a release lets another in");
}

} // namespace

int main() { return example::run(use); }
