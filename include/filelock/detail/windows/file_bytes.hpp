// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads and writes the bytes of a file, at any offset.

#ifndef FILELOCK_DETAIL_WINDOWS_FILE_BYTES_HPP
#define FILELOCK_DETAIL_WINDOWS_FILE_BYTES_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>

#include <boost/winapi/basic_types.hpp>
#include <boost/winapi/error_codes.hpp>
#include <boost/winapi/event.hpp>
#include <boost/winapi/file_management.hpp>
#include <boost/winapi/get_last_error.hpp>
#include <boost/winapi/handles.hpp>
#include <boost/winapi/overlapped.hpp>

#include <cstddef>
#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Calls `transfer(call, length)`, which reads or writes at `offset`. Waits for
/// its end, as an overlapped handle needs it.
/// \returns Zero, or GetLastError().
template <class Transfer>
winapi::DWORD_ transfer_bytes(winapi::HANDLE_ file, std::uint64_t offset,
                              winapi::DWORD_& length,
                              Transfer transfer) noexcept {
  winapi::OVERLAPPED_ call{};
  call.Offset = static_cast<winapi::DWORD_>(offset);
  call.OffsetHigh = static_cast<winapi::DWORD_>(offset >> 32);
  call.hEvent = winapi::CreateEventW(nullptr, true, false, nullptr);
  if (!call.hEvent) return winapi::GetLastError();
  bool is_done = transfer(call, length);
  if (!is_done && winapi::GetLastError() == winapi::ERROR_IO_PENDING_)
    is_done = awaited_result_of_call(file, call, length) != 0;
  const winapi::DWORD_ error = is_done ? 0 : winapi::GetLastError();
  winapi::CloseHandle(call.hEvent);
  return error;
}

/// \returns How many bytes were read, from `offset` on: fewer than `size` at
/// the end of the file; zero if `ec` is set.
inline std::size_t read_bytes(winapi::HANDLE_ file, std::uint64_t offset,
                              char* bytes, std::size_t size,
                              std::error_code& ec) noexcept {
  winapi::DWORD_ length = 0;
  const winapi::DWORD_ error = transfer_bytes(
      file, offset, length,
      [&](winapi::OVERLAPPED_& call, winapi::DWORD_& read) {
        return winapi::ReadFile(file, bytes, static_cast<winapi::DWORD_>(size),
                                &read, &call) != 0;
      });
  if (error != 0 && error != winapi::ERROR_HANDLE_EOF_) ec = win_error(error);
  return error != 0 ? 0 : length;
}

/// Writes the bytes at `offset`, by one call.
inline void write_bytes(winapi::HANDLE_ file, std::uint64_t offset,
                        const char* bytes, std::size_t size,
                        std::error_code& ec) noexcept {
  winapi::DWORD_ length = 0;
  const winapi::DWORD_ error = transfer_bytes(
      file, offset, length,
      [&](winapi::OVERLAPPED_& call, winapi::DWORD_& written) {
        return winapi::WriteFile(file, bytes, static_cast<winapi::DWORD_>(size),
                                 &written, &call) != 0;
      });
  if (error != 0)
    ec = win_error(error);
  else if (length != size)
    ec = std::make_error_code(std::errc::no_space_on_device);
}

/// Cuts the file to `size` bytes, or extends it by zeros.
inline void resize(winapi::HANDLE_ file, std::uint64_t size,
                   std::error_code& ec) noexcept {
  constexpr int file_end_of_file_info = 6;
  if (!set_file_information(file, file_end_of_file_info, &size, sizeof size))
    ec = win_last_error();
}

/// Waits until the content of the file is on the disk.
inline void sync_content(winapi::HANDLE_ file, std::error_code& ec) noexcept {
  if (!::FlushFileBuffers(file)) ec = win_last_error();
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
