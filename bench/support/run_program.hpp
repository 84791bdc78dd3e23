// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_RUN_PROGRAM_HPP
#define FILELOCK_BENCH_SUPPORT_RUN_PROGRAM_HPP

#include "command_line.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace bench {

/// What main() does: `run` takes its options. \returns The exit status.
template <class Run>
int run_program(int count, char** arguments, const char* usage, Run run) {
  try {
    command_line options(count, arguments);
    run(options);
    return EXIT_SUCCESS;
  } catch (const command_line::wrong& error) {
    std::fprintf(stderr, "%s\nusage: %s %s\n", error.what(), arguments[0],
                 usage);
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "\n%s\n", error.what());
    return EXIT_FAILURE;
  }
}

} // namespace bench

#endif
