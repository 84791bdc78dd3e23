// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What the threads at a mutex_gate wait by: those of the standard library,
/// unless the clock is one of a test that decides itself which thread goes on.

#ifndef FILELOCK_DETAIL_MUTEX_GATE_TOOLS_HPP
#define FILELOCK_DETAIL_MUTEX_GATE_TOOLS_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Clock>
struct gate_tools {
  using mutex = std::mutex;
  using condition_variable = std::condition_variable;
  template <class T>
  using atomic = std::atomic<T>;

  /// Whether sleep() measures time by `Clock`. Otherwise a thread reads the
  /// clock now and then.
  static constexpr bool sleeps_by_clock =
      std::is_same_v<Clock, std::chrono::steady_clock>;

  /// Sleeps until it is woken, or for `length`, or for less.
  static void sleep(condition_variable& changed, std::unique_lock<mutex>& guard,
                    std::chrono::nanoseconds length) {
    if (length == unbounded) return changed.wait(guard);
    // Longer sleeps would overflow the clock. The caller asks again.
    constexpr std::chrono::nanoseconds longest = std::chrono::hours(1);
    changed.wait_until(guard, std::chrono::steady_clock::now() +
                                  lesser(length, longest));
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
