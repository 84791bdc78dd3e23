// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// limited: an adaptor that ends a wait after a number of attempts, or after
/// some time.

#ifndef FILELOCK_BACKOFF_LIMITED_HPP
#define FILELOCK_BACKOFF_LIMITED_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/wait/policy_adaptor.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace filelock {
inline namespace v1 {

/// BackoffPolicy that gives up after some attempts or some time. For both
/// limits, put one around the other.
template <class BackoffPolicy>
class limited : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// lock() asks this policy too, so that it can give up.
  static constexpr bool observes_wait = true;

  /// \param attempts The most attempts of a wait. At least one is made.
  constexpr limited(BackoffPolicy policy, std::uint64_t attempts)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        attempts_(attempts) {}

  /// \param duration The longest wait. A negative or NaN one is zero, which
  /// allows one attempt. From 292 years on there is no limit.
  template <class Rep, class Period>
  constexpr limited(BackoffPolicy policy,
                    const std::chrono::duration<Rep, Period>& duration)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        duration_(detail::saturated_delay(duration)) {}

  /// \returns The inner policy's delay, cut to the limit. The last attempt is
  /// made when the time is over. Nothing, which gives up, once the attempts are
  /// made or the time is over.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    if (state.attempts >= attempts_ || state.elapsed >= duration_)
      return std::nullopt;
    const std::optional<std::chrono::nanoseconds> delay =
        this->ask_inner(state);
    if (!delay) return delay;
    return detail::lesser(*delay, duration_ - state.elapsed);
  }

private:
  std::uint64_t attempts_ = (std::numeric_limits<std::uint64_t>::max)();
  std::chrono::nanoseconds duration_ = detail::unbounded;
};

} // namespace v1
} // namespace filelock

#endif
