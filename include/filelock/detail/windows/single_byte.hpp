// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads and writes a file of one byte.

#ifndef FILELOCK_DETAIL_WINDOWS_SINGLE_BYTE_HPP
#define FILELOCK_DETAIL_WINDOWS_SINGLE_BYTE_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/file_bytes.hpp>

#include <cstddef>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The only byte of the file. Nothing if the file is empty, or if `ec`
/// is set. Error conditions: invalid_argument: the file has more bytes.
inline std::optional<char> read_single_byte(winapi::HANDLE_ file,
                                            std::error_code& ec) noexcept {
  char bytes[2];
  const std::size_t length = read_bytes(file, 0, bytes, sizeof bytes, ec);
  if (length > 1) ec = std::make_error_code(std::errc::invalid_argument);
  return length == 1 ? std::optional<char>(bytes[0]) : std::nullopt;
}

/// Writes `byte` as the only byte of the file.
inline void write_single_byte(winapi::HANDLE_ file, char byte,
                              std::error_code& ec) noexcept {
  write_bytes(file, 0, &byte, 1, ec);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
