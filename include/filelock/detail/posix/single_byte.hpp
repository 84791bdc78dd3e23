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

/// \returns The byte that is the whole file; none where the file is empty, or
/// `ec` is set. Error conditions: invalid_argument: the file has more bytes.
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

/// Effects: makes `byte` the first byte of the file, which has no other.
inline void write_single_byte(int handle, char byte,
                              std::error_code& ec) noexcept {
  ::ssize_t length;
  do
    length = ::pwrite(handle, &byte, 1, 0);
  while (length < 0 && errno == EINTR);
  if (length < 0) ec = posix_error(errno);
  // POSIX has no error for it: write(2) of a full disk.
  if (length == 0) ec = std::make_error_code(std::errc::no_space_on_device);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
