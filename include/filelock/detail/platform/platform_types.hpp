// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The argument types of the functions of a Platform.

#ifndef FILELOCK_DETAIL_PLATFORM_PLATFORM_TYPES_HPP
#define FILELOCK_DETAIL_PLATFORM_PLATFORM_TYPES_HPP

#include <chrono>
#include <system_error>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

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
using error_argument = std::error_code&;

// Class templates, since GCC 11 has an error for each private member that a
// specialization of a variable template names.
template <class P, class = void>
struct has_handle_type : std::false_type {};
template <class P>
struct has_handle_type<P, std::void_t<typename P::native_handle_type>>
    : std::bool_constant<
          std::is_nothrow_copy_constructible_v<
              typename P::native_handle_type> &&
          std::is_nothrow_copy_assignable_v<typename P::native_handle_type>> {};
template <class P>
inline constexpr bool has_handle_type_v = has_handle_type<P>::value;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
