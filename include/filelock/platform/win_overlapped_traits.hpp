// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// win_overlapped_traits: waits on Windows without polling, with a deadline and
/// a cancel. Excludes the same programs as win_locking_traits.

#ifndef FILELOCK_PLATFORM_WIN_OVERLAPPED_TRAITS_HPP
#define FILELOCK_PLATFORM_WIN_OVERLAPPED_TRAITS_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/lock_system.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/win_file.hpp>

#include <chrono>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform that locks by LockFileEx and awaits events. A request for the
/// whole file locks the same byte as with win_locking_traits.
struct win_overlapped_traits : win_file {
  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = true; // of the locked bytes: LockFileEx
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Opens as win_file::open(), for overlapped use. Returns, error conditions
  /// and system calls: as there.
  static void* open(const std::filesystem::path& path,
                    const open_options& options, std::error_code& ec) noexcept {
    return open_with(detail::winapi::FILE_FLAG_OVERLAPPED_, path, options, ec);
  }

  /// Checks a handle as win_file::adopt() does. Preconditions: the handle is
  /// bound to no completion port, which would be notified of each lock.
  /// Error conditions: std::errc::invalid_argument: the handle was not opened
  /// with FILE_FLAG_OVERLAPPED, so a wait could neither end at a deadline nor
  /// be cancelled. System calls: 2.
  static bool adopt(void* handle, std::error_code& ec) noexcept {
    if (win_file::adopt(handle, ec) && detail::is_synchronous(handle))
      ec = std::make_error_code(std::errc::invalid_argument);
    return !ec;
  }

  /// Attempts to take the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it. Error conditions: those of LockFileEx.
  static bool try_lock(void* handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return system::try_lock(handle, request, ec);
  }

  /// Waits in the kernel until the lock is taken. Effects: waits for an event,
  /// which lives as long as the wait. Error conditions: those of LockFileEx.
  /// System calls: 3, and 3 more if it waits. If the system does not complete
  /// such a request, as Wine 8, or has no event left, polls with
  /// default_backoff.
  static void lock(void* handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    system::lock(handle, request, ec);
  }

  /// Waits as lock(), until `deadline` or a request of `stop`. Effects: then
  /// CancelIoEx cancels the request for the lock, and its end is waited for: up
  /// to 3 more system calls.
  /// \returns Whether the lock is held. A lock that is granted while the
  /// deadline passes is kept. A lock that is granted while `stop` is requested
  /// is released. False with `ec` clear: the deadline or the stop came first.
  static bool lock_until(void* handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& deadline,
                         canceller& stop, std::error_code& ec) noexcept {
    return system::lock_until(handle, request, deadline, stop, ec);
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
