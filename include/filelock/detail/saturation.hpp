// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Converts any duration to nanoseconds, without overflow.

#ifndef FILELOCK_DETAIL_SATURATION_HPP
#define FILELOCK_DETAIL_SATURATION_HPP

#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class T>
struct is_duration : std::false_type {};
template <class Rep, class Period>
struct is_duration<std::chrono::duration<Rep, Period>> : std::true_type {};
template <class T>
inline constexpr bool is_duration_v = is_duration<T>::value;

inline constexpr std::chrono::nanoseconds unbounded =
    (std::chrono::nanoseconds::max)();

/// 2^63: the first number of nanoseconds that is too large for std::int64_t.
inline constexpr long double nanoseconds_limit = 9223372036854775808.0L;

/// Whether std::chrono::duration_cast to nanoseconds is one multiplication or
/// one division: then only the result can overflow, not an intermediate value.
template <class Rep, class Period>
constexpr bool casts_in_one_step() {
  if constexpr (std::is_integral_v<Rep> &&
                Period::num <= INTMAX_MAX / std::nano::den) {
    using factor = std::ratio_divide<Period, std::nano>;
    return factor::num == 1 || factor::den == 1;
  } else {
    return false;
  }
}

/// \returns `value` in nanoseconds, cut to what they can represent. NaN becomes
/// the most negative value, so that as a deadline it is past and as a delay it
/// is zero.
template <class Rep, class Period>
constexpr std::chrono::nanoseconds
saturated(const std::chrono::duration<Rep, Period>& value) {
  using std::chrono::nanoseconds;
  constexpr long double nanoseconds_per_tick =
      static_cast<long double>(Period::num) * std::nano::den /
      static_cast<long double>(Period::den);
  const long double estimate =
      static_cast<long double>(value.count()) * nanoseconds_per_tick;
  if (!(estimate > -nanoseconds_limit)) return (nanoseconds::min)();
  if (estimate >= nanoseconds_limit) return (nanoseconds::max)();
  // If long double is no wider than double, the estimate may be wrong by some
  // hundred nanoseconds at the very limit: there, the exact cast is not used.
  const bool far_from_limit =
      estimate > -nanoseconds_limit / 2 && estimate < nanoseconds_limit / 2;
  if constexpr (casts_in_one_step<Rep, Period>())
    if (far_from_limit) return std::chrono::duration_cast<nanoseconds>(value);
  const long double half = estimate < 0 ? -0.5L : 0.5L;
  return nanoseconds(
      static_cast<std::int64_t>(far_from_limit ? estimate + half : estimate));
}

/// \returns `value` as a delay. A negative or NaN one is zero.
template <class Rep, class Period>
constexpr std::chrono::nanoseconds
saturated_delay(const std::chrono::duration<Rep, Period>& value) {
  const std::chrono::nanoseconds result = saturated(value);
  return result > result.zero() ? result : result.zero();
}

/// \returns The time from `earlier` to `later`, both counted from the epoch of
/// one clock. Zero if `later` is not later, or if one is NaN.
template <class Rep1, class Period1, class Rep2, class Period2>
constexpr std::chrono::nanoseconds
time_between(const std::chrono::duration<Rep1, Period1>& earlier,
             const std::chrono::duration<Rep2, Period2>& later) {
  using common = std::common_type_t<std::chrono::duration<Rep1, Period1>,
                                    std::chrono::duration<Rep2, Period2>>;
  using wide = std::chrono::duration<
      std::common_type_t<typename common::rep, std::int64_t>,
      typename common::period>;
  using estimate = std::chrono::duration<long double, typename common::period>;
  const estimate from(earlier);
  const estimate to(later);
  if (!(to > from)) return std::chrono::nanoseconds::zero();
  // Within these bounds neither the conversion to the common unit nor the
  // difference can overflow. A float or a double would not represent it
  // exactly.
  if constexpr (std::is_integral_v<typename common::rep>)
    if (from.count() > -nanoseconds_limit / 2 &&
        to.count() < nanoseconds_limit / 2)
      return saturated(wide(later) - wide(earlier));
  return saturated(to - from);
}

/// \returns `now` + `delay`, or the last time point if that would be exceeded.
/// Rounded up, because a wait until a past time point would end at once.
template <class Clock, class Rep, class Period>
constexpr std::chrono::time_point<Clock, std::chrono::duration<Rep, Period>>
saturated_sum(const std::chrono::time_point<
                  Clock, std::chrono::duration<Rep, Period>>& now,
              std::chrono::nanoseconds delay) {
  using ticks = std::chrono::duration<Rep, Period>;
  using time_point = std::chrono::time_point<Clock, ticks>;
  using wide = std::common_type_t<Rep, std::int64_t>;
  constexpr time_point last = (time_point::max)();
  if (time_between(now.time_since_epoch(), last.time_since_epoch()) <= delay)
    return last;
  const wide from = static_cast<wide>(now.time_since_epoch().count());
  const auto at = [](wide count) {
    return time_point(ticks(static_cast<Rep>(count)));
  };
  if constexpr (casts_in_one_step<Rep, Period>()) {
    using factor = std::ratio_divide<Period, std::nano>;
    if constexpr (factor::den == 1) {
      const bool is_cut = delay.count() % factor::num != 0;
      return at(from + static_cast<wide>(delay.count() / factor::num + is_cut));
    } else { // in halves, as the clock may be unable to count the whole
      const std::int64_t half = delay.count() / 2;
      const std::int64_t rest = delay.count() - half;
      return at(from + static_cast<wide>(half * factor::den) +
                static_cast<wide>(rest * factor::den));
    }
  } else {
    const long double exact =
        static_cast<long double>(delay.count()) * Period::den /
        (static_cast<long double>(Period::num) * std::nano::den);
    const wide count = static_cast<wide>(exact);
    const bool is_cut =
        std::is_integral_v<Rep> && static_cast<long double>(count) < exact;
    return at(from + count + static_cast<wide>(is_cut));
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
