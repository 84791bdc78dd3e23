// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a simulated contender does.

#ifndef FILELOCK_TESTING_CONTENTION_HPP
#define FILELOCK_TESTING_CONTENTION_HPP

#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>

namespace filelock {
inline namespace v1 {

/// Durations, one of which a simulation takes at random: all are equally
/// likely. What is negative is zero.
struct duration_range {
  std::chrono::nanoseconds least{}; ///< the shortest
  std::chrono::nanoseconds most{};  ///< the longest; at least as long

  /// No time.
  constexpr duration_range() = default;
  /// One duration, and no chance.
  template <class Rep, class Period>
  constexpr duration_range(const std::chrono::duration<Rep, Period>& length)
      : duration_range(length, length) {}
  /// From the shortest to the longest, both included.
  constexpr duration_range(std::chrono::nanoseconds shortest,
                           std::chrono::nanoseconds longest)
      : least(shortest), most(longest) {}
};

/// What a simulated contender does: an aggregate.
struct contention {
  /// How long it waits before it first asks for the lock.
  duration_range start{};
  /// How long it holds the lock; the greatest value of it: for ever.
  duration_range hold = std::chrono::milliseconds(1);
  /// How long it rests from the end of a hold to its next acquire.
  duration_range rest{};
  /// How often it acquires, or gives up, before it is gone.
  std::uint64_t times = 1;
  /// After how long it gives up an acquire; the greatest value: never.
  std::chrono::nanoseconds timeout = (std::chrono::nanoseconds::max)();
  /// How it holds the lock: exclusive or shared.
  lock_mode mode = lock_mode::exclusive;
};

} // namespace v1
} // namespace filelock

#endif
