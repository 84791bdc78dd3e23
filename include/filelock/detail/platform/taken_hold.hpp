// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether the system shows that a hold was lost: a member of posix_ofd_traits.

#ifndef FILELOCK_DETAIL_PLATFORM_TAKEN_HOLD_HPP
#define FILELOCK_DETAIL_PLATFORM_TAKEN_HOLD_HPP

#include <filelock/detail/platform/platform_types.hpp>
#include <filelock/lock_request.hpp>

#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
using is_taken_by_another_expression = decltype(P::is_taken_by_another(
    std::declval<handle_t<P>>(), std::declval<const lock_request&>()));
template <class P>
inline constexpr bool has_is_taken_by_another_v =
    is_valid<is_taken_by_another_expression, P>::value;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
