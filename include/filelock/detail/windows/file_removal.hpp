// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// How a file that is open loses its name at once, as a template over the
/// functions of the system: so a test can stand between two of them.

#ifndef FILELOCK_DETAIL_WINDOWS_FILE_REMOVAL_HPP
#define FILELOCK_DETAIL_WINDOWS_FILE_REMOVAL_HPP

#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>

#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What remove_opened_file calls of Windows.
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

/// A second handle of a file, closed at the end.
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

/// Effects: deletes the file that `file` has open, and frees its name, which is
/// in `folder`, at once: a deleted name may stay until the last handle goes.
/// Where the system cannot free a name, the file is renamed to `other_name` of
/// the same folder. A process that is killed in the middle leaves no file: the
/// system deletes it when the handle is closed that the file is renamed by.
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
  // What is opened below is deleted in any case, so this is asked before.
  if (is_failed(System::may_add_file(folder))) return;
  const reopened_file<System> doomed(file, winapi::FILE_FLAG_DELETE_ON_CLOSE_);
  if (is_failed(doomed.is_open())) return;
  is_failed(System::rename(doomed.get(), other_name));
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
