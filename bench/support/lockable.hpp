// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_LOCKABLE_HPP
#define FILELOCK_BENCH_SUPPORT_LOCKABLE_HPP

#include "lock_under_test.hpp"

#include <chrono>
#include <filesystem>

namespace bench {

/// A lock that waits as long as it takes.
template <class Lock>
class lockable : public lock_under_test {
public:
  explicit lockable(const std::filesystem::path& path) : lock_(path) {}

  bool acquire(std::chrono::steady_clock::time_point) override {
    lock_.lock();
    return true;
  }
  void release() override { lock_.unlock(); }

private:
  Lock lock_;
};

} // namespace bench

#endif
