// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a Platform remembers of an open file's name.

#ifndef FILELOCK_NAME_MEMORY_HPP
#define FILELOCK_NAME_MEMORY_HPP

#include <cstdint>

namespace filelock {

/// What a Platform remembers of an open file's name between two acquires. The
/// lock keeps it with the handle; only the Platform reads and writes it.
struct name_memory {
  /// What the system said when path and file were last compared; zero: nothing.
  std::uint64_t stamp = 0;
  /// Whether the system cannot be trusted to say it.
  bool is_useless = false;
};

} // namespace filelock

#endif
