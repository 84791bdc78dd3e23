// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Drives an acquisition without a thread or a clock, for simulations: does
/// everything that is due, and says when to call it again.

#ifndef FILELOCK_DETAIL_WAIT_VIRTUAL_DRIVER_HPP
#define FILELOCK_DETAIL_WAIT_VIRTUAL_DRIVER_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/deadline.hpp>

#include <chrono>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class BackoffPolicy>
class virtual_driver {
public:
  /// \param length The timeout; `unbounded` for none.
  explicit virtual_driver(const BackoffPolicy& policy,
                          std::chrono::nanoseconds length = unbounded,
                          const wait_subject* subject = nullptr)
      : wait_(policy, waiting::by_polling, unbounded, subject),
        deadline_(length) {}

  /// \param now The virtual time, which never goes back.
  /// \param attempt is called for each attempt that is due. It returns an
  /// attempt_result, or whether it took the lock.
  /// \returns When to call again; nothing once the acquisition has ended.
  template <class Attempt>
  std::optional<std::chrono::nanoseconds> resume(std::chrono::nanoseconds now,
                                                 Attempt attempt,
                                                 bool stop_requested = false) {
    const auto time = [&] {
      if (!start_) start_ = now;
      const std::chrono::nanoseconds elapsed = now - *start_;
      return wait_time{elapsed, deadline_.remaining(elapsed, now)};
    };
    step next = start_ ? wait_.paused(time(), stop_requested) : wait_.start();
    while (next.what == step::action::attempt_now)
      next = wait_.after(result_of(attempt()), time, stop_requested);
    if (next.what == step::action::pause)
      return lesser(next.length, unbounded - now) + now;
    outcome_ = next.outcome;
    return std::nullopt;
  }

  /// \returns How the acquisition ended; nothing while it goes on.
  std::optional<wait_outcome> outcome() const { return outcome_; }

private:
  static attempt_result result_of(attempt_result result) { return result; }
  static attempt_result result_of(bool is_taken) {
    return is_taken ? attempt_result::acquired : attempt_result::busy;
  }

  acquisition<BackoffPolicy> wait_;
  timeout deadline_;
  std::optional<std::chrono::nanoseconds> start_;
  std::optional<wait_outcome> outcome_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
