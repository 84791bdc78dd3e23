// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What stat(2) says of a file, with the same layout in every source of a
/// program: see large_files.hpp.

#ifndef FILELOCK_DETAIL_POSIX_FILE_STATUS_HPP
#define FILELOCK_DETAIL_POSIX_FILE_STATUS_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/large_files.hpp>

#include <sys/stat.h>

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

struct file_status {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::uint64_t size = 0;
  std::uint64_t changed_seconds = 0; ///< the ctime, on Linux
  std::uint64_t changed_nanoseconds = 0;
  ::mode_t mode = 0;

  friend bool is_same_file(const file_status& a,
                           const file_status& b) noexcept {
    return a.device == b.device && a.inode == b.inode;
  }
};

/// Sets `result`, unless `answer`, which the system gave with `file`, is an
/// error. \returns `answer`.
FILELOCK_ALWAYS_INLINE int note_status(int answer, const system_status& file,
                                       file_status& result) noexcept {
  if (answer != 0) return answer;
  result.device = static_cast<std::uint64_t>(file.st_dev);
  result.inode = static_cast<std::uint64_t>(file.st_ino);
  result.links = static_cast<std::uint64_t>(file.st_nlink);
  result.size = static_cast<std::uint64_t>(file.st_size);
#if defined(__linux__)
  result.changed_seconds = static_cast<std::uint64_t>(file.st_ctim.tv_sec);
  result.changed_nanoseconds = static_cast<std::uint64_t>(file.st_ctim.tv_nsec);
#endif
  result.mode = file.st_mode;
  return answer;
}

/// fstat(2), stat(2) and lstat(2). \returns As these, zero or -1 and errno.
/// System calls: 1.
/// @{
FILELOCK_ALWAYS_INLINE int get_status(int descriptor,
                                      file_status& result) noexcept {
  system_status file;
  const int answer = large_fstat(descriptor, &file);
  return note_status(answer, file, result);
}
FILELOCK_ALWAYS_INLINE int get_status(const char* name,
                                      file_status& result) noexcept {
  system_status file;
  const int answer = large_stat(name, &file);
  return note_status(answer, file, result);
}
FILELOCK_ALWAYS_INLINE int get_link_status(const char* name,
                                           file_status& result) noexcept {
  system_status file;
  const int answer = large_lstat(name, &file);
  return note_status(answer, file, result);
}
/// @}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
