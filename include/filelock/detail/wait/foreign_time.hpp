// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Converts time points and durations of Boost.Chrono, Boost.DateTime and
/// Boost.Interprocess to std::chrono. Recognises them by their members, as
/// Boost.Interprocess does, so none of these libraries is included.

#ifndef FILELOCK_DETAIL_WAIT_FOREIGN_TIME_HPP
#define FILELOCK_DETAIL_WAIT_FOREIGN_TIME_HPP

#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class T>
using clock_member = typename T::clock; // std::chrono, boost::chrono
template <class T>
using time_duration_member = typename T::time_duration_type; // ptime
template <class T>
using rep_member = typename T::rep; // std::chrono, boost::chrono
template <class T>
using rep_type_member = typename T::rep_type; // posix_time::time_duration
template <class T>
using get_microsecs_member =
    decltype(std::declval<const T&>().get_microsecs()); // ustime, usduration

template <class T, template <class> class Member>
inline constexpr bool has_v = is_valid<Member, T>::value;

/// Converts a duration of Boost.Chrono, or of std::chrono, to std::chrono.
template <class Duration>
using std_duration_t = std::chrono::duration<
    typename Duration::rep,
    std::ratio<Duration::period::num, Duration::period::den>>;

template <class Duration>
constexpr std_duration_t<Duration> std_duration(const Duration& length) {
  return std_duration_t<Duration>(length.count());
}

/// The clock of std::chrono for a clock of Boost.Chrono.
template <class Clock>
struct std_clock {
  using duration = std_duration_t<typename Clock::duration>;
  using rep = typename duration::rep;
  using period = typename duration::period;
  using time_point = std::chrono::time_point<std_clock>;
  static constexpr bool is_steady = Clock::is_steady;

  static time_point now() {
    return time_point(std_duration(Clock::now().time_since_epoch()));
  }
};

/// \returns The time point `count` microseconds after the system clock's epoch.
/// The last one if the clock cannot reach it.
inline std::chrono::time_point<std::chrono::system_clock,
                               std::chrono::microseconds>
microseconds_after_epoch(std::uint64_t count) {
  constexpr std::uint64_t last = (std::numeric_limits<std::int64_t>::max)();
  return std::chrono::time_point<std::chrono::system_clock,
                                 std::chrono::microseconds>(
      std::chrono::microseconds(
          static_cast<std::int64_t>(count < last ? count : last)));
}

/// \returns A length of posix_time in microseconds. No length, or one that is
/// not a number, is in the past. An infinite one is the longest.
template <class TimeDuration>
std::chrono::microseconds posix_duration(const TimeDuration& length) {
  using std::chrono::microseconds;
  if (length.is_special())
    return length.is_pos_infinity() ? (microseconds::max)()
                                    : (microseconds::min)();
  return microseconds(length.total_microseconds());
}

/// \returns `time` as a std::chrono::time_point.
template <class TimePoint>
auto std_time_point(const TimePoint& time) {
  if constexpr (has_v<TimePoint, clock_member>) {
    using clock = typename TimePoint::clock;
    using duration = std_duration_t<typename TimePoint::duration>;
    if constexpr (is_duration_v<typename TimePoint::duration>)
      return time;
    else
      return std::chrono::time_point<std_clock<clock>, duration>(
          std_duration(time.time_since_epoch()));
  } else if constexpr (has_v<TimePoint, time_duration_member>) {
    using date = typename TimePoint::date_type;
    using length = typename TimePoint::time_duration_type;
    // The difference of a special time point is that special length.
    return std::chrono::time_point<std::chrono::system_clock,
                                   std::chrono::microseconds>(
        posix_duration(time - TimePoint(date(1970, 1, 1), length(0, 0, 0))));
  } else {
    static_assert(has_v<TimePoint, get_microsecs_member>,
                  "a time point is one of std::chrono, of Boost.Chrono, of "
                  "posix_time, or an ustime");
    return microseconds_after_epoch(time.get_microsecs());
  }
}

/// \returns `length` as a std::chrono::duration.
template <class Duration>
auto std_length(const Duration& length) {
  if constexpr (has_v<Duration, rep_member>) {
    return std_duration(length);
  } else if constexpr (has_v<Duration, rep_type_member>) {
    return posix_duration(length);
  } else {
    static_assert(has_v<Duration, get_microsecs_member>,
                  "a duration is one of std::chrono, of Boost.Chrono, of "
                  "posix_time, or an usduration");
    return std::chrono::duration<std::uint64_t, std::micro>(
        length.get_microsecs());
  }
}

/// \returns Whether a wait until that time, or for that duration, is unbounded.
/// @{
template <class Clock, class Duration>
bool is_unbounded(const std::chrono::time_point<Clock, Duration>& end) {
  return end.time_since_epoch().count() >=
         (std::chrono::time_point<Clock, Duration>::max)()
             .time_since_epoch()
             .count();
}
template <class Rep, class Period>
bool is_unbounded(const std::chrono::duration<Rep, Period>& length) {
  return saturated_delay(length) == unbounded;
}
/// @}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
