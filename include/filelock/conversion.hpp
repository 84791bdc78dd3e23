// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The result of a conversion between exclusive and shared.

#ifndef FILELOCK_CONVERSION_HPP
#define FILELOCK_CONVERSION_HPP

namespace filelock {
inline namespace v1 {

/// The result of a conversion. If the lock was held throughout, no other owner
/// has changed what it guards. If it was released in between, one may have.
enum class conversion {
  held_throughout,      ///< held in the new mode, and never released
  released_between,     ///< held in the new mode; others may have held it
  refused_still_shared, ///< another owner holds the lock; still held shared
  refused_released      ///< another owner holds the lock; no longer held
};

} // namespace v1
} // namespace filelock

#endif
