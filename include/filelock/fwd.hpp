// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Forward declarations, and the default template arguments.

#ifndef FILELOCK_FWD_HPP
#define FILELOCK_FWD_HPP

#include <filelock/detail/config.hpp>

namespace filelock {
inline namespace v1 {

struct FILELOCK_NATIVE_TRAITS;
/// The default platform: the one of the system that is compiled for.
using native_traits = FILELOCK_NATIVE_TRAITS;

class proportional_backoff;
/// The default policy, chosen by measurement.
using default_backoff = proportional_backoff;

template <class Platform = native_traits, class BackoffPolicy = default_backoff>
class basic_file_lock;

template <class Platform = native_traits, class BackoffPolicy = default_backoff>
class basic_file_mutex;

#if FILELOCK_HAS_ROBUST_MUTEX
struct posix_robust_traits;
#endif
template <class P>
struct queued;
template <class P>
struct polled;
template <class P>
struct marked;
enum class token_survives;
template <class P, token_survives Event>
struct counted;
template <class P>
struct fifo;
template <class P>
struct faulty;
enum class platform_call;
class fault_script;
class fault_scope;

struct open_options;
struct lock_request;
struct wait_state;
struct wait_result;
class canceller;

} // namespace v1
} // namespace filelock

#endif
