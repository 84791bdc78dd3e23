// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads and writes a file of one byte.

#ifndef FILELOCK_DETAIL_WINDOWS_SINGLE_BYTE_HPP
#define FILELOCK_DETAIL_WINDOWS_SINGLE_BYTE_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>

#include <boost/winapi/basic_types.hpp>
#include <boost/winapi/error_codes.hpp>
#include <boost/winapi/event.hpp>
#include <boost/winapi/file_management.hpp>
#include <boost/winapi/get_last_error.hpp>
#include <boost/winapi/handles.hpp>
#include <boost/winapi/overlapped.hpp>

#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Effects: calls `transfer(call, length)`, which reads or writes at offset 0.
/// Waits for its end, as an overlapped handle needs it.
/// \returns Zero, or GetLastError().
template <class Transfer>
winapi::DWORD_ transfer_single_byte(winapi::HANDLE_ file,
                                    winapi::DWORD_& length,
                                    Transfer transfer) noexcept {
  winapi::OVERLAPPED_ call{};
  call.hEvent = winapi::CreateEventW(nullptr, true, false, nullptr);
  if (!call.hEvent) return winapi::GetLastError();
  bool is_done = transfer(call, length);
  if (!is_done && winapi::GetLastError() == winapi::ERROR_IO_PENDING_)
    is_done = awaited_result_of_call(file, call, length) != 0;
  const winapi::DWORD_ error = is_done ? 0 : winapi::GetLastError();
  winapi::CloseHandle(call.hEvent);
  return error;
}

/// \returns The only byte of the file; nothing if the file is empty, or if `ec`
/// is set. Error conditions: invalid_argument: the file has more bytes.
inline std::optional<char> read_single_byte(winapi::HANDLE_ file,
                                            std::error_code& ec) noexcept {
  char bytes[2];
  winapi::DWORD_ length = 0;
  const winapi::DWORD_ error = transfer_single_byte(
      file, length, [&](winapi::OVERLAPPED_& call, winapi::DWORD_& read) {
        return winapi::ReadFile(file, bytes, sizeof bytes, &read, &call) != 0;
      });
  if (error != 0 && error != winapi::ERROR_HANDLE_EOF_) ec = win_error(error);
  if (length > 1) ec = std::make_error_code(std::errc::invalid_argument);
  return length == 1 ? std::optional<char>(bytes[0]) : std::nullopt;
}

/// Effects: writes `byte` as the only byte of the file.
inline void write_single_byte(winapi::HANDLE_ file, char byte,
                              std::error_code& ec) noexcept {
  winapi::DWORD_ length = 0;
  const winapi::DWORD_ error = transfer_single_byte(
      file, length, [&](winapi::OVERLAPPED_& call, winapi::DWORD_& written) {
        return winapi::WriteFile(file, &byte, 1, &written, &call) != 0;
      });
  if (error != 0) ec = win_error(error);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
