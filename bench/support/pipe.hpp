// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_PIPE_HPP
#define FILELOCK_BENCH_SUPPORT_PIPE_HPP

#include "throw_errno.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace bench {

/// The two ends of a pipe. Programs that are executed inherit neither.
class pipe {
public:
  pipe() {
    if (::pipe(ends_) != 0) throw_errno("pipe");
    for (const int end : ends_)
      if (::fcntl(end, F_SETFD, FD_CLOEXEC) != 0) throw_errno("fcntl");
  }
  ~pipe() {
    close_reader();
    close_writer();
  }
  pipe(const pipe&) = delete;
  pipe& operator=(const pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }

private:
  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }

  int ends_[2];
};

} // namespace bench

#endif
