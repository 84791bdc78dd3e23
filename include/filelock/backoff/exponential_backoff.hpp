// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// exponential_backoff: few system calls in a wait that may be long.

#ifndef FILELOCK_BACKOFF_EXPONENTIAL_BACKOFF_HPP
#define FILELOCK_BACKOFF_EXPONENTIAL_BACKOFF_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cstdint>
#include <ratio>

namespace filelock {
inline namespace v1 {

/// Pauses that grow by a factor.
class exponential_backoff {
public:
  /// \param initial The first delay.
  /// \param factor Multiplies each delay; below 1, or NaN, it is 1.
  /// \param cap The longest delay, the first one included.
  template <class Rep1, class Period1, class Rep2, class Period2>
  constexpr exponential_backoff(
      const std::chrono::duration<Rep1, Period1>& initial, double factor,
      const std::chrono::duration<Rep2, Period2>& cap) noexcept
      : next_(detail::lesser(detail::saturated_delay(initial),
                             detail::saturated_delay(cap))),
        cap_(detail::saturated_delay(cap)),
        factor_(factor >= 1 ? detail::lesser(factor, largest_factor) : 1) {}

  /// 10 ms, doubled each time up to 500 ms: few system calls, slow hand-over.
  constexpr exponential_backoff() noexcept
      : exponential_backoff(std::chrono::milliseconds(10), 2.0,
                            std::chrono::milliseconds(500)) {}

  /// \returns initial x factor^(n-1) at the n-th call, at most cap.
  constexpr std::chrono::nanoseconds operator()(const wait_state&) noexcept {
    const std::chrono::nanoseconds delay =
        detail::lesser(cap_, detail::saturated_delay(next_));
    next_ =
        detail::lesser(next_ * static_cast<long double>(factor_), exact(cap_));
    return delay;
  }

private:
  using exact = std::chrono::duration<long double, std::nano>;
  static constexpr double largest_factor = 1e19; // 1 ns exceeds any cap

  exact next_; // with the fractions that a small factor adds up
  std::chrono::nanoseconds cap_;
  double factor_;
};

} // namespace v1
} // namespace filelock

#endif
