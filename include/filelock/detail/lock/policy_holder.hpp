// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Stores the policy of a lock. An empty policy takes no space. A policy
/// without an assignment, such as a lambda, can still be assigned here.

#ifndef FILELOCK_DETAIL_LOCK_POLICY_HOLDER_HPP
#define FILELOCK_DETAIL_LOCK_POLICY_HOLDER_HPP

#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Policy,
          bool = std::is_empty_v<Policy> && !std::is_final_v<Policy>>
class policy_holder : private Policy {
public:
  policy_holder() = default;
  explicit policy_holder(Policy&& policy) noexcept(
      std::is_nothrow_move_constructible_v<Policy>)
      : Policy(std::move(policy)) {}

  policy_holder(policy_holder&&) = default;

  // A policy without members has nothing to assign.
  policy_holder& operator=(policy_holder&&) noexcept { return *this; }

  const Policy* get() const noexcept { return this; }
};

template <class Policy>
class policy_holder<Policy, false> {
public:
  template <class P = Policy,
            class = std::enable_if_t<std::is_default_constructible_v<P>>>
  policy_holder() noexcept(std::is_nothrow_default_constructible_v<P>)
      : policy_(std::in_place) {}
  explicit policy_holder(Policy&& policy) noexcept(
      std::is_nothrow_move_constructible_v<Policy>)
      : policy_(std::move(policy)) {}

  policy_holder(policy_holder&&) = default;

  // Destroys and constructs, as a lambda has no assignment. If the policy's
  // move throws, the holder is empty.
  policy_holder& operator=(policy_holder&& other) noexcept(
      std::is_nothrow_move_constructible_v<Policy>) {
    if (this == &other) return *this;
    policy_.reset();
    if (other.policy_) policy_.emplace(std::move(*other.policy_));
    return *this;
  }

  /// \returns The policy. Null if a move into this holder has thrown.
  const Policy* get() const noexcept { return policy_ ? &*policy_ : nullptr; }

private:
  std::optional<Policy> policy_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
