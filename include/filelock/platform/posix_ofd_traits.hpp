// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_ofd_traits: locks of bytes that belong to an open file description.
/// Excludes whatever else locks by fcntl: boost::interprocess::file_lock,
/// SQLite, Java's FileChannel. Declared where the system has such locks.

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
/// A descriptor and its duplicates are one owner, as those of a forked child
/// would be, were they not closed there; so is what an executed program
/// inherits. Two objects in one process, and so two threads, exclude each
/// other. The close of another descriptor of the file changes nothing.
///
/// It does not see locks by flock(2), but on NFS. A deadlock is not noticed.
/// An exclusive lock needs a descriptor that is open for writing.
struct posix_ofd_traits : posix_file {
  /// The facts: see platform_laws in the tests, which hold them to the system.
  /// @{
  static constexpr lock_ownership ownership =
      lock_ownership::open_file_description;
  static constexpr bool mandatory =
      false; // but on SMB, and by mount(8) -o mand
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = true;
  /// @}

  /// Effects: asks for the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear where another owner
  /// holds it.
  /// Error conditions: std::errc::permission_denied: `handle` is open, but not
  /// for writing (an exclusive lock) or not for reading (a shared one);
  /// std::errc::value_too_large: a byte whose offset off_t cannot hold;
  /// std::errc::not_supported: by the file, by the kernel, or, on illumos, a
  /// part of a file; the errors of fcntl(2).
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::try_lock_record(handle, F_OFD_SETLK, F_OFD_GETLK, request,
                                   ec);
  }

  /// Effects: waits in the kernel until the lock is taken. System calls: 1.
  /// Error conditions: as try_lock().
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (const int error = detail::lock_record(handle, F_OFD_SETLKW, request))
      ec = detail::record_error(handle, request, error);
  }

  /// What queued<> needs. Effects: as lock, in a thread that may be cancelled
  /// meanwhile. \returns Zero, or what errno says. System calls: 1.
  /// @{
  static constexpr bool is_cancelled_at_a_cancellation_point = true;
  FILELOCK_CANCELLED static int lock_cancellably(int handle,
                                                 const lock_request& request) {
    struct ::flock record = detail::record_of(request);
    int previous = PTHREAD_CANCEL_DEFERRED;
    // glibc's fcntl is a cancellation point for this command too. Elsewhere it
    // need not be, and a cancel would wait: POSIX, "Thread Cancellation".
    if (!FILELOCK_THREAD_SANITIZER)
      // NOLINTNEXTLINE(concurrency-thread-canceltype-asynchronous)
      ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &previous);
    const int error = ::fcntl(handle, F_OFD_SETLKW, &record) == 0 ? 0 : errno;
    ::pthread_setcanceltype(previous, &previous);
    return error;
  }
  /// @}

  /// Effects: changes the mode of a held lock, without waiting and without a
  /// moment in between at which nothing is held. System calls: 1.
  /// Preconditions: `from` and `to` name the same bytes.
  /// \returns Whether it is held as `to` says; otherwise it is held as `from`
  /// says, with `ec` clear where another owner is in the way.
  /// Error conditions: as try_lock().
  static bool convert(int handle, const lock_request&, const lock_request& to,
                      std::error_code& ec) noexcept {
    return try_lock(handle, to, ec);
  }

  /// Effects: releases the lock. System calls: 1.
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    const lock_request none{lock_mode::unlocked, request.range};
    if (const int error = detail::lock_record(handle, F_OFD_SETLK, none))
      ec = detail::record_error(handle, none, error);
  }

  /// \returns The process that holds a lock in conflict with `request`, where
  /// that lock belongs to a process (posix_fcntl_traits); nothing of one that
  /// belongs to an open file description. Never blocks. System calls: 1.
  static std::optional<process_id>
  holder(int handle, const lock_request& request) noexcept {
    return detail::record_holder(handle, F_OFD_GETLK, request);
  }

#if FILELOCK_HAS_PROC_LOCKS
  /// \returns Whether an owner can be seen to wait for a lock of the file in
  /// the kernel; one that polls cannot. System calls: some 10.
  static bool is_awaited(int handle) noexcept {
    return detail::is_awaited(handle, "OFDLCK");
  }
#endif
};

} // namespace v1
} // namespace filelock

#endif

#endif
