// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Deadlines: each tells how much time remains. A saturated deadline is no
/// deadline.

#ifndef FILELOCK_DETAIL_WAIT_DEADLINE_HPP
#define FILELOCK_DETAIL_WAIT_DEADLINE_HPP

#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The time of a wait.
struct wait_time {
  std::chrono::nanoseconds elapsed;   ///< since the first attempt was busy
  std::chrono::nanoseconds remaining; ///< zero: past; `unbounded`: no deadline
};

/// One attempt and no wait. The clock is never read.
struct no_wait {
  static constexpr bool is_bounded = true;
  static constexpr bool reads_clock = false;
  static constexpr std::chrono::nanoseconds longest_slice = unbounded;

  template <class TimePoint>
  static constexpr std::chrono::nanoseconds remaining(std::chrono::nanoseconds,
                                                      const TimePoint&) {
    return std::chrono::nanoseconds::zero();
  }
};

/// A wait without a deadline.
struct no_deadline {
  static constexpr bool is_bounded = false;
  static constexpr bool reads_clock = true;
  static constexpr std::chrono::nanoseconds longest_slice = unbounded;

  template <class TimePoint>
  static constexpr std::chrono::nanoseconds remaining(std::chrono::nanoseconds,
                                                      const TimePoint&) {
    return unbounded;
  }
};

/// A wait for a duration, measured in the platform's clock.
class timeout {
public:
  static constexpr bool is_bounded = true;
  static constexpr bool reads_clock = true;
  static constexpr std::chrono::nanoseconds longest_slice = unbounded;

  template <class Rep, class Period>
  explicit constexpr timeout(const std::chrono::duration<Rep, Period>& length)
      : length_(saturated_delay(length)) {}

  template <class TimePoint>
  constexpr std::chrono::nanoseconds remaining(std::chrono::nanoseconds elapsed,
                                               const TimePoint&) const {
    if (length_ == unbounded) return unbounded;
    return elapsed < length_ ? length_ - elapsed
                             : std::chrono::nanoseconds::zero();
  }

private:
  std::chrono::nanoseconds length_;
};

/// A wait until a time point of `Clock`. If that is not the platform's clock,
/// it is read again each time. No pause and no wait in the kernel is then
/// longer than a second, so that a change of the clock takes effect.
template <class PlatformClock, class Clock, class Duration>
class time_limit {
public:
  static constexpr bool is_foreign_clock =
      !std::is_same_v<PlatformClock, Clock>;
  static constexpr bool is_bounded = true;
  static constexpr bool reads_clock = true;
  static constexpr std::chrono::nanoseconds longest_slice =
      is_foreign_clock ? std::chrono::seconds(1) : unbounded;

  explicit constexpr time_limit(
      const std::chrono::time_point<Clock, Duration>& end)
      : end_(end) {}

  std::chrono::nanoseconds
  remaining(std::chrono::nanoseconds,
            const typename PlatformClock::time_point& now) const {
    // Compares the counts: for time points a >= b is !(a < b), true for a NaN.
    using time_point = std::chrono::time_point<Clock, Duration>;
    if (end_.time_since_epoch().count() >=
        (time_point::max)().time_since_epoch().count())
      return unbounded;
    if constexpr (is_foreign_clock)
      return time_between(Clock::now().time_since_epoch(),
                          end_.time_since_epoch());
    else
      return time_between(now.time_since_epoch(), end_.time_since_epoch());
  }

private:
  std::chrono::time_point<Clock, Duration> end_;
};

/// \returns The deadline for a limit of any kind, on `PlatformClock`.
/// @{
template <class PlatformClock>
constexpr no_wait deadline_of(const no_wait&) {
  return {};
}
template <class PlatformClock>
constexpr no_deadline deadline_of(const no_deadline&) {
  return {};
}
template <class PlatformClock, class Rep, class Period>
constexpr timeout
deadline_of(const std::chrono::duration<Rep, Period>& length) {
  return timeout(length);
}
template <class PlatformClock, class Clock, class Duration>
constexpr time_limit<PlatformClock, Clock, Duration>
deadline_of(const std::chrono::time_point<Clock, Duration>& end) {
  return time_limit<PlatformClock, Clock, Duration>(end);
}
/// @}

/// \returns The deadline for the rest of a wait, `elapsed` after its start.
/// @{
template <class Deadline>
constexpr Deadline rest_of(const Deadline& deadline, std::chrono::nanoseconds) {
  return deadline;
}
constexpr timeout rest_of(const timeout& deadline,
                          std::chrono::nanoseconds elapsed) {
  return timeout(deadline.remaining(elapsed, elapsed));
}
/// @}

/// Reads the clocks for one wait, which begins at the first reading.
template <class PlatformClock, class Deadline>
class wait_clock {
public:
  explicit constexpr wait_clock(const Deadline& deadline)
      : deadline_(deadline) {}

  wait_time read() {
    if constexpr (!Deadline::reads_clock) {
      return {std::chrono::nanoseconds::zero(),
              std::chrono::nanoseconds::zero()};
    } else {
      now_ = PlatformClock::now();
      if (!has_started_) start_ = now_;
      has_started_ = true;
      const std::chrono::nanoseconds elapsed =
          time_between(start_.time_since_epoch(), now_.time_since_epoch());
      return {elapsed, deadline_.remaining(elapsed, now_)};
    }
  }

  /// \returns The time point that is `delay` after the last reading.
  typename PlatformClock::time_point
  after_last_reading(std::chrono::nanoseconds delay) const {
    return saturated_sum(now_, delay);
  }

private:
  const Deadline& deadline_;
  typename PlatformClock::time_point start_{};
  typename PlatformClock::time_point now_{};
  bool has_started_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
