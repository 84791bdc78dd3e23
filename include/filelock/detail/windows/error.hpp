// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The one place that maps the errors of Windows.

#ifndef FILELOCK_DETAIL_WINDOWS_ERROR_HPP
#define FILELOCK_DETAIL_WINDOWS_ERROR_HPP

#include <filelock/detail/windows/api.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The system's own code for `error`.
inline std::error_code win_native_error(winapi::DWORD_ error) noexcept {
  return {static_cast<int>(error), std::system_category()};
}

/// \returns The error code of a call after which GetLastError() is `error`.
/// Maps the errors that the library asks for by name, and those that the
/// system_category of a standard library does not know or maps otherwise:
/// LLVM's takes each number for an errno, Microsoft's maps a bad handle to
/// invalid_argument, and GNU's maps an unsupported call to ENOSYS.
inline std::error_code win_error(winapi::DWORD_ error) noexcept {
  switch (error) {
  case winapi::ERROR_INVALID_FUNCTION_:
  case winapi::ERROR_NOT_SUPPORTED_:
  case winapi::ERROR_CALL_NOT_IMPLEMENTED_:
    return std::make_error_code(std::errc::not_supported);
  case winapi::ERROR_FILE_NOT_FOUND_:
  case winapi::ERROR_PATH_NOT_FOUND_:
    return std::make_error_code(std::errc::no_such_file_or_directory);
  case winapi::ERROR_FILE_EXISTS_:
  case winapi::ERROR_ALREADY_EXISTS_:
    return std::make_error_code(std::errc::file_exists);
  case winapi::ERROR_TOO_MANY_OPEN_FILES_:
    return std::make_error_code(std::errc::too_many_files_open);
  case winapi::ERROR_NOT_ENOUGH_MEMORY_:
  case winapi::ERROR_OUTOFMEMORY_:
    return std::make_error_code(std::errc::not_enough_memory);
  case winapi::ERROR_DISK_FULL_:
  case winapi::ERROR_HANDLE_DISK_FULL_:
    return std::make_error_code(std::errc::no_space_on_device);
  case winapi::ERROR_INVALID_HANDLE_:
    return std::make_error_code(std::errc::bad_file_descriptor);
  case error_invalid_lock_range:
  case winapi::ERROR_INVALID_NAME_: // a character that no name may have
  case winapi::ERROR_BAD_PATHNAME_:
    return std::make_error_code(std::errc::invalid_argument);
  case winapi::ERROR_ACCESS_DENIED_:
  case winapi::ERROR_SHARING_VIOLATION_:
  case winapi::ERROR_DELETE_PENDING_:
    return std::make_error_code(std::errc::permission_denied);
  case winapi::ERROR_NOT_OWNER_: // of a mutex
    return std::make_error_code(std::errc::operation_not_permitted);
  case winapi::ERROR_DIRECTORY_:
    return std::make_error_code(std::errc::not_a_directory);
  case winapi::ERROR_FILENAME_EXCED_RANGE_:
    return std::make_error_code(std::errc::filename_too_long);
  case winapi::ERROR_WRITE_PROTECT_:
    return std::make_error_code(std::errc::read_only_file_system);
  case winapi::ERROR_CANT_RESOLVE_FILENAME_: // links in a circle
    return std::make_error_code(std::errc::too_many_symbolic_link_levels);
  default:
    return win_native_error(error);
  }
}

/// \returns The error code of the last call.
inline std::error_code win_last_error() noexcept {
  return win_error(winapi::GetLastError());
}

/// \returns Whether an open that failed so may succeed a little later: a
/// stranger shares the file with nobody, or the file is being deleted. For a
/// file that is being deleted CreateFileW has the same error as for one that
/// may not be opened at all.
inline bool may_pass(winapi::DWORD_ error) noexcept {
  return error == winapi::ERROR_SHARING_VIOLATION_ ||
         error == winapi::ERROR_ACCESS_DENIED_ ||
         error == winapi::ERROR_DELETE_PENDING_;
}

/// \returns Whether the system may have refused only the writing.
/// https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-lockfileex
/// "must have been created with either the GENERIC_READ or GENERIC_WRITE access
/// right".
inline bool may_be_readable(winapi::DWORD_ error) noexcept {
  return error == winapi::ERROR_ACCESS_DENIED_ ||
         error == winapi::ERROR_WRITE_PROTECT_;
}

/// \returns Whether the system, or this file system, does not support the call.
inline bool is_not_supported(winapi::DWORD_ error) noexcept {
  return error == winapi::ERROR_INVALID_PARAMETER_ ||
         win_error(error) == std::errc::not_supported;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
