// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// notified: an adaptor by which a program can say what it waits for.

#ifndef FILELOCK_BACKOFF_NOTIFIED_HPP
#define FILELOCK_BACKOFF_NOTIFIED_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/policy_adaptor.hpp>
#include <filelock/detail/saturation.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace filelock {

/// BackoffPolicy, which calls back once when a wait lasts.
template <class BackoffPolicy, class Callback>
class notified : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// lock() asks this policy too, or it could not call back there.
  static constexpr bool observes_wait = true;

  /// \param after How long a wait is silent.
  /// \param callback Called as `callback(const wait_state&)`, once in a wait.
  /// What it throws ends the wait.
  template <class Rep, class Period>
  constexpr notified(BackoffPolicy policy,
                     const std::chrono::duration<Rep, Period>& after,
                     Callback callback)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        callback_(std::move(callback)),
        after_(detail::saturated_delay(after)) {}

  /// Effects: calls back if the wait has lasted long enough.
  /// \returns What the inner policy answers, cut so that the call is in time.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    if (!has_called_ && state.elapsed >= after_) {
      has_called_ = true;
      callback_(state);
    }
    const std::optional<std::chrono::nanoseconds> delay =
        this->ask_inner(state);
    if (!delay || has_called_) return delay;
    return (std::min)(*delay, after_ - state.elapsed);
  }

private:
  Callback callback_;
  std::chrono::nanoseconds after_;
  bool has_called_ = false;
};

} // namespace filelock

#endif
