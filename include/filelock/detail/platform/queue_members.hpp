// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether a Platform has the lock_until of queued<P>. Its parts can then
/// be called one by one.

#ifndef FILELOCK_DETAIL_PLATFORM_QUEUE_MEMBERS_HPP
#define FILELOCK_DETAIL_PLATFORM_QUEUE_MEMBERS_HPP

#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

template <auto Address>
struct address_constant;

/// A class derived from queued<P>, such as an adaptor, may have a lock_until of
/// its own, which does more. The parts that it inherits are not its own then.
template <class P, class = void>
inline constexpr bool waits_in_queue_v = false;
template <class P>
inline constexpr bool waits_in_queue_v<
    P, std::void_t<address_constant<&P::lock_until>,
                   address_constant<&P::waits_in_queue::lock_until>>> =
    std::is_same_v<address_constant<&P::lock_until>,
                   address_constant<&P::waits_in_queue::lock_until>>;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
