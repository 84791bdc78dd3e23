// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_LOCK_UNDER_TEST_HPP
#define FILELOCK_BENCH_SUPPORT_LOCK_UNDER_TEST_HPP

#include "cpu_time.hpp"

#include <chrono>
#include <functional>

namespace bench {

/// What one wait was like, as the waiter saw it.
struct wait_report {
  bool is_acquired = false;
  std::chrono::steady_clock::time_point begin;
  std::chrono::steady_clock::time_point end;
  std::chrono::nanoseconds cpu{};
};

/// A lock, with the way to wait for it that is measured.
class lock_under_test {
public:
  virtual ~lock_under_test() = default;

  /// Effects: waits in that way; as long as it takes, if it knows no deadline.
  virtual bool acquire(std::chrono::steady_clock::time_point deadline) = 0;
  virtual void release() = 0;

  /// Effects: waits, and releases what it has acquired. It is another program
  /// that waits where one is measured.
  /// \param begun is called just before the wait begins.
  virtual wait_report wait(std::chrono::nanoseconds timeout,
                           const std::function<void()>& begun) {
    using std::chrono::steady_clock;
    begun();
    const std::chrono::nanoseconds cpu_before = cpu_time();
    const steady_clock::time_point begin = steady_clock::now();
    const bool is_acquired = acquire(begin + timeout);
    const steady_clock::time_point end = steady_clock::now();
    const std::chrono::nanoseconds cpu = cpu_time() - cpu_before;
    if (is_acquired) release();
    return {is_acquired, begin, end, cpu};
  }
};

} // namespace bench

#endif
