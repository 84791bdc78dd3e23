// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The file below a lock, for every Platform on Windows: a Platform inherits
/// win_file and adds the calls that lock.

#ifndef FILELOCK_PLATFORM_WIN_FILE_HPP
#define FILELOCK_PLATFORM_WIN_FILE_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>
#include <filelock/detail/windows/file_bytes.hpp>
#include <filelock/detail/windows/file_identity.hpp>
#include <filelock/detail/windows/file_removal.hpp>
#include <filelock/detail/windows/path.hpp>
#include <filelock/detail/windows/single_byte.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {

/// The part of a Platform that handles files on Windows.
struct win_file {
  /// A HANDLE.
  using native_handle_type = void*;

  /// The type of invalid_handle, whose value is no constant expression.
  struct invalid_handle_type {
    /// \returns INVALID_HANDLE_VALUE.
    operator void*() const noexcept {
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the system defines it so
      return reinterpret_cast<void*>(std::intptr_t{-1});
    }
  };
  /// The value that CreateFile returns in place of a handle.
  static constexpr invalid_handle_type invalid_handle{};

  /// Opens the regular file `path`. Effects: creates it and the folders above
  /// it as `options` say. Never truncates. Others may read, write, rename and
  /// delete the file. Ignores open_options::permissions: a new file inherits
  /// those of its folder. A file that may not be written is opened for reading,
  /// if allowed: LockFileEx needs no more. Waits up to half a second, for an
  /// attempt without a wait too, while the file is being deleted, or while a
  /// stranger shares it with nobody. \returns The handle; invalid_handle where
  /// `ec` is set. Error conditions: std::errc::is_a_directory;
  /// std::errc::invalid_argument: no regular file;
  /// std::errc::too_many_symbolic_link_levels: a reparse point at the path; the
  /// errors of CreateFile and CreateDirectory. System calls: 3; 4 for a file
  /// that may not be written.
  static void* open(const std::filesystem::path& path,
                    const open_options& options, std::error_code& ec) noexcept {
    return open_with(0, path, options, ec);
  }

  /// Closes `handle`. System calls: 1.
  static void close(void* handle) noexcept {
    detail::winapi::CloseHandle(handle);
  }

  /// \returns Whether `handle` is the handle of a file. Otherwise `ec` is set:
  /// bad_file_descriptor. System calls: 1.
  static bool adopt(void* handle, std::error_code& ec) noexcept {
    if (::GetFileType(handle) == detail::file_type_unknown)
      ec = detail::win_last_error();
    return !ec;
  }

  /// \returns Whether `path` names the file that `handle` has open. Compares an
  /// identity of 128 bits where the file system has one, otherwise of 64.
  /// System calls: 4; 6 with an identity of 64 bits.
  static bool names(const std::filesystem::path& path, void* handle) noexcept {
    std::error_code ec;
    return detail::without_exceptions(ec, [&] {
      const std::wstring name = detail::win_long_path(path, ec);
      void* const other = detail::winapi::CreateFileW(
          name.c_str(), detail::read_attributes, detail::share_all, nullptr,
          detail::winapi::OPEN_EXISTING_,
          detail::winapi::FILE_FLAG_BACKUP_SEMANTICS_, nullptr);
      if (other == invalid_handle) return false;
      const bool result = detail::is_same_file(other, handle);
      close(other);
      return result;
    });
  }

  /// Removes `path` if it names the open file. Preconditions: the caller holds
  /// the lock exclusively by `handle`. Effects: leaves a reparse point alone.
  /// `path` is free at once, even if others have the file open. If the system
  /// cannot free it, the file is renamed first, to `<its own number>.removed`
  /// in the same folder. If the process is killed in the middle, no file stays.
  /// Error conditions: those of ReOpenFile and SetFileInformationByHandle:
  /// permission_denied if somebody does not share the file for deletion, or if
  /// its attribute says read-only. System calls: 9; 14 if the file is renamed.
  static void remove(const std::filesystem::path& path, void* handle,
                     std::error_code& ec) noexcept {
    detail::without_exceptions(ec, [&] {
      const std::wstring name = detail::win_long_path(path, ec);
      const number attributes =
          detail::winapi::GetFileAttributesW(name.c_str());
      detail::file_identity file;
      // For a missing file the system reports all attributes as set.
      if (attributes & detail::winapi::FILE_ATTRIBUTE_REPARSE_POINT_ ||
          !names(path, handle) || !detail::identify(handle, file))
        return;
      // Some systems would delete a read-only file all the same.
      if (attributes & detail::winapi::FILE_ATTRIBUTE_READONLY_) {
        ec = std::make_error_code(std::errc::permission_denied);
        return;
      }
      const std::filesystem::path folder = path.parent_path();
      // A short name: the file's own may be as long as the system allows.
      const std::filesystem::path other =
          folder / (file.digits() + L".removed");
      detail::remove_opened_file<detail::win_removal_system>(
          handle, detail::win_long_path(folder, ec),
          detail::win_long_path(other, ec), ec);
    });
  }

  /// Reads or writes the only byte of the file; nothing if it is empty. Error
  /// conditions: invalid_argument: it has more bytes. System calls: 3.
  /// @{
  static std::optional<char> read_single_byte(void* handle,
                                              std::error_code& ec) noexcept {
    return detail::read_single_byte(handle, ec);
  }
  static void write_single_byte(void* handle, char byte,
                                std::error_code& ec) noexcept {
    detail::write_single_byte(handle, byte, ec);
  }
  /// @}

  /// \returns How many bytes were read, from `offset` on: fewer than `size` at
  /// the end of the file; zero if `ec` is set: the errors of ReadFile. System
  /// calls: 3.
  static std::size_t read_bytes(void* handle, std::uint64_t offset, char* bytes,
                                std::size_t size,
                                std::error_code& ec) noexcept {
    return detail::read_bytes(handle, offset, bytes, size, ec);
  }

  /// Writes the bytes at `offset`. System calls: 3. Error conditions: those of
  /// WriteFile; permission_denied: the file is open for reading only.
  static void write_bytes(void* handle, std::uint64_t offset, const char* bytes,
                          std::size_t size, std::error_code& ec) noexcept {
    detail::write_bytes(handle, offset, bytes, size, ec);
  }

  /// Cuts the file, or extends it by zeros. System calls: 1, with its errors.
  static void resize(void* handle, std::uint64_t size,
                     std::error_code& ec) noexcept {
    detail::resize(handle, size, ec);
  }

  /// Waits until the content is on the disk. System calls: 1, with its errors.
  static void sync_content(void* handle, std::error_code& ec) noexcept {
    detail::sync_content(handle, ec);
  }

protected:
  /// Opens as open(), with additional flags for CreateFile.
  static void* open_with(detail::winapi::DWORD_ flags,
                         const std::filesystem::path& path,
                         const open_options& options,
                         std::error_code& ec) noexcept {
    ec.clear();
    if (options.directory || options.device)
      ec = std::make_error_code(std::errc::not_supported);
    void* handle = invalid_handle;
    detail::without_exceptions(ec, [&] {
      if (!ec) handle = open_path(flags, path, options, ec);
    });
    if (ec || handle == invalid_handle || is_lockable(handle, options, ec))
      return handle;
    close(handle);
    return invalid_handle;
  }

  /// The access that is asked for first. A lock can do with less.
  static constexpr detail::winapi::DWORD_ read_and_write =
      detail::winapi::GENERIC_READ_ | detail::winapi::GENERIC_WRITE_;

  /// \returns The answer of CreateFile. Others may read, write and delete.
  static void* open_once(detail::winapi::DWORD_ flags, const std::wstring& name,
                         const open_options& options,
                         detail::winapi::DWORD_ access) noexcept {
    namespace winapi = detail::winapi;
    winapi::SECURITY_ATTRIBUTES_ security{sizeof security, nullptr,
                                          options.inheritable};
    // Without this flag the call would follow a link, and create its target.
    const winapi::DWORD_ link_itself =
        options.follow_symlink ? 0 : winapi::FILE_FLAG_OPEN_REPARSE_POINT_;
    return winapi::CreateFileW(
        name.c_str(), access, detail::share_all, &security,
        options.create ? winapi::OPEN_ALWAYS_ : winapi::OPEN_EXISTING_,
        winapi::FILE_ATTRIBUTE_NORMAL_ | link_itself | flags, nullptr);
  }

private:
  using information = detail::winapi::BY_HANDLE_FILE_INFORMATION_;
  using number = detail::winapi::DWORD_;

  static void* open_path(number flags, const std::filesystem::path& path,
                         const open_options& options, std::error_code& ec) {
    const std::wstring name = detail::win_long_path(path, ec);
    if (ec) return invalid_handle;
    void* handle = open_with_grace(flags, name, options, ec);
    if (ec == std::errc::no_such_file_or_directory && options.create &&
        options.create_parents) {
      ec.clear();
      detail::win_make_parents(name, ec);
      if (!ec) handle = open_with_grace(flags, name, options, ec);
    }
    return handle;
  }

  static void* open_with_grace(number flags, const std::wstring& name,
                               const open_options& options,
                               std::error_code& ec) {
    using std::chrono::milliseconds;
    const number access =
        options.read_only ? detail::winapi::GENERIC_READ_ : read_and_write;
    for (milliseconds pause{1};; pause *= 2) { // 511 ms at most
      void* handle = open_once(flags, name, options, access);
      if (!(handle == invalid_handle)) return handle;
      number error = detail::winapi::GetLastError();
      if (detail::may_be_readable(error)) {
        open_options existing = options;
        existing.create = false;
        handle =
            open_once(flags, name, existing, detail::winapi::GENERIC_READ_);
        if (!(handle == invalid_handle)) return handle;
        // The file is missing. The first error says why it stays so.
        const number when_read = detail::winapi::GetLastError();
        if (detail::may_pass(when_read)) error = when_read;
      }
      if (is_refused_for_good(name, options, error, ec)) return invalid_handle;
      if (!detail::may_pass(error) || pause > milliseconds(256)) {
        ec = detail::win_error(error);
        return invalid_handle;
      }
      std::this_thread::sleep_for(pause);
    }
  }

  /// \returns Whether waiting would not help.
  static bool is_refused_for_good(const std::wstring& name,
                                  const open_options& options, number error,
                                  std::error_code& ec) noexcept {
    const number attributes = detail::winapi::GetFileAttributesW(name.c_str());
    if (attributes == detail::winapi::INVALID_FILE_ATTRIBUTES_) return false;
    if (attributes & detail::winapi::FILE_ATTRIBUTE_DIRECTORY_)
      return !has_accepted_kind(attributes, options, ec);
    // It may not be read either. One that is being deleted has no attributes.
    if (attributes & detail::winapi::FILE_ATTRIBUTE_READONLY_ &&
        error == detail::winapi::ERROR_ACCESS_DENIED_)
      ec = detail::win_error(error);
    return bool(ec);
  }

  static bool has_accepted_kind(number attributes, const open_options& options,
                                std::error_code& ec) noexcept {
    if (!options.follow_symlink &&
        attributes & detail::winapi::FILE_ATTRIBUTE_REPARSE_POINT_)
      ec = std::make_error_code(std::errc::too_many_symbolic_link_levels);
    else if (attributes & detail::winapi::FILE_ATTRIBUTE_DIRECTORY_)
      ec = std::make_error_code(std::errc::is_a_directory);
    return !ec;
  }

  static bool is_lockable(void* handle, const open_options& options,
                          std::error_code& ec) noexcept {
    information file;
    if (::GetFileType(handle) != detail::file_type_disk)
      ec = std::make_error_code(std::errc::invalid_argument);
    else if (!detail::winapi::GetFileInformationByHandle(handle, &file))
      ec = detail::win_last_error();
    else
      return has_accepted_kind(file.dwFileAttributes, options, ec);
    return false;
  }
};

} // namespace v1
} // namespace filelock

#endif
