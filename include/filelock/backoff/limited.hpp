// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// limited: an adaptor that bounds a wait by its attempts, not by time.

#ifndef FILELOCK_BACKOFF_LIMITED_HPP
#define FILELOCK_BACKOFF_LIMITED_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/wait/policy_adaptor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace filelock {

/// BackoffPolicy, which gives up after a number of attempts.
template <class BackoffPolicy>
class limited : public detail::policy_adaptor<BackoffPolicy> {
public:
  /// lock() asks this policy too, or it could not give up there.
  static constexpr bool observes_wait = true;

  /// \param attempts How many attempts are made in all; at least one is.
  constexpr limited(BackoffPolicy policy, std::uint64_t attempts)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        attempts_(attempts) {}

  /// \returns What the inner policy answers; nothing, which gives up, once the
  /// attempts are made.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    if (state.attempts >= attempts_) return std::nullopt;
    return this->ask_inner(state);
  }

private:
  std::uint64_t attempts_;
};

} // namespace filelock

#endif
