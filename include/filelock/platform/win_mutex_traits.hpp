// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// win_mutex_traits: a mutex of Windows that is named after the lock file. The
/// next owner sees that the last one died.

#ifndef FILELOCK_PLATFORM_WIN_MUTEX_TRAITS_HPP
#define FILELOCK_PLATFORM_WIN_MUTEX_TRAITS_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/platform/exclusive_request.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>
#include <filelock/detail/windows/file_identity.hpp>
#include <filelock/detail/windows/named_mutex.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/win_file.hpp>

#include <boost/winapi/mutex.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// Which programs see a mutex of Windows: those of all sessions of the machine,
/// or those of the caller's session. Services have a session of their own.
enum class win_namespace { global, local };

/// The Platform whose lock is a named mutex: CreateMutexW. The name is made
/// from the identity of the lock file. The file's content does not matter.
///
/// A wait ends at its deadline in the kernel. If the owner dies, the system
/// releases the lock, and the next owner sees it by previous_owner_died(), if
/// anybody had the lock open when the owner died.
///
/// The owner is a thread: only the thread that acquired can release. A thread
/// that ends while it holds the lock dies with it. Locks are exclusive only. A
/// file that another machine keeps is refused. A lock of one namespace does not
/// exclude a lock of the other one.
/// https://learn.microsoft.com/windows/win32/termserv/kernel-object-namespaces
template <win_namespace Namespace>
struct basic_win_mutex_traits {
  /// An open file and its mutex. Null if there is none.
  using native_handle_type = detail::win_named_mutex*;
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

  /// Opens the regular file `path` and its mutex. Effects: opens the file as
  /// win_file does, and opens or creates the mutex, which lives until all have
  /// closed it.
  /// \returns The handle; invalid_handle where `ec` is set.
  /// Error conditions:
  /// - std::errc::not_supported: another machine keeps the file; a folder
  /// - std::errc::permission_denied: another user has created the mutex
  /// - those of win_file::open(), and of CreateMutexW
  ///
  /// System calls: 6 to 8.
  static native_handle_type open(const std::filesystem::path& path,
                                 const open_options& options,
                                 std::error_code& ec) noexcept {
    void* const file = win_file::open(path, options, ec);
    if (ec) return invalid_handle;
    if (detail::is_remote(file))
      ec = std::make_error_code(std::errc::not_supported);
    void* const mutex = ec ? nullptr : open_mutex(file, ec);
    if (mutex) {
      if (const auto result =
              new (std::nothrow) detail::win_named_mutex(file, mutex))
        return result;
      detail::winapi::CloseHandle(mutex);
      ec = std::make_error_code(std::errc::not_enough_memory);
    }
    win_file::close(file);
    return invalid_handle;
  }

  /// Releases, if this thread is the owner, and closes. Effects: if another
  /// thread holds the lock by `handle`, the lock is free once that thread ends,
  /// or once nobody has the lock open. System calls: 2 or 3.
  static void close(native_handle_type handle) noexcept { delete handle; }

  /// Attempts to take the lock once. System calls: 1; 2 if it is taken.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it.
  /// Error conditions: std::errc::not_supported: a shared request, or a range.
  static bool try_lock(native_handle_type handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::can_lock_mutex(handle, request, ec) && handle->try_lock(ec);
  }

  /// Waits in the kernel until the lock is taken.
  /// Error conditions and system calls: as lock_until().
  static void lock(native_handle_type handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    canceller never;
    lock_until(handle, request, (std::chrono::steady_clock::time_point::max)(),
               never, ec);
  }

  /// Waits in the kernel for the lock, `end` or the cancel. System calls: 4,
  /// and 2 for each look at the time.
  /// \returns Whether it was taken.
  /// Error conditions: as try_lock(), and those of CreateEventW.
  static bool lock_until(native_handle_type handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    return detail::can_lock_mutex(handle, request, ec) &&
           handle->lock_until(end, stop, ec);
  }

  /// Releases the lock. System calls: 1.
  /// Error conditions: std::errc::operation_not_permitted: this thread does not
  /// hold the lock by `handle`; nothing changes.
  static void unlock(native_handle_type handle, const lock_request&,
                     std::error_code& ec) noexcept {
    if (detail::is_open_mutex(handle, ec)) handle->unlock(ec);
  }

  /// \returns Whether the last owner ended without a release. Preconditions:
  /// the lock is held by `handle`. System calls: none.
  static bool previous_owner_died(native_handle_type handle,
                                  const lock_request&) noexcept {
    return handle->previous_owner_died();
  }

  /// \returns Whether `path` names the file. System calls: as
  /// win_file::names().
  static bool names(const std::filesystem::path& path,
                    native_handle_type handle) noexcept {
    return win_file::names(path, handle->file());
  }

  /// Removes the file as win_file::remove() does. Error conditions and system
  /// calls: as there. Preconditions: the lock is held by `handle`.
  static void remove(const std::filesystem::path& path,
                     native_handle_type handle, std::error_code& ec) noexcept {
    win_file::remove(path, handle->file(), ec);
  }

private:
  static void* open_mutex(void* file, std::error_code& ec) noexcept {
    namespace winapi = detail::winapi;
    void* mutex = nullptr;
    detail::without_exceptions(ec, [&] {
      detail::file_identity identity;
      if (!detail::identify(file, identity)) {
        ec = detail::win_last_error();
        return;
      }
      const std::wstring name = mutex_name(identity);
      mutex = winapi::CreateMutexW(nullptr, false, name.c_str());
      // CreateMutexW, "Return value": another user may have created it.
      if (!mutex && winapi::GetLastError() == winapi::ERROR_ACCESS_DENIED_)
        mutex = winapi::OpenMutexW(winapi::SYNCHRONIZE_ |
                                       winapi::MUTEX_MODIFY_STATE_,
                                   false, name.c_str());
      if (!mutex) ec = detail::win_last_error();
    });
    return mutex;
  }

  // Every version of the library has to make the same name.
  static std::wstring mutex_name(const detail::file_identity& file) {
    return (Namespace == win_namespace::global ? L"Global\\filelock-"
                                               : L"Local\\filelock-") +
           std::to_wstring(file.volume) + L'-' + file.digits();
  }
};

/// The Platform of robust_file_lock on Windows: all sessions of the machine
/// exclude each other.
using win_mutex_traits = basic_win_mutex_traits<win_namespace::global>;

/// The Platform for the programs of one session. A sandboxed program may be
/// allowed no other.
using win_local_mutex_traits = basic_win_mutex_traits<win_namespace::local>;

} // namespace v1
} // namespace filelock

#endif
