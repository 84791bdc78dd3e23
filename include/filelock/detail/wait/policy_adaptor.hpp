// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The common base of the policies that adapt another policy.

#ifndef FILELOCK_DETAIL_WAIT_POLICY_ADAPTOR_HPP
#define FILELOCK_DETAIL_WAIT_POLICY_ADAPTOR_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Stores the inner policy, and passes on to it how the wait ended. An adaptor
/// has `finished` if its inner policy has it.
template <class BackoffPolicy>
class policy_adaptor {
public:
  template <class Result,
            class = std::enable_if_t<has_finished_v<BackoffPolicy> &&
                                     std::is_same_v<Result, wait_result>>>
  constexpr void finished(const Result& result) {
    tell_inner_finished(result);
  }

protected:
  constexpr policy_adaptor() = default;
  explicit constexpr policy_adaptor(BackoffPolicy inner)
      : inner_(std::move(inner)) {}

  constexpr std::optional<std::chrono::nanoseconds>
  ask_inner(const wait_state& state) {
    return ask(inner_, state);
  }

  constexpr void tell_inner_finished(const wait_result& result) {
    tell_finished(inner_, result);
  }

private:
  BackoffPolicy inner_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
