// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// notified: an adaptor that calls the program back, so that it can report what
/// it waits for and what the wait cost.

#ifndef FILELOCK_BACKOFF_NOTIFIED_HPP
#define FILELOCK_BACKOFF_NOTIFIED_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/wait/policy_adaptor.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Callback>
inline constexpr bool is_called_in_wait_v =
    std::is_invocable_v<Callback&, const wait_state&>;

// A generic lambda is not asked: its body need not compile for that argument.
template <class Callback, bool = is_called_in_wait_v<Callback>>
inline constexpr bool takes_result_alone_v = false;
template <class Callback>
inline constexpr bool takes_result_alone_v<Callback, false> =
    std::is_invocable_v<Callback&, const wait_result&>;

template <class Callback>
inline constexpr bool is_called_at_end_v =
    has_finished_v<Callback> || takes_result_alone_v<Callback>;

template <class BackoffPolicy, class Callback>
inline constexpr bool reports_end_v =
    has_finished_v<BackoffPolicy> || is_called_at_end_v<Callback>;

} // namespace detail

/// BackoffPolicy that calls back during a wait and after it.
///
/// While the wait lasts, it calls `callback(const wait_state&)`. At the end,
/// whatever the outcome, it calls `callback.finished(const wait_result&)` if
/// Callback has that member, or `callback(const wait_result&)` if Callback
/// takes nothing else. An acquire that need not wait calls nothing. Each wait
/// calls its own copy of the callback. If a call throws, the wait ends, and the
/// lock is not held.
template <class BackoffPolicy, class Callback>
class notified : public detail::policy_adaptor<BackoffPolicy> {
  static_assert(detail::is_called_in_wait_v<Callback> ||
                    detail::is_called_at_end_v<Callback>,
                "notified: the callback must take const wait_state& or const "
                "wait_result&, or have finished(const wait_result&)");

public:
  /// Whether lock() asks this policy too. Then it can call back during that
  /// wait. False if it calls back at the end only.
  static constexpr bool observes_wait = detail::is_called_in_wait_v<Callback> ||
                                        detail::observes_wait_v<BackoffPolicy>;

  /// Calls back once during a wait, and at its end.
  /// \param after How long a wait lasts before the call.
  template <class Rep, class Period>
  constexpr notified(BackoffPolicy policy,
                     const std::chrono::duration<Rep, Period>& after,
                     Callback callback)
      : notified(std::move(policy), after, detail::unbounded,
                 std::move(callback)) {}

  /// Calls back again and again, and at the end.
  /// \param interval The time from one call to the next. If it is zero,
  /// negative or NaN, each attempt is followed by a call.
  template <class Rep1, class Period1, class Rep2, class Period2>
  constexpr notified(BackoffPolicy policy,
                     const std::chrono::duration<Rep1, Period1>& after,
                     const std::chrono::duration<Rep2, Period2>& interval,
                     Callback callback)
      : detail::policy_adaptor<BackoffPolicy>(std::move(policy)),
        callback_(std::move(callback)),
        next_call_(detail::saturated_delay(after)),
        interval_(detail::saturated_delay(interval)) {}

  /// Calls back at the end only.
  template <class AtEnd = Callback,
            class = std::enable_if_t<detail::is_called_at_end_v<AtEnd>>>
  constexpr notified(BackoffPolicy policy, Callback callback)
      : notified(std::move(policy), detail::unbounded, std::move(callback)) {}

  /// Calls back if the wait has lasted long enough.
  /// \returns The inner policy's delay, cut so that the next call comes in
  /// time.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    if constexpr (detail::is_called_in_wait_v<Callback>)
      if (state.elapsed >= next_call_) {
        next_call_ =
            state.elapsed +
            detail::lesser(interval_, detail::unbounded - state.elapsed);
        callback_(state);
      }
    const std::optional<std::chrono::nanoseconds> delay =
        this->ask_inner(state);
    if (!delay || next_call_ <= state.elapsed) return delay;
    return detail::lesser(*delay, next_call_ - state.elapsed);
  }

  /// Calls back, and passes the result to the inner policy.
  template <class Result, class = std::enable_if_t<
                              detail::reports_end_v<BackoffPolicy, Callback> &&
                              std::is_same_v<Result, wait_result>>>
  constexpr void finished(const Result& result) {
    this->tell_inner_finished(result);
    if constexpr (detail::takes_result_alone_v<Callback>)
      callback_(result);
    else
      detail::tell_finished(callback_, result);
  }

private:
  Callback callback_;
  std::chrono::nanoseconds next_call_; // in the time of the wait
  std::chrono::nanoseconds interval_;
};

} // namespace v1
} // namespace filelock

#endif
