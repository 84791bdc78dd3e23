// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads and writes the bytes of a file, at any offset.

#ifndef FILELOCK_DETAIL_POSIX_FILE_BYTES_HPP
#define FILELOCK_DETAIL_POSIX_FILE_BYTES_HPP

#include <filelock/detail/posix/access.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/lock_request.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns How many bytes were read, from `offset` on: fewer than `size` at
/// the end of the file; zero if `ec` is set.
inline std::size_t read_bytes(int handle, std::uint64_t offset, char* bytes,
                              std::size_t size, std::error_code& ec) noexcept {
  ::ssize_t length;
  do
    length = large_pread(handle, bytes, size, static_cast<file_offset>(offset));
  while (length < 0 && errno == EINTR);
  if (length < 0) ec = posix_error(errno);
  return length < 0 ? 0 : static_cast<std::size_t>(length);
}

/// Writes the bytes at `offset`, by one call if the disk has room.
/// Error conditions: permission_denied: the file is open for reading only.
inline void write_bytes(int handle, std::uint64_t offset, const char* bytes,
                        std::size_t size, std::error_code& ec) noexcept {
  while (size != 0 && !ec) {
    const ::ssize_t length =
        large_pwrite(handle, bytes, size, static_cast<file_offset>(offset));
    if (length < 0) {
      if (errno == EINTR) continue;
      ec = posix_lock_error(handle, lock_mode::exclusive, errno);
    } else if (length == 0) {
      // POSIX has no error for this: write(2) on a full disk.
      ec = std::make_error_code(std::errc::no_space_on_device);
    } else {
      const auto written = static_cast<std::size_t>(length);
      bytes += written;
      offset += written;
      size -= written;
    }
  }
}

/// Cuts the file to `size` bytes, or extends it by zeros.
inline void resize(int handle, std::uint64_t size,
                   std::error_code& ec) noexcept {
  int result;
  do
    result = large_ftruncate(handle, static_cast<file_offset>(size));
  while (result != 0 && errno == EINTR);
  if (result != 0) ec = posix_lock_error(handle, lock_mode::exclusive, errno);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
