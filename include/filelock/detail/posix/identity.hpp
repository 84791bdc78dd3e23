// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A number for the file that a descriptor has open.

#ifndef FILELOCK_DETAIL_POSIX_IDENTITY_HPP
#define FILELOCK_DETAIL_POSIX_IDENTITY_HPP

#include <filelock/detail/posix/file_status.hpp>

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns A number that two descriptors of one file share. Two files hardly
/// ever share one. Zero if `descriptor` is not open. Safe in a forked child.
inline std::uint64_t posix_identity(int descriptor) noexcept {
  file_status file;
  if (get_status(descriptor, file) != 0) return 0;
  return file.device * 0x9E3779B97F4A7C15u + file.inode;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
