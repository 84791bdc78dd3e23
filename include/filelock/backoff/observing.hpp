// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// observing: makes lock() ask a policy too, such as a lambda that gives up.

#ifndef FILELOCK_BACKOFF_OBSERVING_HPP
#define FILELOCK_BACKOFF_OBSERVING_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/wait/policy_adaptor.hpp>

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// BackoffPolicy that observes the wait. Made by observing().
template <class BackoffPolicy>
class observed : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// lock() and lock_shared() ask this policy too.
  static constexpr bool observes_wait = true;

  /// Only where BackoffPolicy has a default constructor.
  constexpr observed() = default;

  /// \param policy The inner policy.
  explicit constexpr observed(BackoffPolicy policy)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)) {}

  /// \returns The inner policy's delay.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    return this->ask_inner(state);
  }
};

/// Makes lock() and lock_shared() ask a policy too. Then the policy can end
/// these waits or see them. For a policy that cannot say so by itself: a
/// lambda, a function, a std::function. \returns The policy that observes.
template <class BackoffPolicy>
constexpr observed<std::decay_t<BackoffPolicy>>
observing(BackoffPolicy&& policy) {
  return observed<std::decay_t<BackoffPolicy>>(
      std::forward<BackoffPolicy>(policy));
}

} // namespace v1
} // namespace filelock

#endif
