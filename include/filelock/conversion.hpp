// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What became of a change between exclusive and shared.

#ifndef FILELOCK_CONVERSION_HPP
#define FILELOCK_CONVERSION_HPP

namespace filelock {
inline namespace v1 {

/// What a conversion did. Where the lock was held throughout, no other owner
/// has changed what it guards; where it was released in between, one may have.
enum class conversion {
  held_throughout,      ///< held in the new mode, and never released
  released_between,     ///< held in the new mode, but others may have been in
  refused_still_shared, ///< another owner is in the way; still held shared
  refused_released      ///< another owner is in the way; no longer held
};

} // namespace v1
} // namespace filelock

#endif
