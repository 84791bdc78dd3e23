// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a Platform remembers of a file's name. So it need not compare
/// path and file at every acquire.

#ifndef FILELOCK_NAME_MEMORY_HPP
#define FILELOCK_NAME_MEMORY_HPP

#include <cstdint>

namespace filelock {
inline namespace v1 {

/// What a Platform remembers of an open file's name. Kept between two acquires.
/// The lock owns it; only the Platform reads and writes it.
struct name_memory {
  /// A number that changes with the name. 0: nothing is remembered.
  std::uint64_t stamp = 0;
  /// An answer that the Platform asks for once.
  enum class trust { unknown, yes, no };
  /// Whether the file system shows when a name changes. If not, the Platform
  /// compares each time.
  trust in_file_system = trust::unknown;
};

} // namespace v1
} // namespace filelock

#endif
