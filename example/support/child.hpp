// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Child processes of the example programs, which the manual does not show.

#ifndef FILELOCK_EXAMPLE_SUPPORT_CHILD_HPP
#define FILELOCK_EXAMPLE_SUPPORT_CHILD_HPP

#include "example.hpp"

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

namespace example {

/// Effects: calls `work()` in a child process, which then ends: with an error
/// if that throws.
/// \returns The process.
template <class Work>
::pid_t start_child(Work work) {
  const ::pid_t child = ::fork();
  check(child >= 0, "fork");
  if (child != 0) return child;
  try {
    work();
    ::_exit(EXIT_SUCCESS);
  } catch (const std::exception& error) {
    std::cerr << "failed in a child: " << error.what() << std::endl;
  }
  ::_exit(EXIT_FAILURE);
}

/// Effects: calls `work()` in a child process whose working directory is a new
/// folder of its own, and which is not root: no permission stops root.
template <class Work>
void run_as_user(const std::filesystem::path& folder, Work work) {
  constexpr ::uid_t user = 61234; // which no service has
  std::filesystem::create_directory(folder);
  const bool is_root = ::geteuid() == 0;
  if (is_root) check(::chown(folder.c_str(), user, ::getegid()) == 0, "chown");
  const ::pid_t child = start_child([&] {
    std::filesystem::current_path(folder);
    if (is_root) check(::setuid(user) == 0, "setuid");
    work();
  });
  int status = 0;
  check(::waitpid(child, &status, 0) == child && status == 0, "a user's work");
}

} // namespace example

#endif
