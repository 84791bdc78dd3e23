// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Removes the name of an open file at once. A template over the functions of
/// the system, so that a test can act between two of them.

#ifndef FILELOCK_DETAIL_WINDOWS_FILE_REMOVAL_HPP
#define FILELOCK_DETAIL_WINDOWS_FILE_REMOVAL_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>

#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The functions of Windows that remove_opened_file calls.
struct win_removal_system {
  static void* reopen(void* file, winapi::DWORD_ flags) noexcept {
    return ::ReOpenFile(file, winapi::DELETE_, share_all, flags);
  }

  static void close(void* file) noexcept { winapi::CloseHandle(file); }

  static bool unlink_on_close(void* file) noexcept {
    return detail::unlink_on_close(file);
  }

  static bool may_add_file(const std::wstring& folder) noexcept {
    void* const opened = winapi::CreateFileW(
        folder.c_str(), add_file, share_all, nullptr, winapi::OPEN_EXISTING_,
        winapi::FILE_FLAG_BACKUP_SEMANTICS_, nullptr);
    if (opened == winapi::invalid_handle_value) return false;
    close(opened);
    return true;
  }

  static bool rename(void* file, const std::wstring& name) {
    return rename_opened(file, name);
  }

  static winapi::DWORD_ last_error() noexcept { return winapi::GetLastError(); }
};

/// A second handle of a file. The destructor closes it.
template <class System>
class reopened_file {
public:
  reopened_file(void* file, winapi::DWORD_ flags) noexcept
      : handle_(System::reopen(file, flags)) {}
  ~reopened_file() {
    if (is_open()) System::close(handle_);
  }
  reopened_file(const reopened_file&) = delete;
  reopened_file& operator=(const reopened_file&) = delete;

  bool is_open() const noexcept {
    return handle_ != winapi::invalid_handle_value;
  }
  void* get() const noexcept { return handle_; }

private:
  void* handle_;
};

/// Deletes the file that `file` has open, and frees its name in `folder` at
/// once: otherwise the name of a deleted file may stay until the last handle is
/// closed. If the system cannot free a name, renames the file to `other_name`
/// in the same folder. If the process is killed in the middle, no file stays:
/// the system deletes it when the handle that renames it is closed.
/// Error conditions: those of the system. Nothing is deleted then.
template <class System>
void remove_opened_file(void* file, const std::wstring& folder,
                        const std::wstring& other_name, std::error_code& ec) {
  const auto is_failed = [&](bool succeeded) {
    if (!succeeded) ec = win_error(System::last_error());
    return !succeeded;
  };
  {
    const reopened_file<System> name(file, 0);
    if (is_failed(name.is_open())) return;
    if (System::unlink_on_close(name.get())) return;
    if (!is_not_supported(System::last_error())) {
      is_failed(false);
      return;
    }
  }
  // A file that is opened below is deleted in any case, so check this first.
  if (is_failed(System::may_add_file(folder))) return;
  const reopened_file<System> doomed(file, winapi::FILE_FLAG_DELETE_ON_CLOSE_);
  if (is_failed(doomed.is_open())) return;
  is_failed(System::rename(doomed.get(), other_name));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
