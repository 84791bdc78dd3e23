// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The requirements on a Platform and on a BackoffPolicy: predicates for C++17,
/// and the same as concepts for C++20.

#ifndef FILELOCK_CONCEPTS_HPP
#define FILELOCK_CONCEPTS_HPP

#include <filelock/detail/clause.hpp>
#include <filelock/detail/wait/platform_clauses.hpp>
#include <filelock/detail/wait/policy_clauses.hpp>

#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

constexpr std::string_view empty_for_null(const char* words) {
  return words ? words : std::string_view();
}

} // namespace detail

/// Whether P is a Platform.
template <class P>
inline constexpr bool is_platform_v = !detail::why_no_platform<P>();

/// Why P is no Platform: the first requirement that P does not meet, in the
/// words of the compiler's message. Empty where P is a Platform.
template <class P>
inline constexpr std::string_view
    why_no_platform_v = detail::empty_for_null(detail::why_no_platform<P>());

/// Whether B is a BackoffPolicy.
template <class B>
inline constexpr bool is_backoff_policy_v = !detail::why_no_backoff_policy<B>();

/// Why B is no BackoffPolicy: the first requirement that B does not meet, in
/// the words of the compiler's message. Empty where B is a BackoffPolicy.
template <class B>
inline constexpr std::string_view why_no_backoff_policy_v =
    detail::empty_for_null(detail::why_no_backoff_policy<B>());

#if defined(__cpp_concepts) && __cpp_concepts >= 201907L
template <class P>
concept platform = is_platform_v<P>;
template <class B>
concept backoff_policy = is_backoff_policy_v<B>;
#endif

namespace detail {

/// Base classes of a lock: a message for each requirement that is not met.
/// @{
template <class P>
using require_platform = all_demands<P, platform_clauses>;
template <class B>
using require_backoff_policy = all_demands<B, policy_clauses>;
/// @}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
