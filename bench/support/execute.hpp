// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_EXECUTE_HPP
#define FILELOCK_BENCH_SUPPORT_EXECUTE_HPP

#include "throw_errno.hpp"

#include <unistd.h>

#include <string>
#include <vector>

namespace bench {

/// Effects: becomes another program.
/// \param arguments Its path, and what it is told.
/// \param input, output Its standard input and output; those of this process
/// where they are negative.
[[noreturn]] inline void execute(std::vector<std::string> arguments, int input,
                                 int output) {
  if (input >= 0 && ::dup2(input, STDIN_FILENO) < 0) throw_errno("dup2");
  if (output >= 0 && ::dup2(output, STDOUT_FILENO) < 0) throw_errno("dup2");
  std::vector<char*> pointers;
  for (std::string& each : arguments)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  ::execv(pointers[0], pointers.data());
  throw_errno(arguments[0]);
}

} // namespace bench

#endif
