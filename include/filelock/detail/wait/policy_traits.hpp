// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Calls a backoff policy, and reads its traits.

#ifndef FILELOCK_DETAIL_WAIT_POLICY_TRAITS_HPP
#define FILELOCK_DETAIL_WAIT_POLICY_TRAITS_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class T>
struct is_optional_duration : std::false_type {};
template <class T>
struct is_optional_duration<std::optional<T>> : is_duration<T> {};

template <class Policy, class = void>
struct is_callable_policy : std::false_type {};
template <class Policy>
struct is_callable_policy<Policy, std::void_t<decltype(std::declval<Policy&>()(
                                      std::declval<const wait_state&>()))>>
    : std::true_type {};

template <class Policy>
using policy_answer = std::decay_t<decltype(std::declval<Policy&>()(
    std::declval<const wait_state&>()))>;

template <class Policy, class = void>
struct answers_duration : std::false_type {};
template <class Policy>
struct answers_duration<Policy, std::void_t<policy_answer<Policy>>>
    : std::bool_constant<is_duration_v<policy_answer<Policy>> ||
                         is_optional_duration<policy_answer<Policy>>::value> {};

template <class Policy, class = void>
struct observes_wait : std::false_type {};
template <class Policy>
struct observes_wait<Policy, std::void_t<decltype(Policy::observes_wait)>>
    : std::bool_constant<Policy::observes_wait> {};

/// Whether the policy observes the wait, so that lock() asks it too.
template <class Policy>
inline constexpr bool observes_wait_v = observes_wait<Policy>::value;

template <class Policy, class = void>
struct has_finished : std::false_type {};
template <class Policy>
struct has_finished<Policy,
                    std::void_t<decltype(std::declval<Policy&>().finished(
                        std::declval<const wait_result&>()))>>
    : std::true_type {};

/// Whether the policy has `finished`, and so wants the result of its wait.
template <class Policy>
inline constexpr bool has_finished_v = has_finished<Policy>::value;

/// Whether one of `Policies` has `finished`.
template <class... Policies>
inline constexpr bool one_has_finished_v = (has_finished_v<Policies> || ...);

/// Asks `policy` for a delay. \returns A delay that is not negative; nothing if
/// the policy gives up.
template <class Policy>
constexpr std::optional<std::chrono::nanoseconds> ask(Policy& policy,
                                                      const wait_state& state) {
  const auto answer = policy(state);
  if constexpr (is_duration_v<policy_answer<Policy>>)
    return saturated_delay(answer);
  else if (answer)
    return saturated_delay(*answer);
  else
    return std::nullopt;
}

/// Passes the result of the wait to `policy`, if it has `finished`.
template <class Policy>
constexpr void tell_finished([[maybe_unused]] Policy& policy,
                             [[maybe_unused]] const wait_result& result) {
  if constexpr (has_finished_v<Policy>) policy.finished(result);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
