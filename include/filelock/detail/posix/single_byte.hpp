// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads and writes a file of one byte.

#ifndef FILELOCK_DETAIL_POSIX_SINGLE_BYTE_HPP
#define FILELOCK_DETAIL_POSIX_SINGLE_BYTE_HPP

#include <filelock/detail/posix/error.hpp>

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The only byte of the file; nothing if the file is empty, or if `ec`
/// is set. Error conditions: invalid_argument: the file has more bytes.
inline std::optional<char> read_single_byte(int handle,
                                            std::error_code& ec) noexcept {
  char bytes[2];
  ::ssize_t length;
  do
    length = ::pread(handle, bytes, sizeof bytes, 0);
  while (length < 0 && errno == EINTR);
  if (length < 0) ec = posix_error(errno);
  if (length > 1) ec = std::make_error_code(std::errc::invalid_argument);
  return length == 1 ? std::optional<char>(bytes[0]) : std::nullopt;
}

/// Effects: writes `byte` as the only byte of the file.
inline void write_single_byte(int handle, char byte,
                              std::error_code& ec) noexcept {
  ::ssize_t length;
  do
    length = ::pwrite(handle, &byte, 1, 0);
  while (length < 0 && errno == EINTR);
  if (length < 0) ec = posix_error(errno);
  // POSIX has no error for this: write(2) on a full disk.
  if (length == 0) ec = std::make_error_code(std::errc::no_space_on_device);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
