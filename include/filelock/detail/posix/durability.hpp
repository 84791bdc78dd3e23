// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Brings what was written to the disk, so that it survives a loss of power.

#ifndef FILELOCK_DETAIL_POSIX_DURABILITY_HPP
#define FILELOCK_DETAIL_POSIX_DURABILITY_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/file_status.hpp>
#include <filelock/detail/posix/reach.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Zero; -1 with errno set.
inline int sync_once(int handle) noexcept {
#if defined(F_FULLFSYNC)
  // On macOS, fsync(2) leaves the data in the cache of the disk. File systems
  // that do not know this call refuse it.
  if (::fcntl(handle, F_FULLFSYNC) == 0) return 0;
  return ::fsync(handle);
#elif defined(_POSIX_SYNCHRONIZED_IO) && _POSIX_SYNCHRONIZED_IO > 0
  return ::fdatasync(handle);
#else
  return ::fsync(handle);
#endif
}

/// Waits until the content of the file is on the disk.
inline void sync_content(int handle, std::error_code& ec) noexcept {
  int result;
  do
    result = sync_once(handle);
  while (result != 0 && errno == EINTR);
  if (result != 0) ec = posix_error(errno);
}

inline void sync_folder(int folder, std::error_code& ec) noexcept {
  int result;
  do
    result = ::fsync(folder);
  while (result != 0 && errno == EINTR);
  // File systems that cannot do this to a folder say so in one of two ways:
  // fsync_fname_ext() of https://github.com/postgres/postgres in fd.c.
  if (result != 0 && errno != EINVAL && errno != EBADF) ec = posix_error(errno);
}

/// \returns The path without symbolic links. As it is if they cannot be
/// followed.
inline std::filesystem::path
without_links(const std::filesystem::path& path) noexcept {
  std::error_code ec;
  return without_exceptions(ec, [&] {
    std::filesystem::path result = std::filesystem::canonical(path, ec);
    return ec ? path : result;
  });
}

/// Waits until the name of the file is on the disk. Also waits for the names of
/// the folders above it, as they may be new too. Leaves out what is above a
/// mount point, or above a folder that this process may not read.
inline void sync_names(const std::filesystem::path& path,
                       std::error_code& ec) noexcept {
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int folder = without_exceptions(ec, [&] {
    return reach(without_links(path).parent_path(), [](const char* name) {
      return ::open(name, flags); // NOLINT(cppcoreguidelines-pro-type-vararg)
    });
  });
  if (!ec && folder < 0) ec = posix_error(errno);
  while (!ec) {
    sync_folder(folder, ec);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): it is the system's
    const int above = ec ? -1 : ::openat(folder, "..", flags);
    file_status inner;
    file_status outer;
    const bool is_top =
        above < 0 || get_status(folder, inner) != 0 ||
        get_status(above, outer) != 0 || inner.device != outer.device ||
        is_same_file(inner, outer); // ".." of the root is the root
    ::close(folder);
    folder = above;
    if (is_top) break;
  }
  if (folder >= 0) ::close(folder);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
