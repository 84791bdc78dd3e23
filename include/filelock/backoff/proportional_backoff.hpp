// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// proportional_backoff: notices the end of a short hold soon, and polls seldom
/// during a long one.

#ifndef FILELOCK_BACKOFF_PROPORTIONAL_BACKOFF_HPP
#define FILELOCK_BACKOFF_PROPORTIONAL_BACKOFF_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <ratio>

namespace filelock {
inline namespace v1 {

/// Pauses that are a fraction of the time waited. They lie between a floor and
/// a cap.
class proportional_backoff {
public:
  /// \param fraction Of the time waited. A negative or NaN one is zero.
  /// \param floor The shortest delay.
  /// \param cap The longest delay. If it is below the floor, the cap wins.
  template <class Rep1, class Period1, class Rep2, class Period2>
  constexpr proportional_backoff(
      double fraction, const std::chrono::duration<Rep1, Period1>& floor,
      const std::chrono::duration<Rep2, Period2>& cap) noexcept
      : fraction_(fraction > 0 ? fraction : 0),
        floor_(detail::saturated_delay(floor)),
        cap_(detail::saturated_delay(cap)) {}

  /// The default of the library: half of the time waited, at least 50
  /// microseconds and at most 1.5 milliseconds. The figures behind this choice
  /// are in bench/README.md.
  constexpr proportional_backoff() noexcept
      : proportional_backoff(0.5, std::chrono::microseconds(50),
                             std::chrono::microseconds(1500)) {}

  /// \returns fraction x the time waited, between floor and cap.
  constexpr std::chrono::nanoseconds
  operator()(const wait_state& state) const noexcept {
    using exact = std::chrono::duration<long double, std::nano>;
    const std::chrono::nanoseconds share = detail::saturated_delay(
        exact(state.elapsed) * static_cast<long double>(fraction_));
    return detail::lesser(cap_, detail::greater(floor_, share));
  }

private:
  double fraction_;
  std::chrono::nanoseconds floor_;
  std::chrono::nanoseconds cap_;
};

} // namespace v1
} // namespace filelock

#endif
