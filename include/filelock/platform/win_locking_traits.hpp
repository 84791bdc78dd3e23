// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// win_locking_traits: LockFileEx that fails at once, the default on Windows. A
/// wait polls. Excludes everything else that locks the first byte of the file:
/// Python's msvcrt.locking and the CRT's _locking.

#ifndef FILELOCK_PLATFORM_WIN_LOCKING_TRAITS_HPP
#define FILELOCK_PLATFORM_WIN_LOCKING_TRAITS_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/detail/windows/lock_system.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/win_file.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform that locks by LockFileEx, without kernel waits. A request for
/// the whole file locks one byte, at offset 0, which need not exist. So it does
/// not exclude a request for other bytes.
struct win_locking_traits : win_file {
  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = true; // of the locked bytes: LockFileEx
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Attempts to take the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it. Error conditions: those of LockFileEx.
  static bool try_lock(void* handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return system::try_lock(handle, request, ec);
  }

  /// Converts a held lock, without waiting. Effects: from exclusive to shared
  /// nothing is released in between; from shared to exclusive the lock is
  /// released first. System calls: 2.
  /// \returns Whether the lock is held as `to` says. If this is false with `ec`
  /// clear, nothing is held. Error conditions: those of LockFileEx and
  /// UnlockFileEx.
  static bool convert(void* handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    return system::convert(handle, from, to, ec);
  }

  /// Releases the lock. System calls: 1. Error conditions: those of
  /// UnlockFileEx.
  static void unlock(void* handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    system::unlock(handle, request, ec);
  }

private:
  using system =
      detail::overlapped_lock<detail::win_lock_system, default_backoff>;
};

} // namespace v1
} // namespace filelock

#endif
