// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The functions of Windows that are called, without <windows.h>: those of
/// Boost.WinAPI, and here the few that it lacks.
/// https://learn.microsoft.com/windows/win32/api/fileapi/

#ifndef FILELOCK_DETAIL_WIN_API_HPP
#define FILELOCK_DETAIL_WIN_API_HPP

#include <boost/winapi/access_rights.hpp>
#include <boost/winapi/basic_types.hpp>
#include <boost/winapi/directory_management.hpp>
#include <boost/winapi/error_codes.hpp>
#include <boost/winapi/file_management.hpp>
#include <boost/winapi/get_last_error.hpp>
#include <boost/winapi/handles.hpp>
#include <boost/winapi/overlapped.hpp>

#if !defined(BOOST_USE_WINDOWS_H)
extern "C" {
BOOST_WINAPI_IMPORT boost::winapi::DWORD_ BOOST_WINAPI_WINAPI_CC
GetFileType(boost::winapi::HANDLE_ file);

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

/// Effects: waits for an asynchronous call on `file` to end.
/// \returns Whether it succeeded; otherwise GetLastError() tells.
inline bool has_succeeded(winapi::HANDLE_ file,
                          winapi::OVERLAPPED_& call) noexcept {
  winapi::DWORD_ transferred = 0;
  return ::GetOverlappedResult(file, reinterpret_cast<::_OVERLAPPED*>(&call),
                               &transferred, 1) != 0;
}

} // namespace filelock::detail

#endif
