// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether all processes that map a file share one memory.

#ifndef FILELOCK_DETAIL_POSIX_LOCAL_MEMORY_HPP
#define FILELOCK_DETAIL_POSIX_LOCAL_MEMORY_HPP

#include <filelock/detail/posix/large_files.hpp>

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether one kernel alone maps the files of a file system with this
/// magic number, statfs(2). False for network file systems and FUSE, where two
/// mounts of one file may have two memories, and for those that are not known:
/// such a lock would exclude nobody.
constexpr bool is_local_memory(std::uint32_t magic) noexcept {
  switch (magic) {
  case 0xEF53:     // ext2, ext3, ext4
  case 0x58465342: // XFS
  case 0x9123683E: // Btrfs
  case 0xF2F52010: // F2FS
  case 0x01021994: // tmpfs
  case 0x794C7630: // overlayfs
  case 0x858458F6: // ramfs
  case 0x2FC12FC1: // ZFS
  case 0xCA451A4E: // bcachefs
  case 0x3153464A: // JFS
  case 0x52654973: // ReiserFS
  case 0x3434:     // NILFS
  case 0x4D44:     // FAT
  case 0x2011BAB0: // exFAT
    return true;
  default:
    return false;
  }
}

/// \returns The same, of the file system of an open file.
inline bool maps_local_memory(int descriptor) noexcept {
  return is_local_memory(file_system_type(descriptor));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
