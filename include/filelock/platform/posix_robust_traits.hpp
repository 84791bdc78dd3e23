// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// posix_robust_traits: a robust mutex in the lock file, for processes of one
/// machine that lock often. Declared only where the system has such mutexes:
/// Linux, but not macOS.

#ifndef FILELOCK_PLATFORM_POSIX_ROBUST_TRAITS_HPP
#define FILELOCK_PLATFORM_POSIX_ROBUST_TRAITS_HPP

#include <filelock/detail/config.hpp>

#if FILELOCK_HAS_ROBUST_MUTEX

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/platform/exclusive_request.hpp>
#include <filelock/detail/posix/access.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/posix/local_memory.hpp>
#include <filelock/detail/posix/robust_file.hpp>
#include <filelock/detail/posix/robust_making.hpp>
#include <filelock/detail/posix/robust_mutex.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/name_memory.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/posix_file.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <new>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The Platform whose lock is a robust mutex in memory. All contenders map it
/// from the lock file: pthread_mutexattr_setrobust(3).
///
/// A program that truncates the file ends the programs that use it, by SIGBUS;
/// one that writes to the file may corrupt their memory. So only programs that
/// use the lock may have the right to write to the file.
///
/// A lock that is free costs no system call. A wait ends at its deadline in the
/// kernel. If the owner dies, the kernel releases the lock, and the next owner
/// sees it by previous_owner_died().
///
/// The owner is a thread: only the thread that acquired can release. A thread
/// that ends while it holds the lock dies with it. Locks are exclusive only.
/// All contenders must run on one kernel, with one C library and one size of
/// pointers; a file system that other machines may mount is refused.
struct posix_robust_traits {
  /// An open and mapped file; null where there is none.
  using native_handle_type = detail::robust_file*;
  /// What open() returns where it fails.
  // NOLINTNEXTLINE(misc-misplaced-const): the pointer is the constant
  static constexpr native_handle_type invalid_handle = nullptr;

  /// The facts. The tests hold them to the system: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::thread;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;
  static constexpr bool shared_locks = false;
  /// @}

  /// Opens the regular file `path`, and maps its mutex. Effects: opens as
  /// posix_file does. Makes a mutex in the file if it is empty, unfinished, or
  /// from before the last start of the machine. Waits some 10 ms for another
  /// process that makes it.
  /// \returns The handle; invalid_handle where `ec` is set.
  /// Error conditions:
  /// - std::errc::invalid_argument: a file with other content, or a damaged
  ///   one, which stays as it is
  /// - std::errc::not_supported: a file of another version of the format or
  ///   another C library; a folder; a file system that other machines may
  ///   mount; or /proc is not mounted
  /// - std::errc::permission_denied: the file may not be written
  /// - std::errc::resource_unavailable_try_again: another process holds the
  ///   file by flock(2), which is not made yet
  /// - those of posix_file::open(), posix_fallocate(3) and mmap(2)
  ///
  /// System calls: some 15; some 25 where the file is made.
  static native_handle_type open(const std::filesystem::path& path,
                                 const open_options& options,
                                 std::error_code& ec) noexcept {
    if (options.directory || options.device || options.read_only)
      ec = std::make_error_code(std::errc::not_supported);
    const auto origin = detail::process_origin::here(ec);
    if (ec) return invalid_handle;
    const int descriptor = posix_file::open(path, options, ec);
    if (ec) return invalid_handle;
    if (!detail::maps_local_memory(descriptor))
      ec = std::make_error_code(std::errc::not_supported);
    else if (detail::lacks_access(descriptor, lock_mode::exclusive))
      ec = std::make_error_code(std::errc::permission_denied);
    detail::robust_page* const page =
        ec ? nullptr : detail::robust_making(descriptor).run(ec);
    if (page) {
      if (const auto result =
              new (std::nothrow) detail::robust_file(descriptor, *page, origin))
        return result;
      detail::unmap(*page);
      ec = std::make_error_code(std::errc::not_enough_memory);
    }
    posix_file::close(descriptor);
    return invalid_handle;
  }

  /// Releases, unmaps and closes. Effects: if another thread of this process
  /// holds the lock by `handle`, the lock stays until that thread ends, and the
  /// page stays mapped. System calls: 2.
  static void close(native_handle_type handle) noexcept { delete handle; }

  /// Attempts to take the lock once. System calls: none.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  /// Error conditions: std::errc::not_supported: a shared request, or a range;
  /// std::errc::state_not_recoverable: another program has left the mutex so
  /// that nobody can lock it again.
  FILELOCK_ALWAYS_INLINE static bool try_lock(native_handle_type handle,
                                              const lock_request& request,
                                              std::error_code& ec) noexcept {
    return detail::can_lock_mutex(handle, request, ec) &&
           handle->note(detail::try_lock(handle->mutex()), ec);
  }

  /// Waits in the kernel until the lock is taken. System calls: none, unless it
  /// waits.
  /// Error conditions: as try_lock().
  static void lock(native_handle_type handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    canceller never;
    lock_until(handle, request, (std::chrono::steady_clock::time_point::max)(),
               never, ec);
  }

  /// Waits in the kernel for the lock, `end` or the cancel. It sees the cancel
  /// within some 5 ms. System calls: none, unless it waits.
  /// \returns Whether it was taken. Error conditions: as try_lock().
  static bool lock_until(native_handle_type handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    return detail::can_lock_mutex(handle, request, ec) &&
           handle->note(detail::lock_until(handle->mutex(), end, stop), ec);
  }

  /// Releases the lock. System calls: none, unless a thread waits.
  /// Error conditions: std::errc::operation_not_permitted: this thread does not
  /// hold the lock by `handle`; nothing changes.
  FILELOCK_ALWAYS_INLINE static void unlock(native_handle_type handle,
                                            const lock_request&,
                                            std::error_code& ec) noexcept {
    if (detail::is_open_mutex(handle, ec)) handle->unlock(ec);
  }

  /// \returns Whether the last owner ended without a release. Preconditions:
  /// the lock is held by `handle`. System calls: none.
  static bool previous_owner_died(native_handle_type handle,
                                  const lock_request&) noexcept {
    return handle->previous_owner_died();
  }

  /// \returns The descriptor that a forked child closes. System calls: none.
  static int descriptor(native_handle_type handle) noexcept {
    return handle->descriptor();
  }

  /// \returns Whether `path` names the file. System calls: 2.
  static bool names(const std::filesystem::path& path,
                    native_handle_type handle) noexcept {
    return posix_file::names(path, handle->descriptor());
  }

  /// \returns Whether `path` still names the file. Skips the comparison for 10
  /// ms after the last one, unless an owner removes the file by remove().
  /// System calls: mostly none.
  static bool still_names(const std::filesystem::path& path,
                          native_handle_type handle, name_memory&) noexcept {
    if (handle->was_compared_lately()) return true;
    if (!names(path, handle)) return false;
    handle->compared();
    return true;
  }

  /// Removes the file as posix_file::remove() does. Effects: the next acquire
  /// of each contender compares the path. Error conditions and system calls: as
  /// there. Preconditions: the lock is held by `handle`.
  static void remove(const std::filesystem::path& path,
                     native_handle_type handle, std::error_code& ec) noexcept {
    handle->begin_removal();
    posix_file::remove(path, handle->descriptor(), ec);
  }

  /// \returns The process that holds the lock by another handle. Nothing of one
  /// in another PID namespace. System calls: 1.
  static std::optional<process_id> holder(native_handle_type handle,
                                          const lock_request&) noexcept {
    return handle ? handle->other_owner() : std::nullopt;
  }

  /// \returns A number that two handles on one file share. System calls: 1.
  static std::uint64_t identity(native_handle_type handle) noexcept {
    return posix_file::identity(handle->descriptor());
  }
};

} // namespace v1
} // namespace filelock

#endif

#endif
