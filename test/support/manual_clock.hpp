// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Clocks that stand still until a test moves them.

#ifndef FILELOCK_TEST_SUPPORT_MANUAL_CLOCK_HPP
#define FILELOCK_TEST_SUPPORT_MANUAL_CLOCK_HPP

#include <chrono>

namespace test {

/// One clock for each Tag. Not for several threads at a time.
template <class Tag, class Duration = std::chrono::nanoseconds>
struct basic_manual_clock {
  using duration = Duration;
  using rep = typename duration::rep;
  using period = typename duration::period;
  using time_point = std::chrono::time_point<basic_manual_clock>;
  static constexpr bool is_steady = false; // a test may set it back

  static time_point now() noexcept {
    ++readings;
    return time_point(since_epoch);
  }

  static void set(duration time) { since_epoch = time; }
  static void advance(duration time) { since_epoch += time; }

  /// Effects: the epoch, never read.
  static void reset() {
    since_epoch = duration::zero();
    readings = 0;
  }

  static inline duration since_epoch = duration::zero();
  static inline int readings = 0;
};

/// For a Platform.
using manual_clock = basic_manual_clock<struct manual_clock_tag>;

/// The clock of a user, which no Platform waits by.
using foreign_clock = basic_manual_clock<struct foreign_clock_tag>;

} // namespace test

#endif
