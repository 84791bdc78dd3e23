// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The one place that maps the errors of Windows.

#ifndef FILELOCK_DETAIL_WINDOWS_ERROR_HPP
#define FILELOCK_DETAIL_WINDOWS_ERROR_HPP

#include <filelock/detail/windows/api.hpp>

#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns What the number of GetLastError() means. Std::errc{} if the library
/// never asks for that meaning.
constexpr std::errc win_meaning(winapi::DWORD_ error) noexcept {
  switch (error) {
  case winapi::ERROR_INVALID_FUNCTION_:
  case winapi::ERROR_NOT_SUPPORTED_:
  case winapi::ERROR_CALL_NOT_IMPLEMENTED_:
    return std::errc::not_supported;
  case winapi::ERROR_FILE_NOT_FOUND_:
  case winapi::ERROR_PATH_NOT_FOUND_:
    return std::errc::no_such_file_or_directory;
  case winapi::ERROR_FILE_EXISTS_:
  case winapi::ERROR_ALREADY_EXISTS_:
    return std::errc::file_exists;
  case winapi::ERROR_TOO_MANY_OPEN_FILES_:
    return std::errc::too_many_files_open;
  case winapi::ERROR_NOT_ENOUGH_MEMORY_:
  case winapi::ERROR_OUTOFMEMORY_:
    return std::errc::not_enough_memory;
  case winapi::ERROR_DISK_FULL_:
  case winapi::ERROR_HANDLE_DISK_FULL_:
    return std::errc::no_space_on_device;
  case winapi::ERROR_INVALID_HANDLE_:
    return std::errc::bad_file_descriptor;
  case error_invalid_lock_range:
  case winapi::ERROR_INVALID_PARAMETER_: // a range beyond all offsets
  case winapi::ERROR_INVALID_NAME_:      // a character that no name may have
  case winapi::ERROR_BAD_PATHNAME_:
    return std::errc::invalid_argument;
  case winapi::ERROR_ACCESS_DENIED_:
  case winapi::ERROR_SHARING_VIOLATION_:
  case winapi::ERROR_DELETE_PENDING_:
    return std::errc::permission_denied;
  case winapi::ERROR_NOT_OWNER_: // of a mutex
    return std::errc::operation_not_permitted;
  case winapi::ERROR_DIRECTORY_:
    return std::errc::not_a_directory;
  case winapi::ERROR_FILENAME_EXCED_RANGE_:
    return std::errc::filename_too_long;
  case winapi::ERROR_WRITE_PROTECT_:
    return std::errc::read_only_file_system;
  case winapi::ERROR_CANT_RESOLVE_FILENAME_: // links in a circle
    return std::errc::too_many_symbolic_link_levels;
  default:
    return std::errc{};
  }
}

/// The numbers of GetLastError() with the meanings above. The system_category
/// of a standard library maps them otherwise, or not at all: LLVM's takes each
/// number for an errno, so that "not ready" would be "is a directory",
/// Microsoft's maps a bad handle to invalid_argument, and GNU's maps an
/// unsupported call to ENOSYS.
class win_category final : public std::error_category {
public:
  static const win_category& instance() noexcept {
    static const win_category only;
    return only;
  }

  const char* name() const noexcept override { return "windows"; }
  std::string message(int error) const override {
    return "error " + std::to_string(error) + " of Windows";
  }
  std::error_condition
  default_error_condition(int error) const noexcept override {
    const std::errc meaning = win_meaning(static_cast<winapi::DWORD_>(error));
    if (meaning != std::errc{}) return std::make_error_condition(meaning);
    return {error, *this};
  }
};

/// \returns A code that has the number of GetLastError() and its meaning.
inline std::error_code win_native_error(winapi::DWORD_ error) noexcept {
  return {static_cast<int>(error), win_category::instance()};
}

/// \returns Whether the system_category of the standard library knows the
/// numbers of GetLastError().
inline bool system_category_is_of_windows() noexcept {
  return std::error_code(winapi::ERROR_PATH_NOT_FOUND_,
                         std::system_category()) ==
         std::errc::no_such_file_or_directory;
}

/// \returns The error code of a call after which GetLastError() is `error`: a
/// std::errc where the library asks for that by name, otherwise the system's
/// own number.
inline std::error_code win_error(winapi::DWORD_ error) noexcept {
  const std::errc meaning = win_meaning(error);
  if (meaning != std::errc{}) return std::make_error_code(meaning);
  if (system_category_is_of_windows())
    return {static_cast<int>(error), std::system_category()};
  return win_native_error(error);
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
         win_meaning(error) == std::errc::not_supported;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
