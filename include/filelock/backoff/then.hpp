// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// then: an adaptor that begins a wait with one policy and goes on with
/// another.

#ifndef FILELOCK_BACKOFF_THEN_HPP
#define FILELOCK_BACKOFF_THEN_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// BackoffPolicy that asks First, and Second afterwards. First is asked for a
/// while, or until it gives up.
///
/// Each of the two sees a wait of its own. For Second, attempts and elapsed
/// begin with the attempt after which it is first asked. The remaining time,
/// the path and the holder are those of the whole wait.
template <class First, class Second>
class then {
public:
  /// Whether one of the two policies observes the wait.
  static constexpr bool observes_wait =
      detail::observes_wait_v<First> || detail::observes_wait_v<Second>;

  /// \param length How long First is asked. A negative or NaN one is zero.
  template <class Rep, class Period>
  constexpr then(First first, const std::chrono::duration<Rep, Period>& length,
                 Second second)
      : first_(std::move(first)),
        second_(std::move(second)),
        length_(detail::saturated_delay(length)) {}

  /// Asks First until it gives up, however long that takes.
  constexpr then(First first, Second second)
      : then(std::move(first), detail::unbounded, std::move(second)) {}

  /// \returns First's delay, cut so that Second begins on time. From then on,
  /// or once First gives up, Second's delay.
  constexpr std::optional<std::chrono::nanoseconds>
  operator()(const wait_state& state) {
    if (!is_second_ && state.elapsed < length_) {
      is_first_asked_ = true;
      const std::optional<std::chrono::nanoseconds> delay =
          detail::ask(first_, state);
      if (delay) return detail::lesser(*delay, length_ - state.elapsed);
    }
    if (!is_second_) {
      is_second_ = true;
      attempts_of_first_ = state.attempts - 1;
      elapsed_of_first_ = state.elapsed;
    }
    wait_state own = state;
    own.attempts -= attempts_of_first_;
    own.elapsed -= elapsed_of_first_;
    return detail::ask(second_, own);
  }

  /// Passes the result to each policy that was asked. Each gets the outcome,
  /// and the cost of its own part of the wait.
  template <class Result, class = std::enable_if_t<
                              detail::one_has_finished_v<First, Second> &&
                              std::is_same_v<Result, wait_result>>>
  constexpr void finished(const Result& result) {
    wait_result of_first = result;
    wait_result of_second = result;
    if (is_second_) {
      of_first.attempts = attempts_of_first_;
      of_first.elapsed = elapsed_of_first_;
      of_second.attempts -= attempts_of_first_;
      of_second.elapsed -= elapsed_of_first_;
    }
    if (is_first_asked_) detail::tell_finished(first_, of_first);
    if (is_second_) detail::tell_finished(second_, of_second);
  }

private:
  First first_;
  Second second_;
  std::chrono::nanoseconds length_;
  std::uint64_t attempts_of_first_ = 0;
  std::chrono::nanoseconds elapsed_of_first_{};
  bool is_first_asked_ = false;
  bool is_second_ = false;
};

} // namespace v1
} // namespace filelock

#endif
