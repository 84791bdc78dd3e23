// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_MUTEX_AND_FILE_LOCK_HPP
#define FILELOCK_BENCH_SUPPORT_MUTEX_AND_FILE_LOCK_HPP

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <mutex>

namespace bench {

/// What a program does without file_mutex.
class mutex_and_file_lock {
public:
  explicit mutex_and_file_lock(const std::filesystem::path& path)
      : lock_(path) {}
  void lock() {
    mutex_.lock();
    lock_.lock();
  }
  void unlock() {
    lock_.unlock();
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  filelock::file_lock lock_;
};

} // namespace bench

#endif
