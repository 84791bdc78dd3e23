// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_RAW_FLOCK_HPP
#define FILELOCK_BENCH_SUPPORT_RAW_FLOCK_HPP

#include "lock_file_descriptor.hpp"
#include "lock_under_test.hpp"
#include "throw_errno.hpp"

#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <filesystem>

namespace bench {

/// flock(2), which waits in the kernel without a deadline.
class raw_flock : public lock_under_test {
public:
  explicit raw_flock(const std::filesystem::path& path) : file_(path) {}

  bool acquire(std::chrono::steady_clock::time_point) override {
    call(LOCK_EX);
    return true;
  }
  void release() override { call(LOCK_UN); }

private:
  void call(int operation) {
    while (::flock(file_.number(), operation) != 0)
      if (errno != EINTR) throw_errno("flock");
  }

  lock_file_descriptor file_;
};

} // namespace bench

#endif
