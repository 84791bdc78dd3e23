// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Opens the file of a lock by open(2): for writing if that is allowed, without
/// waiting, and only if it is of the requested kind. Like open(2), these
/// functions return a negative number and set errno if they fail.

#ifndef FILELOCK_DETAIL_POSIX_OPEN_HPP
#define FILELOCK_DETAIL_POSIX_OPEN_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/file_status.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/detail/posix/reach.hpp>
#include <filelock/open_options.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

// If standard streams are closed, the file would become one of them, and the
// program would print into it.
inline int above_standard_streams(int handle,
                                  const open_options& options) noexcept {
  if (handle > STDERR_FILENO) return handle;
  const int moved =
      ::fcntl(handle, options.inheritable ? F_DUPFD : F_DUPFD_CLOEXEC,
              STDERR_FILENO + 1);
  // EINVAL: that number is above the limit of descriptors. fcntl(2).
  const int error = errno == EINVAL ? EMFILE : errno;
  ::close(handle);
  errno = error;
  return moved;
}

inline int posix_open_once(const std::filesystem::path& path, int flags,
                           const open_options& options) noexcept {
  // O_NONBLOCK: a FIFO or a device does not block the open. O_NOCTTY: a
  // terminal does not become the controlling one. open(2).
  flags |= open_large | O_NONBLOCK | O_NOCTTY;
  if (!options.follow_symlink) flags |= O_NOFOLLOW;
  if (!options.inheritable) flags |= O_CLOEXEC;
  const auto mode =
      static_cast<::mode_t>(options.permissions & std::filesystem::perms::mask);
  const int handle = reach(path, [&](const char* name) {
    int opened;
    do
      opened = ::open(name, flags, mode);
    while (opened < 0 && errno == EINTR);
    return opened;
  });
  return handle < 0 ? handle : above_standard_streams(handle, options);
}

/// \returns Whether an open with less access may succeed. `error` may mean that
/// the file may not be written: another user's file, or a read-only file
/// system. EPERM: an immutable file; ETXTBSY: a program that runs. open(2).
constexpr bool refuses_to_write(int error) noexcept {
  return error == EACCES || error == EROFS || error == EPERM ||
         error == ETXTBSY;
}

/// Opens a file that is no folder, and creates it if `options` say so. A file
/// that may not be written is opened for reading.
inline int posix_open_file(const std::filesystem::path& path,
                           const open_options& options) noexcept {
  const int wanted = options.read_only ? O_RDONLY : O_RDWR;
  // In a sticky folder O_CREAT is refused for another user's file, even if it
  // exists: proc_sys_fs(5), protected_regular. The file may be removed before
  // the attempt without O_CREAT; then both are tried again. Bounded, because in
  // a folder that may not be written every missing file looks like this.
  constexpr int most_rounds = 16;
  int refusal = 0;
  for (int round = 0; round != most_rounds; ++round) {
    int handle = -1;
    if (options.create) {
      handle = posix_open_once(path, wanted | O_CREAT, options);
      if (handle >= 0 || !refuses_to_write(errno)) return handle;
      refusal = errno;
    }
    for (const int access : {wanted, O_RDONLY}) {
      handle = posix_open_once(path, access, options);
      if (handle >= 0 || !refuses_to_write(errno)) break;
    }
    if (handle >= 0 || errno != ENOENT || !options.create) return handle;
  }
  errno = refusal;
  return -1;
}

/// \returns The path without slashes and dots at its end, because open would
/// follow a symbolic link before them.
/// \throws std::bad_alloc if there is no memory.
inline std::filesystem::path without_last_slashes(std::filesystem::path path) {
  while ((!path.has_filename() || path.filename() == ".") &&
         path.has_relative_path() && path.has_parent_path())
    path = path.parent_path();
  return path;
}

/// Opens a folder, which must exist.
inline int posix_open_directory(const std::filesystem::path& given,
                                const open_options& options) noexcept {
  std::error_code ec;
  const std::filesystem::path path =
      without_exceptions(ec, [&] { return without_last_slashes(given); });
  if (ec) {
    errno = ENOMEM;
    return -1;
  }
  const int handle = posix_open_once(path, O_RDONLY | O_DIRECTORY, options);
  if (handle >= 0 || errno != ENOTDIR) return handle;
  // Linux reports the same for a symbolic link, so that is checked first.
  file_status file;
  const int found = reach(
      path, [&](const char* name) { return get_link_status(name, file); });
  errno = found == 0 && S_ISLNK(file.mode) ? ELOOP : ENOTDIR;
  return handle;
}

/// \returns Whether a lock that is no folder's may be on `file`.
inline bool has_accepted_kind(const file_status& file,
                              const open_options& options) noexcept {
  return options.device ? S_ISCHR(file.mode) || S_ISBLK(file.mode)
                        : S_ISREG(file.mode);
}

/// \returns Whether `handle` is of the requested kind. Otherwise `ec` is set.
inline bool has_accepted_kind(int handle, const open_options& options,
                              std::error_code& ec) noexcept {
  file_status file;
  if (get_status(handle, file) != 0)
    ec = posix_error(errno);
  else if (S_ISDIR(file.mode) && !options.directory)
    ec = std::make_error_code(std::errc::is_a_directory);
  else if (!S_ISDIR(file.mode) && !has_accepted_kind(file, options))
    ec = std::make_error_code(std::errc::invalid_argument);
  return !ec;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
