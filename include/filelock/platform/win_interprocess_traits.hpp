// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// win_interprocess_traits: the Platform of interprocess::file_lock on Windows.
/// It opens and locks the file as boost::interprocess::file_lock does.

#ifndef FILELOCK_PLATFORM_WIN_INTERPROCESS_TRAITS_HPP
#define FILELOCK_PLATFORM_WIN_INTERPROCESS_TRAITS_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>
#include <filelock/detail/windows/file_identity.hpp>
#include <filelock/detail/windows/lock_system.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/win_file.hpp>

#include <boost/winapi/character_code_conversion.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Reports the system's own error codes.
struct win_interprocess_system : win_lock_system {
  static std::error_code error(answer given) noexcept {
    return win_native_error(given);
  }
};

} // namespace detail

/// The Platform that locks as boost::interprocess::file_lock does on Windows.
struct win_interprocess_traits : win_file {
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = true;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = true;

  /// The bytes that Boost's class locks: from offset 0, with the longest
  /// length.
  static constexpr byte_range range{
      0, (std::numeric_limits<std::uint64_t>::max)()};

  /// Opens a file or a device for reading and writing. Effects: waits up to
  /// half a second, as Boost's class does, while a stranger shares the file
  /// with nobody.
  static void* open(const std::filesystem::path& path,
                    const open_options& options, std::error_code& ec) noexcept {
    constexpr int tries = 3;
    ec.clear();
    for (int made = 1;; ++made) {
      void* const handle = open_once(0, path.native(), options, read_and_write);
      if (!(handle == invalid_handle)) return handle;
      const detail::winapi::DWORD_ error = detail::winapi::GetLastError();
      if (error != detail::winapi::ERROR_SHARING_VIOLATION_ || made == tries) {
        ec = detail::win_native_error(error);
        return invalid_handle;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
  }

  static bool try_lock(void* handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return system::try_lock(handle, request, ec);
  }

  /// Waits in the system, because `handle` is not overlapped.
  static void lock(void* handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    system::lock(handle, request, ec);
  }

  static bool convert(void* handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    return system::convert(handle, from, to, ec);
  }

  static void unlock(void* handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    system::unlock(handle, request, ec);
  }

  /// \returns The path. Empty if `ec` is set to the error of CreateFile for
  /// such a name. A narrow name is in the code page of the system, as for
  /// CreateFileA; std::filesystem::path may use another.
  /// @{
  static std::filesystem::path path_of(const char* name, std::error_code& ec) {
    std::wstring wide;
    if (name) {
      const int size = detail::winapi::MultiByteToWideChar(
          detail::winapi::CP_ACP_, 0, name, -1, nullptr, 0);
      wide.resize(static_cast<std::size_t>(size));
      detail::winapi::MultiByteToWideChar(detail::winapi::CP_ACP_, 0, name, -1,
                                          wide.data(), size);
    }
    return path_of(wide.c_str(), ec);
  }
  static std::filesystem::path path_of(const wchar_t* name,
                                       std::error_code& ec) {
    if (name && *name) return name;
    ec = detail::win_native_error(detail::winapi::ERROR_PATH_NOT_FOUND_);
    return {};
  }
  /// @}

  /// \returns A number that two handles on one file share.
  static std::uint64_t identity(void* handle) noexcept {
    detail::file_identity file;
    return detail::identify(handle, file) ? file.hash() : 0;
  }

  /// The error of an object that has no file.
  static std::error_code no_file_error() noexcept {
    return detail::win_native_error(detail::winapi::ERROR_INVALID_HANDLE_);
  }

  /// The error if another file has replaced the first.
  static std::error_code other_file_error() noexcept {
    return detail::win_native_error(detail::winapi::ERROR_FILE_INVALID_);
  }

  /// \returns The GetLastError() of `ec`.
  static int native_error(const std::error_code& ec) noexcept {
    return ec.value();
  }

private:
  using system =
      detail::overlapped_lock<detail::win_interprocess_system, default_backoff>;
};

} // namespace v1
} // namespace filelock

#endif
