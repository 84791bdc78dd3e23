// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_ofd_traits: locks of bytes that belong to an open file description.
/// Excludes everything else that locks by fcntl:
/// boost::interprocess::file_lock, SQLite, Java's FileChannel. Declared where
/// the system has such locks.

#ifndef FILELOCK_PLATFORM_POSIX_OFD_TRAITS_HPP
#define FILELOCK_PLATFORM_POSIX_OFD_TRAITS_HPP

#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_OFD_LOCKS

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/posix/record_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/posix_file.hpp>

#include <fcntl.h>
#include <pthread.h>

#include <cerrno>
#include <optional>
#include <system_error>

#if FILELOCK_HAS_PROC_LOCKS
#include <filelock/detail/linux/flock_holder.hpp>
#endif

namespace filelock {
inline namespace v1 {

/// The Platform that locks by F_OFD_SETLK of fcntl(2): Linux 3.15, macOS,
/// illumos.
///
/// A descriptor and its duplicates are one owner, including the descriptor that
/// an executed program inherits. (A forked child would share the ownership too,
/// but its copy is closed.) Two objects in one process, and so two threads,
/// exclude each other. The close of another descriptor of the file changes
/// nothing.
///
/// It does not see locks by flock(2), except on NFS. A deadlock is not
/// detected. An exclusive lock needs a descriptor that is open for writing.
struct posix_ofd_traits : posix_file {
  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership =
      lock_ownership::open_file_description;
  static constexpr bool mandatory =
      false; // except on SMB, and by mount(8) -o mand
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Attempts to take the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  /// Error conditions: std::errc::permission_denied: `handle` is open, but not
  /// for writing (an exclusive lock) or not for reading (a shared one);
  /// std::errc::value_too_large: the offset of a byte is above 2^63 - 1;
  /// std::errc::not_supported: by the file, by the kernel, or, on illumos, a
  /// part of a file; the errors of fcntl(2).
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::try_lock_record(handle, F_OFD_SETLK, F_OFD_GETLK, request,
                                   ec);
  }

  /// Waits in the kernel until the lock is taken. System calls: 1.
  /// Error conditions: as try_lock().
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (const int error = detail::lock_record(handle, F_OFD_SETLKW, request))
      ec = detail::record_error(handle, request, error);
  }

  /// For queued<>: whether lock_cancellably() waits in a cancellation point.
  static constexpr bool is_cancelled_at_a_cancellation_point = true;
  /// Waits as lock(), in a thread that may be cancelled. Called by queued<>.
  /// \returns Zero, or errno. System calls: 1.
  FILELOCK_CANCELLED static int lock_cancellably(int handle,
                                                 const lock_request& request) {
    detail::file_record record = detail::record_of(request);
#if FILELOCK_HAS_ASYNCHRONOUS_CANCEL
    int previous;
    // The fcntl of glibc and of macOS is a cancellation point for this command
    // too. Elsewhere it need not be, and a cancel would wait: POSIX, "Thread
    // Cancellation".
    // NOLINTNEXTLINE(concurrency-thread-canceltype-asynchronous)
    ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &previous);
#endif
    const int error =
        detail::large_fcntl(handle, F_OFD_SETLKW, &record) == 0 ? 0 : errno;
#if FILELOCK_HAS_ASYNCHRONOUS_CANCEL
    ::pthread_setcanceltype(previous, &previous);
#endif
    return error;
  }

  /// Converts a held lock in place, without waiting.
  /// System calls: 1.
  /// Preconditions: `from` and `to` name the same bytes.
  /// \returns Whether the lock is held as `to` says. Otherwise it is held as
  /// `from` says, with `ec` clear if another owner holds a conflicting lock.
  /// Error conditions: as try_lock().
  static bool convert(int handle, const lock_request&, const lock_request& to,
                      std::error_code& ec) noexcept {
    return try_lock(handle, to, ec);
  }

  /// Releases the lock. System calls: 1. Error conditions: those of fcntl(2).
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    const lock_request none{lock_mode::unlocked, request.range};
    if (const int error = detail::lock_record(handle, F_OFD_SETLK, none))
      ec = detail::record_error(handle, none, error);
  }

  /// \returns A process that holds a conflicting lock of its own. Such a lock
  /// is one by posix_fcntl_traits. Nothing if it belongs to an open file
  /// description. Never blocks. System calls: 1.
  static std::optional<process_id>
  holder(int handle, const lock_request& request) noexcept {
    return detail::record_holder(handle, F_OFD_GETLK, request);
  }

  /// \returns The bytes of one lock in conflict with `request`. Nothing if
  /// there is none, or if `ec` is set. Called by fifo<>. Never blocks. Error
  /// conditions: as try_lock(). System calls: 1.
  static std::optional<byte_range>
  conflicting_range(int handle, const lock_request& request,
                    std::error_code& ec) noexcept {
    return detail::conflicting_range(handle, F_OFD_GETLK, request, ec);
  }

  /// \returns Whether another owner took what `held` says is held. That hold
  /// was then lost, as on NFS after the end of a lease. Called by
  /// still_valid(). System calls: 1; 2 after an error.
  static bool is_taken_by_another(int handle,
                                  const lock_request& held) noexcept {
    // The first call after the end of a lease may fail, as the client learns of
    // that end by it.
    for (int attempts = 0; attempts != 2; ++attempts) {
      std::error_code ec;
      const auto found = conflicting_range(handle, held, ec);
      if (!ec) return found.has_value();
    }
    return false;
  }

#if FILELOCK_HAS_PROC_LOCKS
  /// \returns Whether an owner is seen to wait in the kernel. One that polls
  /// cannot be seen. System calls: some 10.
  static bool is_awaited(int handle) noexcept {
    return detail::is_awaited(handle, "OFDLCK");
  }
#endif
};

} // namespace v1
} // namespace filelock

#endif

#endif
