// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The texts of --help and --version.

#ifndef FILELOCK_EXAMPLE_FLOCK_USAGE_HPP
#define FILELOCK_EXAMPLE_FLOCK_USAGE_HPP

#include "messages.hpp"

#include <filelock/version.hpp>

#include <cstdio>

namespace flock_program {

inline void print_usage() {
  const char* const name = program_name().c_str();
  std::printf(R"(
Usage:
 %s [options] <file>|<directory>|<device> <command> [<argument>...]
 %s [options] <file>|<directory>|<device> -c <command>
 %s [options] <file descriptor number>
 %s [options] --fd <file descriptor number> -c <command>
 %s [options] --fd <file descriptor number> <command> [<argument>...]
)",
              name, name, name, name, name);
  std::fputs(R"(
Locks files for shell scripts.

Options:
 -s, --shared             take a shared lock
 -x, -e, --exclusive      take an exclusive lock (default)
 -u, --unlock             release a lock
 -n, --nb, --nonblocking  fail rather than wait
 -w, --timeout <time>     wait for a limited time: 5, 0.5, 500ms, 5s, 2m, 1h
     --wait <time>        same as --timeout
 -E, --conflict-exit-code <number>
                          exit code if the lock is busy, or after the timeout
 -o, --close              close the descriptor before the command runs
 -c, --command <command>  run a command line by the shell
 -F, --no-fork            execute the command without forking
     --fcntl              lock by fcntl(F_OFD_SETLK) rather than flock()
     --start <offset>     first byte to lock (implies --fcntl)
     --length <number>    number of bytes to lock (implies --fcntl)
     --fd <number>        lock this descriptor while the command runs
     --fifo               wait in the order of arrival (implies --fcntl)
     --robust-owner       exit with 79 if the last owner died with the lock
     --repair             run the command after such a death
     --wait-message <text>
                          print a text if the lock is busy; %p is the owner,
                          %f the file
 -v, --verbose            say how long the wait took, and who held the lock

 -h, --help               display this help
 -V, --version            display version

For more details see flock(1).
)",
             stdout);
}

inline void print_version() {
  std::printf("%s from filelock %d.%d.%d\n", program_name().c_str(),
              FILELOCK_VERSION_MAJOR, FILELOCK_VERSION_MINOR,
              FILELOCK_VERSION_PATCH);
}

} // namespace flock_program

#endif
