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
#include <filelock/platform/native_traits.hpp>

namespace filelock {

/// The lock of this system, paced by default_backoff.
using file_lock = basic_file_lock<>;

} // namespace filelock

#endif
