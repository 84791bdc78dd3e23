// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SLEEP_ALONE_HPP
#define FILELOCK_BENCH_SUPPORT_SLEEP_ALONE_HPP

#include "cpu_time.hpp"
#include "lock_under_test.hpp"

#include <chrono>
#include <functional>
#include <thread>

namespace bench {

/// No lock at all: a wait sleeps until its deadline. What it is late by, the
/// machine is, and so is every other subject.
class sleep_alone final : public lock_under_test {
public:
  bool acquire(std::chrono::steady_clock::time_point) override { return true; }
  void release() override {}

  wait_report wait(std::chrono::nanoseconds timeout,
                   const std::function<void()>& begun) override {
    using std::chrono::steady_clock;
    begun();
    const std::chrono::nanoseconds cpu_before = cpu_time();
    const steady_clock::time_point begin = steady_clock::now();
    std::this_thread::sleep_until(begin + timeout);
    return {false, begin, steady_clock::now(), cpu_time() - cpu_before};
  }
};

} // namespace bench

#endif
