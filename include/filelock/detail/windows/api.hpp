// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The functions of Windows that the library calls, without <windows.h>: those
/// of Boost.WinAPI, and the few that it lacks.
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

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#if !defined(BOOST_USE_WINDOWS_H)
extern "C" {
BOOST_WINAPI_IMPORT boost::winapi::DWORD_ BOOST_WINAPI_WINAPI_CC
GetFileType(boost::winapi::HANDLE_ file);

BOOST_WINAPI_IMPORT boost::winapi::DWORD_ BOOST_WINAPI_WINAPI_CC
GetFullPathNameW(boost::winapi::LPCWSTR_ name, boost::winapi::DWORD_ size,
                 boost::winapi::LPWSTR_ full, boost::winapi::LPWSTR_* last);

BOOST_WINAPI_IMPORT boost::winapi::BOOL_ BOOST_WINAPI_WINAPI_CC
FlushFileBuffers(boost::winapi::HANDLE_ file);

BOOST_WINAPI_IMPORT boost::winapi::BOOL_ BOOST_WINAPI_WINAPI_CC
CancelIoEx(boost::winapi::HANDLE_ file, ::_OVERLAPPED* overlapped);

BOOST_WINAPI_IMPORT boost::winapi::BOOL_ BOOST_WINAPI_WINAPI_CC
GetOverlappedResult(boost::winapi::HANDLE_ file, ::_OVERLAPPED* overlapped,
                    boost::winapi::LPDWORD_ transferred,
                    boost::winapi::BOOL_ wait);

BOOST_WINAPI_IMPORT boost::winapi::HANDLE_ BOOST_WINAPI_WINAPI_CC
ReOpenFile(boost::winapi::HANDLE_ file, boost::winapi::DWORD_ access,
           boost::winapi::DWORD_ share, boost::winapi::DWORD_ flags);
}
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

namespace winapi = boost::winapi;

// Not named like the macros in <windows.h>.
inline constexpr winapi::DWORD_ lock_fail_immediately = 0x1;
inline constexpr winapi::DWORD_ lock_exclusive = 0x2;
inline constexpr winapi::DWORD_ file_type_unknown = 0x0;
inline constexpr winapi::DWORD_ file_type_disk = 0x1;
inline constexpr winapi::DWORD_ read_attributes = 0x80;
inline constexpr winapi::DWORD_ add_file = 0x2;
inline constexpr winapi::DWORD_ share_all = winapi::FILE_SHARE_READ_ |
                                            winapi::FILE_SHARE_WRITE_ |
                                            winapi::FILE_SHARE_DELETE_;
inline constexpr winapi::DWORD_ error_invalid_lock_range = 307;

/// \returns Whether an asynchronous call on `file` has succeeded. Otherwise
/// GetLastError() says why: ERROR_IO_INCOMPLETE if it has not ended.
inline winapi::BOOL_ result_of_call(winapi::HANDLE_ file,
                                    winapi::OVERLAPPED_& call) noexcept {
  winapi::DWORD_ transferred = 0;
  return ::GetOverlappedResult(file, reinterpret_cast<::_OVERLAPPED*>(&call),
                               &transferred, 0);
}

/// Waits until the call has ended.
/// \param transferred How many bytes the call has read or written.
inline winapi::BOOL_
awaited_result_of_call(winapi::HANDLE_ file, winapi::OVERLAPPED_& call,
                       winapi::DWORD_& transferred) noexcept {
  return ::GetOverlappedResult(file, reinterpret_cast<::_OVERLAPPED*>(&call),
                               &transferred, 1);
}

/// \returns Whether the system was asked to end an asynchronous call on `file`.
inline winapi::BOOL_ cancel_call(winapi::HANDLE_ file,
                                 winapi::OVERLAPPED_& call) noexcept {
  return ::CancelIoEx(file, reinterpret_cast<::_OVERLAPPED*>(&call));
}

/// \returns A function of a library that every process has loaded. Null if this
/// system does not have the function. For functions that cannot be declared
/// here, because their declaration names a type of <windows.h>.
template <class Function>
Function* system_function(const wchar_t* library, const char* name) noexcept {
  const auto found =
      winapi::get_proc_address(winapi::GetModuleHandleW(library), name);
  // Converts by way of a function without parameters, as any other allows.
  return reinterpret_cast<Function*>(reinterpret_cast<void (*)()>(found));
}

/// \returns Whether calls on `file` block, because it was opened without
/// FILE_FLAG_OVERLAPPED. False if the system does not say.
inline bool is_synchronous(winapi::HANDLE_ file) noexcept {
  struct {
    winapi::LONG_ status;
    winapi::ULONG_PTR_ information;
  } ended{};
  using query = winapi::LONG_ BOOST_WINAPI_WINAPI_CC(
      winapi::HANDLE_, decltype(&ended), void*, winapi::ULONG_, int);
  const auto ask =
      system_function<query>(L"ntdll.dll", "NtQueryInformationFile");
  constexpr int mode_information = 16;           // FileModeInformation
  constexpr winapi::ULONG_ blocks = 0x10 | 0x20; // FILE_SYNCHRONOUS_IO_*
  winapi::ULONG_ mode = 0;
  return ask && ask(file, &ended, &mode, sizeof mode, mode_information) == 0 &&
         (mode & blocks) != 0;
}

/// FILE_ID_INFO: identifies a file and its volume.
struct file_id_information {
  std::uint64_t volume;
  std::uint64_t low;
  std::uint64_t high;
};

/// \returns Whether the system has set `size` bytes of information on `file`.
inline bool query_file(winapi::HANDLE_ file, int kind, void* information,
                       std::size_t size) noexcept {
  using query = winapi::BOOL_ BOOST_WINAPI_WINAPI_CC(winapi::HANDLE_, int,
                                                     void*, winapi::DWORD_);
  // Once: each acquire that compares path and file asks twice.
  static const auto ask =
      system_function<query>(L"kernel32.dll", "GetFileInformationByHandleEx");
  return ask && ask(file, kind, information, static_cast<winapi::DWORD_>(size));
}

/// \returns Whether the system has set `id`.
inline bool query_file_id(winapi::HANDLE_ file,
                          file_id_information& id) noexcept {
  constexpr int file_id_info = 18;
  return query_file(file, file_id_info, &id, sizeof id);
}

/// \returns Whether the system has accepted `size` bytes of information on
/// `file`. Otherwise GetLastError() says why.
inline bool set_file_information(winapi::HANDLE_ file, int kind,
                                 void* information, std::size_t size) noexcept {
  using setter = winapi::BOOL_ BOOST_WINAPI_WINAPI_CC(winapi::HANDLE_, int,
                                                      void*, winapi::DWORD_);
  const auto set =
      system_function<setter>(L"kernel32.dll", "SetFileInformationByHandle");
  return set(file, kind, information, static_cast<winapi::DWORD_>(size)) != 0;
}

/// \returns Whether closing `file` will free its name. It will be free even if
/// others have the file open. Windows 10 can do that on NTFS:
/// FILE_DISPOSITION_INFO_EX.
inline bool unlink_on_close(winapi::HANDLE_ file) noexcept {
  constexpr int file_disposition_info_ex = 21;
  winapi::DWORD_ flags = 0x1 | 0x2; // delete, with POSIX semantics
  return set_file_information(file, file_disposition_info_ex, &flags,
                              sizeof flags);
}

/// \returns Whether `file` was renamed to `name`, a name that was free.
inline bool rename_opened(winapi::HANDLE_ file, const std::wstring& name) {
  struct information { // FILE_RENAME_INFO
    winapi::DWORD_ replace = 0;
    winapi::HANDLE_ root = nullptr;
    winapi::DWORD_ size = 0;
    wchar_t name[1] = {};
  };
  constexpr int file_rename_info = 3;
  const std::size_t size = name.size() * sizeof(wchar_t);
  std::vector<information> whole(2 + size / sizeof(information));
  whole.front().size = static_cast<winapi::DWORD_>(size);
  std::memcpy(reinterpret_cast<char*>(whole.data()) +
                  offsetof(information, name),
              name.data(), size);
  return set_file_information(file, file_rename_info, whole.data(),
                              whole.size() * sizeof(information));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
