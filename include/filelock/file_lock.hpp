// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// file_lock, the lock that most programs want.

#ifndef FILELOCK_FILE_LOCK_HPP
#define FILELOCK_FILE_LOCK_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/platform/native_traits.hpp>

#include FILELOCK_QUEUED_TRAITS_HEADER
#include FILELOCK_ROBUST_TRAITS_HEADER

namespace filelock {
inline namespace v1 {

/// The lock of this system, paced by default_backoff.
using file_lock = basic_file_lock<>;

/// The lock whose timed waits stand in the kernel's queue. So do its stoppable
/// waits. They are as prompt as lock(), and use a thread while they wait.
/// Excludes file_lock too.
using queued_file_lock = basic_file_lock<FILELOCK_QUEUED_TRAITS>;

// Not declared where the system has no robust mutexes, as on macOS.
#if FILELOCK_HAS_ROBUST_LOCK
/// The lock for processes that lock often. On Linux a free lock costs no system
/// call, and the next owner sees that the last one died. Exclusive only, for
/// one machine. Its owner is a thread. Does not exclude file_lock.
using robust_file_lock = basic_file_lock<FILELOCK_ROBUST_TRAITS>;
#endif

/// The locks above with another policy. For a type that you have to name, such
/// as the type of a member. Elsewhere a constructor deduces it.
/// @{
template <class BackoffPolicy>
using file_lock_with = basic_file_lock<native_traits, BackoffPolicy>;
template <class BackoffPolicy>
using queued_file_lock_with =
    basic_file_lock<FILELOCK_QUEUED_TRAITS, BackoffPolicy>;
/// @}

} // namespace v1
} // namespace filelock

#endif
