// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a Platform has: each optional member is found by detection, so an
/// adaptor hides one by `= delete`.

#ifndef FILELOCK_DETAIL_PLATFORM_PLATFORM_TRAITS_HPP
#define FILELOCK_DETAIL_PLATFORM_PLATFORM_TRAITS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock::detail {

template <template <class> class Expression, class P, class = void>
struct is_valid : std::false_type {};
template <template <class> class Expression, class P>
struct is_valid<Expression, P, std::void_t<Expression<P>>> : std::true_type {};

/// The clock that every wait of P is measured in.
template <class P, class = void>
struct clock_of {
  using type = std::chrono::steady_clock;
};
template <class P>
struct clock_of<P, std::void_t<typename P::clock>> {
  using type = typename P::clock;
};
template <class P>
using clock_t = typename clock_of<P>::type;

template <class P>
using handle_t = const typename P::native_handle_type&;
template <class T>
using argument = decltype(std::declval<T>());
using error_argument = std::error_code&;

// The members that a Platform must have. A call that may throw is none.
template <class P>
using open_expression = std::enable_if_t<
    noexcept(P::open(std::declval<const std::filesystem::path&>(),
                     std::declval<const open_options&>(),
                     std::declval<error_argument>())),
    decltype(P::open(std::declval<const std::filesystem::path&>(),
                     std::declval<const open_options&>(),
                     std::declval<error_argument>()))>;
template <class P>
using close_expression =
    std::enable_if_t<noexcept(P::close(std::declval<handle_t<P>>())),
                     decltype(P::close(std::declval<handle_t<P>>()))>;
template <class P>
using try_lock_expression =
    std::enable_if_t<noexcept(P::try_lock(std::declval<handle_t<P>>(),
                                          std::declval<const lock_request&>(),
                                          std::declval<error_argument>())),
                     decltype(P::try_lock(std::declval<handle_t<P>>(),
                                          std::declval<const lock_request&>(),
                                          std::declval<error_argument>()))>;
template <class P>
using unlock_expression =
    std::enable_if_t<noexcept(P::unlock(std::declval<handle_t<P>>(),
                                        std::declval<const lock_request&>(),
                                        std::declval<error_argument>())),
                     decltype(P::unlock(std::declval<handle_t<P>>(),
                                        std::declval<const lock_request&>(),
                                        std::declval<error_argument>()))>;

// The optional ones.
template <class P>
using lock_expression = decltype(P::lock(std::declval<handle_t<P>>(),
                                         std::declval<const lock_request&>(),
                                         std::declval<error_argument>()));
template <class P>
using lock_until_expression = decltype(P::lock_until(
    std::declval<handle_t<P>>(), std::declval<const lock_request&>(),
    std::declval<const typename clock_t<P>::time_point&>(),
    std::declval<canceller&>(), std::declval<error_argument>()));
template <class P>
using wait_for_expression =
    decltype(P::wait_for(std::declval<handle_t<P>>(),
                         std::declval<std::chrono::nanoseconds>(),
                         std::declval<canceller&>()));
template <class P>
using convert_expression = decltype(P::convert(
    std::declval<handle_t<P>>(), std::declval<const lock_request&>(),
    std::declval<const lock_request&>(), std::declval<error_argument>()));
template <class P>
using is_linked_expression =
    decltype(P::is_linked(std::declval<handle_t<P>>()));
template <class P>
using still_names_expression =
    decltype(P::still_names(std::declval<const std::filesystem::path&>(),
                            std::declval<handle_t<P>>(),
                            std::declval<name_memory&>()));
template <class P>
using is_awaited_expression =
    decltype(P::is_awaited(std::declval<handle_t<P>>()));
template <class P>
using descriptor_expression =
    decltype(P::descriptor(std::declval<handle_t<P>>()));
template <class P>
using names_expression = decltype(P::names(
    std::declval<const std::filesystem::path&>(), std::declval<handle_t<P>>()));
template <class P>
using remove_expression =
    decltype(P::remove(std::declval<const std::filesystem::path&>(),
                       std::declval<handle_t<P>>(),
                       std::declval<error_argument>()));
template <class P>
using holder_expression = decltype(P::holder(
    std::declval<handle_t<P>>(), std::declval<const lock_request&>()));
template <class P>
using adopt_expression = decltype(P::adopt(std::declval<handle_t<P>>(),
                                           std::declval<error_argument>()));
template <class P>
using release_expression = decltype(P::release(std::declval<handle_t<P>>()));
template <class P>
using identity_expression = decltype(P::identity(std::declval<handle_t<P>>()));

template <class P>
inline constexpr bool has_lock_v = is_valid<lock_expression, P>::value;
template <class P>
inline constexpr bool has_lock_until_v =
    is_valid<lock_until_expression, P>::value;
template <class P>
inline constexpr bool has_wait_for_v = is_valid<wait_for_expression, P>::value;
template <class P>
inline constexpr bool has_convert_v = is_valid<convert_expression, P>::value;
template <class P>
inline constexpr bool has_is_linked_v =
    is_valid<is_linked_expression, P>::value;
template <class P>
inline constexpr bool has_still_names_v =
    is_valid<still_names_expression, P>::value;
template <class P>
inline constexpr bool has_is_awaited_v =
    is_valid<is_awaited_expression, P>::value;
template <class P>
inline constexpr bool has_descriptor_v =
    is_valid<descriptor_expression, P>::value;
template <class P>
inline constexpr bool has_names_v = is_valid<names_expression, P>::value;
template <class P>
inline constexpr bool has_remove_v = is_valid<remove_expression, P>::value;
template <class P>
inline constexpr bool has_holder_v = is_valid<holder_expression, P>::value;
template <class P>
inline constexpr bool has_adopt_v = is_valid<adopt_expression, P>::value;
template <class P>
inline constexpr bool has_release_v = is_valid<release_expression, P>::value;
template <class P>
inline constexpr bool has_identity_v = is_valid<identity_expression, P>::value;

} // namespace filelock::detail

#endif
