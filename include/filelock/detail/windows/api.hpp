// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The functions of Windows that are called, without <windows.h>: those of
/// Boost.WinAPI, and here the few that it lacks.
/// https://learn.microsoft.com/windows/win32/api/fileapi/

#ifndef FILELOCK_DETAIL_WINDOWS_API_HPP
#define FILELOCK_DETAIL_WINDOWS_API_HPP

#include <boost/winapi/access_rights.hpp>
#include <boost/winapi/basic_types.hpp>
#include <boost/winapi/directory_management.hpp>
#include <boost/winapi/dll.hpp>
#include <boost/winapi/error_codes.hpp>
#include <boost/winapi/file_management.hpp>
#include <boost/winapi/get_last_error.hpp>
#include <boost/winapi/get_proc_address.hpp>
#include <boost/winapi/handles.hpp>
#include <boost/winapi/overlapped.hpp>

#if !defined(BOOST_USE_WINDOWS_H)
extern "C" {
BOOST_WINAPI_IMPORT boost::winapi::DWORD_ BOOST_WINAPI_WINAPI_CC
GetFileType(boost::winapi::HANDLE_ file);

BOOST_WINAPI_IMPORT boost::winapi::DWORD_ BOOST_WINAPI_WINAPI_CC
GetFullPathNameW(boost::winapi::LPCWSTR_ name, boost::winapi::DWORD_ size,
                 boost::winapi::LPWSTR_ full, boost::winapi::LPWSTR_* last);

BOOST_WINAPI_IMPORT boost::winapi::BOOL_ BOOST_WINAPI_WINAPI_CC
CancelIoEx(boost::winapi::HANDLE_ file, ::_OVERLAPPED* overlapped);

BOOST_WINAPI_IMPORT boost::winapi::BOOL_ BOOST_WINAPI_WINAPI_CC
GetOverlappedResult(boost::winapi::HANDLE_ file, ::_OVERLAPPED* overlapped,
                    boost::winapi::LPDWORD_ transferred,
                    boost::winapi::BOOL_ wait);
}
#endif

namespace filelock::detail {

namespace winapi = boost::winapi;

// Not by the names of the macros in <windows.h>.
inline constexpr winapi::DWORD_ lock_fail_immediately = 0x1;
inline constexpr winapi::DWORD_ lock_exclusive = 0x2;
inline constexpr winapi::DWORD_ file_type_unknown = 0x0;
inline constexpr winapi::DWORD_ file_type_disk = 0x1;
inline constexpr winapi::DWORD_ read_attributes = 0x80;
inline constexpr winapi::DWORD_ error_invalid_lock_range = 307;

/// \returns Whether an asynchronous call on `file` has succeeded; otherwise
/// GetLastError() tells: ERROR_IO_INCOMPLETE where it has not ended.
inline winapi::BOOL_ result_of_call(winapi::HANDLE_ file,
                                    winapi::OVERLAPPED_& call) noexcept {
  winapi::DWORD_ transferred = 0;
  return ::GetOverlappedResult(file, reinterpret_cast<::_OVERLAPPED*>(&call),
                               &transferred, 0);
}

/// \returns Whether an asynchronous call on `file` is asked to end.
inline winapi::BOOL_ cancel_call(winapi::HANDLE_ file,
                                 winapi::OVERLAPPED_& call) noexcept {
  return ::CancelIoEx(file, reinterpret_cast<::_OVERLAPPED*>(&call));
}

/// \returns Whether calls on `file` block: it was opened without
/// FILE_FLAG_OVERLAPPED. False where the system does not tell.
inline bool is_synchronous(winapi::HANDLE_ file) noexcept {
  struct {
    winapi::LONG_ status;
    winapi::ULONG_PTR_ information;
  } ended{};
  using query = winapi::LONG_(BOOST_WINAPI_WINAPI_CC*)(
      winapi::HANDLE_, decltype(&ended), void*, winapi::ULONG_, int);
  const auto found = winapi::get_proc_address(
      winapi::GetModuleHandleW(L"ntdll.dll"), "NtQueryInformationFile");
  // By way of a function without parameters, which converts to any other.
  const auto ask = reinterpret_cast<query>(reinterpret_cast<void (*)()>(found));
  constexpr int mode_information = 16;           // FileModeInformation
  constexpr winapi::ULONG_ blocks = 0x10 | 0x20; // FILE_SYNCHRONOUS_IO_*
  winapi::ULONG_ mode = 0;
  return ask && ask(file, &ended, &mode, sizeof mode, mode_information) == 0 &&
         (mode & blocks) != 0;
}

} // namespace filelock::detail

#endif
