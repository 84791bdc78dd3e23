// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_RAW_OFD_LOCK_HPP
#define FILELOCK_BENCH_SUPPORT_RAW_OFD_LOCK_HPP

#include "lock_file_descriptor.hpp"
#include "lock_under_test.hpp"
#include "throw_errno.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>

namespace bench {

/// F_OFD_SETLKW of fcntl(2), which waits in the kernel without a deadline.
class raw_ofd_lock final : public lock_under_test {
public:
  explicit raw_ofd_lock(const std::filesystem::path& path) : file_(path) {}

  bool acquire(std::chrono::steady_clock::time_point) override {
    call(F_WRLCK);
    return true;
  }
  void release() override { call(F_UNLCK); }

private:
  void call(short type) {
    struct ::flock whole_file {};
    whole_file.l_type = type;
    whole_file.l_whence = SEEK_SET;
    while (::fcntl(file_.number(), F_OFD_SETLKW, &whole_file) != 0)
      if (errno != EINTR) throw_errno("fcntl");
  }

  lock_file_descriptor file_;
};

} // namespace bench

#endif
