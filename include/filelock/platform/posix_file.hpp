// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The file below a lock, for every Platform on POSIX: a Platform inherits
/// posix_file and adds the calls that lock.

#ifndef FILELOCK_PLATFORM_POSIX_FILE_HPP
#define FILELOCK_PLATFORM_POSIX_FILE_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/durability.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/file_bytes.hpp>
#include <filelock/detail/posix/file_status.hpp>
#include <filelock/detail/posix/identity.hpp>
#include <filelock/detail/posix/name.hpp>
#include <filelock/detail/posix/open.hpp>
#include <filelock/detail/posix/single_byte.hpp>
#include <filelock/open_options.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {

/// The part of a Platform that handles files.
struct posix_file {
  /// A file descriptor.
  using native_handle_type = int;
  /// The value that open(2) returns in place of a descriptor.
  static constexpr int invalid_handle = -1;

  /// Opens the file, folder or device at `path`.
  /// Effects: creates a file and the folders above it as `options` say. A
  /// folder or a device must exist. Never blocks, never truncates. A file that
  /// may not be written is opened for reading. A forked child closes the
  /// descriptor.
  /// \returns The descriptor; invalid_handle where `ec` is set.
  /// Error conditions: std::errc::invalid_argument: a FIFO, a socket, or not as
  /// open_options::device says; std::errc::is_a_directory,
  /// std::errc::not_a_directory: not as open_options::directory says;
  /// std::errc::too_many_symbolic_link_levels: a symbolic link at the path; the
  /// errors of open(2) and mkdir(2). System calls: 2, open and fstat; 1 more if
  /// O_CREAT is refused, 1 if writing is refused; more if the file is created.
  static int open(const std::filesystem::path& path,
                  const open_options& options, std::error_code& ec) noexcept {
    const auto open_path = options.directory ? &detail::posix_open_directory
                                             : &detail::posix_open_file;
    int handle = open_path(path, options);
    if (handle < 0 && errno == ENOENT && options.create &&
        options.create_parents && !options.directory)
      handle = open_below_new_folders(path, options, ec);
    else if (handle < 0)
      ec = detail::posix_open_error(errno);
    if (ec || detail::has_accepted_kind(handle, options, ec)) return handle;
    ::close(handle);
    // A client of NFSv4.1 may open what it knows by this name, though another
    // one has removed it: the next time it shall ask.
    if (ec == detail::posix_error(ESTALE)) detail::refresh_names(path);
    return invalid_handle;
  }

  /// Closes `handle`. Effects: ignores an error: there is no data to write.
  /// System calls: 1.
  static void close(int handle) noexcept {
    // Not repeated on EINTR: on Linux the descriptor is closed all the same,
    // and another thread may have its number already. close(2).
    ::close(handle);
  }

  /// \returns Whether a lock may take ownership of the descriptor. Otherwise
  /// `ec` is set. Error conditions: bad_file_descriptor: it is not open. System
  /// calls: 1.
  static bool adopt(int handle, std::error_code& ec) noexcept {
    if (::fcntl(handle, F_GETFD) < 0) ec = detail::posix_error(errno);
    return !ec;
  }

  /// \returns The descriptor that a forked child closes: the handle itself.
  /// System calls: none.
  static int descriptor(int handle) noexcept { return handle; }

  /// \returns Whether `path` names the file that `handle` has open.
  /// System calls: 2; 3 for a file without a device, as on NFS.
  static bool names(const std::filesystem::path& path, int handle) noexcept {
    return detail::names(path, handle);
  }

  /// \returns Whether `path` still names the file. Skips the comparison if the
  /// file's ctime is the one that `memory` has from the last comparison.
  /// System calls: 1; 2 to 4 after a change.
  static bool still_names(const std::filesystem::path& path, int handle,
                          name_memory& memory) noexcept {
    return detail::still_names(path, handle, memory);
  }

  /// Removes `path` if it names the open file. Preconditions: the caller holds
  /// the lock exclusively by `handle`. Nobody puts another file there between
  /// the comparison and the removal; programs that lock before they do so
  /// cannot. Effects: leaves a symbolic link alone. Error conditions: those of
  /// lstat(2) and unlink(2), except for a missing file. System calls: 3; 4 for
  /// a file without a device, as on NFS.
  static void remove(const std::filesystem::path& path, int handle,
                     std::error_code& ec) noexcept {
    detail::file_status named;
    detail::file_status opened;
    if (detail::get_status(handle, opened) != 0) {
      ec = detail::posix_error(errno);
      return;
    }
    if (detail::is_without_device(opened.device)) detail::refresh_names(path);
    const int removed = detail::reach(path, [&](const char* name) {
      if (detail::get_link_status(name, named) != 0) return -1;
      return is_same_file(named, opened) ? ::unlink(name) : 0;
    });
    if (removed != 0 && errno != ENOENT) ec = detail::posix_error(errno);
  }

  /// \returns A number that two handles on one file share. Two files hardly
  /// ever share one. For tools, such as ThreadSanitizer. System calls: 1.
  static std::uint64_t identity(int handle) noexcept {
    return detail::posix_identity(handle);
  }

  /// \returns The only byte of the file. Nothing if the file is empty. Error
  /// conditions: invalid_argument: it has more bytes; those of pread(2).
  /// System calls: 1.
  static std::optional<char> read_single_byte(int handle,
                                              std::error_code& ec) noexcept {
    return detail::read_single_byte(handle, ec);
  }

  /// Writes `byte` as the only byte of the file. Error conditions: as
  /// write_bytes().
  /// System calls: 1.
  static void write_single_byte(int handle, char byte,
                                std::error_code& ec) noexcept {
    detail::write_single_byte(handle, byte, ec);
  }

  /// \returns How many bytes were read, from `offset` on: fewer than `size` at
  /// the end of the file; zero if `ec` is set. Error conditions: those of
  /// pread(2). System calls: 1.
  static std::size_t read_bytes(int handle, std::uint64_t offset, char* bytes,
                                std::size_t size,
                                std::error_code& ec) noexcept {
    return detail::read_bytes(handle, offset, bytes, size, ec);
  }

  /// Writes the bytes at `offset`. System calls: 1.
  /// Error conditions: std::errc::permission_denied: the file is open for
  /// reading only; the errors of pwrite(2).
  static void write_bytes(int handle, std::uint64_t offset, const char* bytes,
                          std::size_t size, std::error_code& ec) noexcept {
    detail::write_bytes(handle, offset, bytes, size, ec);
  }

  /// Cuts or extends the file to `size` bytes, by zeros. Error conditions: as
  /// write_bytes(), and those of ftruncate(2).
  /// System calls: 1.
  static void resize(int handle, std::uint64_t size,
                     std::error_code& ec) noexcept {
    detail::resize(handle, size, ec);
  }

  /// Waits until the content is on the disk: fdatasync(2). Error conditions:
  /// those of the call. System calls: 1.
  static void sync_content(int handle, std::error_code& ec) noexcept {
    detail::sync_content(handle, ec);
  }

  /// Waits until the name of the file is on the disk. Effects: also waits for
  /// the names of the folders above it. Leaves out what is above a mount point,
  /// or above a folder that may not be read. Error conditions: those of open(2)
  /// and fsync(2). System calls: 2, and 5 for each folder.
  static void sync_names(const std::filesystem::path& path,
                         std::error_code& ec) noexcept {
    detail::sync_names(path, ec);
  }

private:
  // If another process removes the folders meanwhile, they are made again as
  // long as that makes progress:
  // https://github.com/substack/node-mkdirp/pull/92
  static int open_below_new_folders(const std::filesystem::path& path,
                                    const open_options& options,
                                    std::error_code& ec) noexcept {
    constexpr int most_rounds = 1000;
    // Rounds in which no folder was made, and none that should hold another was
    // missing: the path may lead nowhere.
    constexpr int most_idle_rounds = 16;
    int idle_rounds = 0;
    for (int round = 0;; ++round) {
      std::error_code error;
      if (!make_parents(path, error) &&
          error != std::errc::no_such_file_or_directory)
        ++idle_rounds;
      if (error == std::errc::file_exists)
        // A symbolic link that leads nowhere; open(2) calls it missing.
        error = std::make_error_code(std::errc::no_such_file_or_directory);
      if (!error) {
        const int handle = detail::posix_open_file(path, options);
        if (handle >= 0) return handle;
        error = detail::posix_open_error(errno);
      }
      if (error == std::errc::no_such_file_or_directory &&
          round != most_rounds && idle_rounds != most_idle_rounds)
        continue;
      ec = error;
      return invalid_handle;
    }
  }

  /// \returns Whether a folder was made.
  static bool make_parents(const std::filesystem::path& path,
                           std::error_code& ec) noexcept {
    return detail::without_exceptions(ec, [&] {
      namespace fs = std::filesystem;
      bool made = fs::create_directories(path.parent_path(), ec);
      if (ec == std::errc::permission_denied ||
          ec == std::errc::filename_too_long) {
        const fs::path name = detail::below_working_folder(path);
        if (name.has_parent_path())
          made = fs::create_directories(name.parent_path(), ec);
      }
      return made;
    });
  }
};

} // namespace v1
} // namespace filelock

#endif
