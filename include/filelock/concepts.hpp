// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a Platform and a BackoffPolicy have to be: predicates for C++17, and
/// concepts as their twins for C++20.

#ifndef FILELOCK_CONCEPTS_HPP
#define FILELOCK_CONCEPTS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/platform/optional_members.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/policy_traits.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
namespace detail {

// Each clause is one bool, so that the predicates and the static_asserts below
// cannot differ.

template <class P, class = void>
inline constexpr bool has_handle_type_v = false;
template <class P>
inline constexpr bool
    has_handle_type_v<P, std::void_t<typename P::native_handle_type>> =
        std::is_nothrow_copy_constructible_v<typename P::native_handle_type>&&
            std::is_nothrow_copy_assignable_v<typename P::native_handle_type>;

template <class P, class = void>
inline constexpr bool has_invalid_handle_v = false;
template <class P>
inline constexpr bool has_invalid_handle_v<
    P,
    std::void_t<decltype(std::declval<handle_t<P>>() == P::invalid_handle)>> =
    std::is_convertible_v<decltype(P::invalid_handle),
                          typename P::native_handle_type>;

template <class P, class = void>
inline constexpr bool has_open_v = false;
template <class P>
inline constexpr bool has_open_v<
    P, std::void_t<typename P::native_handle_type, open_expression<P>>> =
    std::is_convertible_v<open_expression<P>, typename P::native_handle_type>;

template <class P>
inline constexpr bool has_close_v = is_valid<close_expression, P>::value;

template <class P, class = void>
inline constexpr bool has_try_lock_v = false;
template <class P>
inline constexpr bool has_try_lock_v<P, std::void_t<try_lock_expression<P>>> =
    std::is_same_v<try_lock_expression<P>, bool>;

template <class P>
inline constexpr bool has_unlock_v = is_valid<unlock_expression, P>::value;

template <auto>
struct constant;
template <class P, class = void>
inline constexpr bool has_facts_v = false;
template <class P>
inline constexpr bool has_facts_v<
    P, std::void_t<constant<P::ownership>, constant<P::mandatory>,
                   constant<P::excludes_same_process>,
                   constant<P::atomic_conversion>, constant<P::byte_ranges>>> =
    std::is_same_v<decltype(P::ownership), const lock_ownership>&&
        std::is_same_v<decltype(P::mandatory), const bool>&&
            std::is_same_v<decltype(P::excludes_same_process), const bool>&&
                std::is_same_v<decltype(P::atomic_conversion), const bool>&&
                    std::is_same_v<decltype(P::byte_ranges), const bool>;

// A clock of one's own moves by its own rules, and only the platform can wait
// by them.
template <class P>
inline constexpr bool has_fitting_pause_v =
    std::is_same_v<clock_t<P>, std::chrono::steady_clock> || has_wait_for_v<P>;

template <class B>
inline constexpr bool is_policy_object_v = std::is_object_v<B>&&
    std::is_copy_constructible_v<B>&& std::is_nothrow_destructible_v<B>;

template <class B, class = void>
inline constexpr bool observes_wait_is_bool_v = true;
template <class B>
inline constexpr bool
    observes_wait_is_bool_v<B, std::void_t<decltype(B::observes_wait)>> =
        std::is_same_v<decltype(B::observes_wait), const bool>;

} // namespace detail

/// Whether P is a Platform.
template <class P>
inline constexpr bool is_platform_v =
    detail::has_handle_type_v<P>&& detail::has_invalid_handle_v<P>&&
        detail::has_open_v<P>&& detail::has_close_v<P>&& detail::has_try_lock_v<
            P>&& detail::has_unlock_v<P>&& detail::has_facts_v<P>&&
            detail::has_fitting_pause_v<P>&& detail::optional_members_fit_v<P>;

/// Whether B is a BackoffPolicy.
template <class B>
inline constexpr bool is_backoff_policy_v =
    detail::is_policy_object_v<B>&& detail::is_callable_policy<B>::value&&
        detail::answers_duration<B>::value&& detail::observes_wait_is_bool_v<B>;

#if defined(__cpp_concepts) && __cpp_concepts >= 201907L
template <class P>
concept platform = is_platform_v<P>;
template <class B>
concept backoff_policy = is_backoff_policy_v<B>;
#endif

namespace detail {

/// One message for each clause that P does not meet.
template <class P>
struct require_platform {
  static_assert(has_handle_type_v<P>,
                "Platform: native_handle_type must be a type that copies "
                "without throwing");
  static_assert(has_invalid_handle_v<P>,
                "Platform: invalid_handle must be a native_handle_type that "
                "compares with ==");
  static_assert(has_open_v<P>,
                "Platform: open(path, options, ec) must be static, noexcept "
                "and return a native_handle_type");
  static_assert(has_close_v<P>,
                "Platform: close(handle) must be static and noexcept");
  static_assert(has_try_lock_v<P>,
                "Platform: try_lock(handle, request, ec) must be static, "
                "noexcept and return bool");
  static_assert(has_unlock_v<P>,
                "Platform: unlock(handle, request, ec) must be static and "
                "noexcept");
  static_assert(has_facts_v<P>,
                "Platform: ownership (lock_ownership), mandatory, "
                "excludes_same_process, atomic_conversion and byte_ranges "
                "(bool) must be static constexpr");
  static_assert(has_fitting_pause_v<P>,
                "Platform: a clock other than std::chrono::steady_clock needs "
                "wait_for(handle, duration, canceller)");
  static_assert(optional_members_fit_v<P>,
                "Platform: an optional member (lock, lock_until, wait_for, "
                "convert, is_linked, names, remove, holder, adopt, release, "
                "identity) has the wrong signature, or is not noexcept");
};

/// One message for each clause that B does not meet.
template <class B>
struct require_backoff_policy {
  static_assert(is_policy_object_v<B>,
                "BackoffPolicy: must be a copy-constructible object type whose "
                "destructor does not throw");
  static_assert(is_callable_policy<B>::value,
                "BackoffPolicy: must be callable with const wait_state&");
  static_assert(!is_callable_policy<B>::value || answers_duration<B>::value,
                "BackoffPolicy: must return a duration, or std::optional of "
                "one");
  static_assert(observes_wait_is_bool_v<B>,
                "BackoffPolicy: observes_wait must be static constexpr bool");
};

} // namespace detail
} // namespace filelock

#endif
