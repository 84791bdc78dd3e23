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

/// A range from which a simulation picks durations at random. All of them are
/// equally likely. A negative duration is zero.
struct duration_range {
  std::chrono::nanoseconds least{}; ///< the shortest
  std::chrono::nanoseconds most{};  ///< the longest; at least as long

  /// Zero.
  constexpr duration_range() = default;
  /// One fixed duration.
  template <class Rep, class Period>
  constexpr duration_range(const std::chrono::duration<Rep, Period>& length)
      : duration_range(length, length) {}
  /// Every duration from `shortest` to `longest`, both included.
  constexpr duration_range(std::chrono::nanoseconds shortest,
                           std::chrono::nanoseconds longest)
      : least(shortest), most(longest) {}
};

/// The plan of a simulated contender: an aggregate.
struct contention {
  /// How long it waits before its first acquire.
  duration_range start{};
  /// How long it holds the lock; the greatest value: for ever.
  duration_range hold = std::chrono::milliseconds(1);
  /// How long it rests after a hold before its next acquire.
  duration_range rest{};
  /// How often it acquires, or gives up, before it ends.
  std::uint64_t times = 1;
  /// When it gives up an acquire; the greatest value: never.
  std::chrono::nanoseconds timeout = (std::chrono::nanoseconds::max)();
  /// The mode of its holds: exclusive or shared.
  lock_mode mode = lock_mode::exclusive;
};

} // namespace v1
} // namespace filelock

#endif
