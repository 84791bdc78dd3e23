// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_fcntl_traits: locks of bytes that belong to a process, for systems
/// that have nothing better. Excludes everything else that locks by fcntl:
/// boost::interprocess::file_lock, SQLite, Java's FileChannel.

#ifndef FILELOCK_PLATFORM_POSIX_FCNTL_TRAITS_HPP
#define FILELOCK_PLATFORM_POSIX_FCNTL_TRAITS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/posix/record_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/posix_file.hpp>

#include <fcntl.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform that locks by F_SETLK of fcntl(2).
///
/// The process is the owner, which has several traps:
/// - If any part of the process closes any descriptor of the file, all locks of
///   the process on the file are released. So a failed acquire by another
///   object, which closes what it opened, releases them too.
/// - Two objects on one file in one process both hold the lock, and an unlock
///   by either releases both holds. So threads do not exclude each other.
/// - A forked child inherits no lock, so it cannot adopt a descriptor that the
///   parent released from its object. A program that exec() starts keeps the
///   lock while it keeps the descriptor open.
///
/// It does not see locks by flock(2), except on NFS and on the BSDs. lock()
/// reports a deadlock if the system detects one. The system may report one that
/// does not exist, when threads of several processes wait.
struct posix_fcntl_traits : posix_file {
  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::process;
  static constexpr bool mandatory =
      false; // except on SMB, and by mount(8) -o mand
  static constexpr bool excludes_same_process = false;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Attempts to take the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  /// Error conditions: std::errc::permission_denied: `handle` is open, but not
  /// for writing (an exclusive lock) or not for reading (a shared one);
  /// std::errc::value_too_large: the offset of a byte is above 2^63 - 1;
  /// std::errc::not_supported: by the file; the errors of fcntl(2).
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::try_lock_record(handle, detail::set_record,
                                   detail::get_record, request, ec);
  }

  /// Waits in the kernel until the lock is taken. System calls: 1.
  /// Error conditions: std::errc::resource_deadlock_would_occur: the holder
  /// waits for this process; otherwise as try_lock().
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (const int error =
            detail::lock_record(handle, detail::wait_for_record, request))
      ec = detail::record_error(handle, request, error);
  }

  /// Converts a held lock in place, without waiting.
  /// System calls: 1.
  /// Preconditions: `from` and `to` name the same bytes.
  /// \returns Whether the lock is held as `to` says. Otherwise it is held as
  /// `from` says, with `ec` clear if another process holds a conflicting lock.
  /// Error conditions: as try_lock().
  static bool convert(int handle, const lock_request&, const lock_request& to,
                      std::error_code& ec) noexcept {
    return try_lock(handle, to, ec);
  }

  /// Releases the lock, whichever object of this process took it. Error
  /// conditions: those of fcntl(2).
  /// System calls: 1.
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    const lock_request none{lock_mode::unlocked, request.range};
    if (const int error = detail::lock_record(handle, detail::set_record, none))
      ec = detail::record_error(handle, none, error);
  }

  /// \returns Another process that holds a conflicting lock. The system cannot
  /// tell it for a process in another PID namespace or on another machine, and
  /// not for a lock by posix_ofd_traits. Never blocks. System calls: 1.
  static std::optional<process_id>
  holder(int handle, const lock_request& request) noexcept {
    return detail::record_holder(handle, detail::get_record, request);
  }
};

} // namespace v1
} // namespace filelock

#endif
