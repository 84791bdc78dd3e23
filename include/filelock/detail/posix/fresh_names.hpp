// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Makes a client of a file server ask the server what a name means now.

#ifndef FILELOCK_DETAIL_POSIX_FRESH_NAMES_HPP
#define FILELOCK_DETAIL_POSIX_FRESH_NAMES_HPP

#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/posix/reach.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether the number of a device, as stat(2) has it, belongs to no
/// device: the file is of NFS, SMB, FUSE, tmpfs, Btrfs or an overlay. Its major
/// number is zero: makedev(3), which macros would shadow here.
constexpr bool is_without_device(std::uint64_t device) noexcept {
  return (device & 0xFFFFF000000FFF00) == 0;
}

/// Makes a client of a file server look at the names again. It forgets the
/// names in the folder of `path`, if that has changed. The Linux client of NFS
/// answers stat(2) from its memory for up to 30 s, or acdirmax of nfs(5): it
/// looks a name up again only after it has seen that the folder changed. The
/// time of the folder is asked for here. Errors are ignored. System calls: 1.
inline void
refresh_names([[maybe_unused]] const std::filesystem::path& path) noexcept {
#if defined(__linux__) && !defined(__ANDROID__) &&                             \
    defined(AT_STATX_FORCE_SYNC) && defined(STATX_CTIME)
  std::error_code ignored;
  without_exceptions(ignored, [&] {
    const std::filesystem::path folder = path.parent_path();
    return reach(folder.empty() ? "." : folder, [](const char* name) {
      struct ::statx answer;
      return ::statx(AT_FDCWD, name, AT_STATX_FORCE_SYNC,
                     STATX_CTIME | STATX_MTIME, &answer);
    });
  });
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
