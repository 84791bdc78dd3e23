// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A line on the terminal that says what is being done.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_PROGRESS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_PROGRESS_HPP

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

namespace verify {

/// Writes to stderr, and only where that is a terminal.
class progress {
public:
  void begin(std::string what) {
    what_ = std::move(what);
    shown_ = clock::time_point();
    tick();
  }

  /// Effects: shows the seconds, ten times in one at most.
  void tick() {
    const clock::time_point now = clock::now();
    if (!is_terminal_ || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    const std::chrono::duration<double> passed = now - begun_;
    std::fprintf(stderr, "\r%5.1f s  %.70s\033[K", passed.count(),
                 what_.c_str());
  }

  void end() {
    if (is_terminal_) std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    is_terminal_ = false;
  }

private:
  using clock = std::chrono::steady_clock;

  bool is_terminal_ = ::isatty(STDERR_FILENO) == 1;
  clock::time_point begun_ = clock::now();
  clock::time_point shown_;
  std::string what_;
};

} // namespace verify

#endif
