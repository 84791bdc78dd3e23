// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// LockFileEx that fails at once: the default on Windows, where a wait is
/// polled. Excludes whatever else locks the first byte of the file: Python's
/// msvcrt.locking and the CRT's _locking.

#ifndef FILELOCK_PLATFORM_WIN_LOCKING_TRAITS_HPP
#define FILELOCK_PLATFORM_WIN_LOCKING_TRAITS_HPP

#include <filelock/detail/win_api.hpp>
#include <filelock/detail/win_error.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/win_file.hpp>

#include <cstdint>
#include <system_error>

namespace filelock {

/// The Platform that locks by LockFileEx and never waits in the system. A
/// request for the whole file locks one byte, at offset 0, which need not
/// exist. So it excludes no request for other bytes.
struct win_locking_traits : win_file {
  /// The facts: see platform_laws in the tests, which hold them to the system.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = true; // of the locked bytes: LockFileEx
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Effects: asks for the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear where another owner
  /// holds it.
  static bool try_lock(void* handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    bytes range(request.range);
    number flags = detail::lock_fail_immediately;
    if (request.mode == lock_mode::exclusive) flags |= detail::lock_exclusive;
    const auto taken = detail::winapi::LockFileEx(
        handle, flags, 0, range.length_low, range.length_high, &range.start);
    const number error = error_of(taken, handle, range);
    if (error != 0 && error != detail::winapi::ERROR_LOCK_VIOLATION_)
      ec = detail::win_error(error);
    return error == 0;
  }

  /// Effects: releases the lock. System calls: 1.
  static void unlock(void* handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    bytes range(request.range);
    const auto released = detail::winapi::UnlockFileEx(
        handle, 0, range.length_low, range.length_high, &range.start);
    if (const number error = error_of(released, handle, range))
      ec = detail::win_error(error);
  }

private:
  using number = detail::winapi::DWORD_;

  struct bytes {
    explicit bytes(const byte_range& range) noexcept {
      // Up to the last offset there is, where a range has no end of its own.
      const std::uint64_t length = range.is_whole_file() ? 1
                                   : range.length != 0   ? range.length
                                                         : 0 - range.offset;
      start.Offset = static_cast<number>(range.offset);
      start.OffsetHigh = static_cast<number>(range.offset >> 32);
      length_low = static_cast<number>(length);
      length_high = static_cast<number>(length >> 32);
    }
    detail::winapi::OVERLAPPED_ start{};
    number length_low;
    number length_high;
  };

  // ERROR_IO_PENDING, of an adopted handle that was opened for overlapped use,
  // says neither taken nor busy: the call has not ended, and may still write
  // to `range`.
  static number error_of(int succeeded, void* handle, bytes& range) noexcept {
    if (succeeded) return 0;
    const number error = detail::winapi::GetLastError();
    if (error != detail::winapi::ERROR_IO_PENDING_) return error;
    return detail::has_succeeded(handle, range.start)
               ? 0
               : detail::winapi::GetLastError();
  }
};

} // namespace filelock

#endif
