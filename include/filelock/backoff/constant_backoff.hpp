// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// constant_backoff: a policy that always pauses for the same time.

#ifndef FILELOCK_BACKOFF_CONSTANT_BACKOFF_HPP
#define FILELOCK_BACKOFF_CONSTANT_BACKOFF_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>

namespace filelock {
inline namespace v1 {

/// BackoffPolicy that pauses equally long after each attempt.
class constant_backoff {
public:
  /// \param delay Any duration. A negative or NaN one is zero.
  template <class Rep, class Period>
  explicit constexpr constant_backoff(
      const std::chrono::duration<Rep, Period>& delay) noexcept
      : delay_(detail::saturated_delay(delay)) {}

  /// \returns The delay.
  constexpr std::chrono::nanoseconds
  operator()(const wait_state&) const noexcept {
    return delay_;
  }

private:
  std::chrono::nanoseconds delay_;
};

} // namespace v1
} // namespace filelock

#endif
