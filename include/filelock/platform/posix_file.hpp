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
#include <filelock/detail/posix_error.hpp>
#include <filelock/detail/posix_fork_registry.hpp>
#include <filelock/open_options.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace filelock {

/// The part of a Platform that opens, closes and names files.
struct posix_file {
  /// A file descriptor.
  using native_handle_type = int;
  /// What open(2) returns in place of a descriptor.
  static constexpr int invalid_handle = -1;

  /// Effects: opens the regular file `path`, and creates it and the folders
  /// above it as `options` say. Never blocks, never truncates. The descriptor
  /// is closed in a forked child.
  /// \returns The descriptor; invalid_handle where `ec` is set.
  /// Error conditions: std::errc::invalid_argument: not a regular file;
  /// std::errc::too_many_symbolic_link_levels: a symbolic link at the path;
  /// the errors of open(2) and mkdir(2).
  /// System calls: 2, open and fstat; more where the file is created.
  static int open(const std::filesystem::path& path,
                  const open_options& options, std::error_code& ec) noexcept {
    if (options.directory) {
      ec = std::make_error_code(std::errc::not_supported);
      return invalid_handle;
    }
    detail::fork_blocker no_fork(ec);
    if (ec) return invalid_handle;
    int handle = open_once(path, options);
    if (handle < 0 && errno == ENOENT && options.create &&
        options.create_parents && make_parents(path, ec))
      handle = open_once(path, options);
    if (handle < 0) {
      if (!ec) ec = detail::posix_open_error(errno);
      return invalid_handle;
    }
    if (is_regular(handle, ec)) no_fork.add_to_registry(handle, ec);
    if (!ec) return handle;
    ::close(handle);
    return invalid_handle;
  }

  /// Effects: closes `handle`. Errors are ignored: there is nothing to write.
  /// System calls: 1.
  static void close(int handle) noexcept {
    detail::remove_from_fork_registry(handle, true);
  }

  /// Effects: takes charge of a descriptor that was opened elsewhere, so that
  /// a forked child closes it.
  /// \returns Whether it is a descriptor; otherwise `ec` is set.
  static bool adopt(int handle, std::error_code& ec) noexcept {
    if (::fcntl(handle, F_GETFD) < 0) {
      ec = detail::posix_error(errno);
      return false;
    }
    detail::fork_blocker no_fork(ec);
    if (!ec) no_fork.add_to_registry(handle, ec);
    return !ec;
  }

  /// Effects: gives up the charge of `handle`, and leaves it open.
  static void release(int handle) noexcept {
    detail::remove_from_fork_registry(handle, false);
  }

  /// \returns Whether any path names the file. False is a hint.
  /// System calls: 1.
  static bool is_linked(int handle) noexcept {
    struct ::stat file;
    return ::fstat(handle, &file) == 0 && file.st_nlink != 0;
  }

  /// \returns Whether `path` names the file that `handle` has open.
  /// System calls: 2.
  static bool names(const std::filesystem::path& path, int handle) noexcept {
    struct ::stat named;
    struct ::stat opened;
    return ::stat(path.c_str(), &named) == 0 && ::fstat(handle, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
  }

  /// \returns A number that two handles on one file have in common, and two
  /// files hardly ever. For tools, such as ThreadSanitizer.
  static std::uint64_t identity(int handle) noexcept {
    struct ::stat file;
    if (::fstat(handle, &file) != 0) return 0;
    return static_cast<std::uint64_t>(file.st_dev) * 0x9E3779B97F4A7C15u +
           static_cast<std::uint64_t>(file.st_ino);
  }

private:
  static int open_once(const std::filesystem::path& path,
                       const open_options& options) noexcept {
    // O_NONBLOCK: a FIFO or a device does not hang. O_NOCTTY: a terminal does
    // not become ours. open(2).
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY;
    if (options.create) flags |= O_CREAT;
    if (!options.follow_symlink) flags |= O_NOFOLLOW;
    if (!options.inheritable) flags |= O_CLOEXEC;
    int handle;
    do
      handle = ::open(path.c_str(), flags,
                      static_cast<::mode_t>(options.permissions &
                                            std::filesystem::perms::mask));
    while (handle < 0 && errno == EINTR);
    return handle < 0 ? handle : above_standard_streams(handle, options);
  }

  // Where standard streams are closed, the file would become one of them, and
  // what the program prints would go into it.
  static int above_standard_streams(int handle,
                                    const open_options& options) noexcept {
    if (handle > STDERR_FILENO) return handle;
    const int moved =
        ::fcntl(handle, options.inheritable ? F_DUPFD : F_DUPFD_CLOEXEC,
                STDERR_FILENO + 1);
    // EINVAL: the limit of descriptors is below that number. fcntl(2).
    const int error = errno == EINVAL ? EMFILE : errno;
    ::close(handle);
    errno = error;
    return moved;
  }

  static bool make_parents(const std::filesystem::path& path,
                           std::error_code& ec) noexcept {
    return detail::without_exceptions(ec, [&] {
      std::filesystem::create_directories(path.parent_path(), ec);
      return !ec;
    });
  }

  static bool is_regular(int handle, std::error_code& ec) noexcept {
    struct ::stat file;
    if (::fstat(handle, &file) != 0)
      ec = detail::posix_error(errno);
    else if (!S_ISREG(file.st_mode))
      ec = std::make_error_code(std::errc::invalid_argument);
    return !ec;
  }
};

} // namespace filelock

#endif
