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
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/fork_registry.hpp>
#include <filelock/detail/posix/open.hpp>
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
  /// above it as `options` say; or the folder `path`, which has to be there.
  /// Never blocks, never truncates. A file that may not be written is opened to
  /// be read. The descriptor is closed in a forked child.
  /// \returns The descriptor; invalid_handle where `ec` is set.
  /// Error conditions: std::errc::invalid_argument: a FIFO, a socket or a
  /// device; std::errc::is_a_directory, std::errc::not_a_directory: not what
  /// open_options::directory asks for;
  /// std::errc::too_many_symbolic_link_levels: a symbolic link at the path; the
  /// errors of open(2) and mkdir(2).
  /// System calls: 2, open and fstat; 1 more where O_CREAT is refused, 1 where
  /// writing is; more where the file is created.
  static int open(const std::filesystem::path& path,
                  const open_options& options, std::error_code& ec) noexcept {
    return open_by(
        [&](std::error_code& error) {
          return open_as_asked(path, options, error);
        },
        ec);
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
           are_same(named, opened);
  }

  /// Effects: removes `path` if it names the file that `handle` has open, which
  /// the caller holds exclusively; a symbolic link is left alone. Between the
  /// comparison and the removal nobody may put another file there: whoever
  /// locks before that does not. Error conditions: those of lstat(2) and
  /// unlink(2), but for a missing file. System calls: 3.
  static void remove(const std::filesystem::path& path, int handle,
                     std::error_code& ec) noexcept {
    struct ::stat named;
    struct ::stat opened;
    if (::lstat(path.c_str(), &named) == 0 && ::fstat(handle, &opened) == 0 &&
        (!are_same(named, opened) || ::unlink(path.c_str()) == 0))
      return;
    if (errno != ENOENT) ec = detail::posix_error(errno);
  }

  /// \returns A number that two handles on one file have in common, and two
  /// files hardly ever. For tools, such as ThreadSanitizer.
  static std::uint64_t identity(int handle) noexcept {
    struct ::stat file;
    if (::fstat(handle, &file) != 0) return 0;
    return static_cast<std::uint64_t>(file.st_dev) * 0x9E3779B97F4A7C15u +
           static_cast<std::uint64_t>(file.st_ino);
  }

protected:
  /// Effects: calls `open_file(ec)`, for a descriptor that a forked child
  /// closes.
  /// \returns The descriptor, open; invalid_handle where `ec` is set.
  template <class OpenFile>
  static int open_by(OpenFile open_file, std::error_code& ec) noexcept {
    detail::fork_blocker no_fork(ec);
    if (ec) return invalid_handle;
    const int handle = open_file(ec);
    if (!ec) no_fork.add_to_registry(handle, ec);
    if (!ec) return handle;
    if (handle >= 0) ::close(handle);
    return invalid_handle;
  }

private:
  static int open_as_asked(const std::filesystem::path& path,
                           const open_options& options,
                           std::error_code& ec) noexcept {
    const auto open_path = options.directory ? &detail::posix_open_directory
                                             : &detail::posix_open_file;
    int handle = open_path(path, options);
    if (handle < 0 && errno == ENOENT && options.create &&
        options.create_parents && !options.directory && make_parents(path, ec))
      handle = open_path(path, options);
    if (handle >= 0)
      detail::has_accepted_kind(handle, options, ec);
    else if (!ec)
      ec = detail::posix_open_error(errno);
    return handle;
  }

  static bool are_same(const struct ::stat& a,
                       const struct ::stat& b) noexcept {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
  }

  static bool make_parents(const std::filesystem::path& path,
                           std::error_code& ec) noexcept {
    return detail::without_exceptions(ec, [&] {
      std::filesystem::create_directories(path.parent_path(), ec);
      return !ec;
    });
  }
};

} // namespace filelock

#endif
