// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_flock_traits: the default on POSIX. Excludes everything else that uses
/// flock: Python's fcntl.flock, flock(1), cargo, Go.

#ifndef FILELOCK_PLATFORM_POSIX_FLOCK_TRAITS_HPP
#define FILELOCK_PLATFORM_POSIX_FLOCK_TRAITS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/access.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/posix_file.hpp>
#if FILELOCK_HAS_PROC_LOCKS
#include <filelock/detail/linux/flock_holder.hpp>
#endif

#include <pthread.h>
#include <sys/file.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform that locks by flock(2).
struct posix_flock_traits : posix_file {
  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership =
      lock_ownership::open_file_description;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false; // flock(2), "Converting"
  static constexpr bool byte_ranges = false;
  /// @}

  /// Attempts to take the lock once. System calls: 1.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  /// Error conditions: std::errc::not_supported: a range;
  /// std::errc::permission_denied: on NFS, `handle` is not open for writing (an
  /// exclusive lock) or reading (a shared one); the errors of flock(2).
  FILELOCK_ALWAYS_INLINE static bool try_lock(int handle,
                                              const lock_request& request,
                                              std::error_code& ec) noexcept {
    return call(handle, request, LOCK_NB, ec);
  }

  /// Waits in the kernel until the lock is taken. System calls: 1. Error
  /// conditions: as try_lock().
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    call(handle, request, 0, ec);
  }

  /// For queued<>: whether lock_cancellably() waits in a cancellation point.
  static constexpr bool is_cancelled_at_a_cancellation_point = false;
  /// Waits as lock(), in a thread that may be cancelled. Called by queued<>.
  /// \returns Zero, or errno. System calls: 1.
  FILELOCK_CANCELLED static int lock_cancellably(int handle,
                                                 const lock_request& request) {
    const int mode = request.mode == lock_mode::shared ? LOCK_SH : LOCK_EX;
#if FILELOCK_HAS_ASYNCHRONOUS_CANCEL
    int previous;
    // flock is no cancellation point, so a cancel would wait: pthreads(7).
    // NOLINTNEXTLINE(concurrency-thread-canceltype-asynchronous)
    ::pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &previous);
#endif
    const int error = ::flock(handle, mode) == 0 ? 0 : errno;
#if FILELOCK_HAS_ASYNCHRONOUS_CANCEL
    ::pthread_setcanceltype(previous, &previous);
#endif
    return error;
  }

  /// Converts a held lock, without waiting. Effects: the old lock is removed
  /// first, so another owner may get the lock in between. System calls: 1, and
  /// 1 more if it is refused.
  /// \returns Whether the lock is held as `to` says. If this is false with `ec`
  /// clear, nothing is held. Error conditions: as try_lock().
  static bool convert(int handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    if (try_lock(handle, to, ec)) return true;
    // On a local file the old lock is gone: flock(2), "Converting a lock". On
    // NFS, where flock locks the bytes, it may have stayed.
    if (!ec) unlock(handle, from, ec);
    return false;
  }

#if FILELOCK_HAS_PROC_LOCKS
  /// \returns A living process that took a lock in conflict with `request`. Not
  /// by the open file description of `handle`. It may be this process, by
  /// another descriptor. Nothing if the process is not known for sure: where
  /// /proc/locks may name another file (btrfs, some overlays), and for
  /// processes in other PID namespaces or on other machines. Never blocks.
  /// System calls: some 15, and more with many locks or mounts.
  static std::optional<process_id>
  holder(int handle, const lock_request& request) noexcept {
    return detail::flock_holder(handle, request);
  }

  /// \returns Whether an owner is seen to wait in the kernel. One that polls
  /// cannot be seen. System calls: some 10.
  static bool is_awaited(int handle) noexcept {
    return detail::is_awaited(handle, "FLOCK");
  }
#endif

  /// Releases the lock. System calls: 1. Error conditions: those of flock(2).
  FILELOCK_ALWAYS_INLINE static void unlock(int handle, const lock_request&,
                                            std::error_code& ec) noexcept {
    while (::flock(handle, LOCK_UN) != 0) {
      if (errno == EINTR) continue;
      ec = detail::posix_error(errno);
      return;
    }
  }

private:
  FILELOCK_ALWAYS_INLINE static bool call(int handle,
                                          const lock_request& request,
                                          int flags,
                                          std::error_code& ec) noexcept {
    if (!request.range.is_whole_file()) {
      ec = std::make_error_code(std::errc::not_supported);
      return false;
    }
    const int mode = request.mode == lock_mode::shared ? LOCK_SH : LOCK_EX;
    while (::flock(handle, mode | flags) != 0) {
      if (errno == EINTR) continue;
      // A file system that cannot block may report EWOULDBLOCK: an error.
      const bool is_busy = errno == EWOULDBLOCK && (flags & LOCK_NB) != 0;
      if (!is_busy) ec = detail::posix_lock_error(handle, request.mode, errno);
      return false;
    }
    return true;
  }
};

} // namespace v1
} // namespace filelock

#endif
