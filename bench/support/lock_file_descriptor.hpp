// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_LOCK_FILE_DESCRIPTOR_HPP
#define FILELOCK_BENCH_SUPPORT_LOCK_FILE_DESCRIPTOR_HPP

#include "throw_errno.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace bench {

/// A file that is open to be locked, and is created if need be.
class lock_file_descriptor {
public:
  explicit lock_file_descriptor(const std::filesystem::path& path)
      : number_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (number_ < 0) throw_errno(path.string());
  }
  ~lock_file_descriptor() { ::close(number_); }
  lock_file_descriptor(const lock_file_descriptor&) = delete;
  lock_file_descriptor& operator=(const lock_file_descriptor&) = delete;

  int number() const { return number_; }

private:
  int number_;
};

} // namespace bench

#endif
