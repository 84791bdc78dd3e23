// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Whether a path names an open file.

#ifndef FILELOCK_DETAIL_POSIX_NAME_HPP
#define FILELOCK_DETAIL_POSIX_NAME_HPP

#include <filelock/detail/posix/file_status.hpp>
#include <filelock/detail/posix/fresh_names.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/detail/posix/reach.hpp>
#include <filelock/name_memory.hpp>

#include <time.h>

#include <cstdint>
#include <filesystem>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether `path`, with all links followed, is the file `opened`. A
/// file server is asked. System calls: 1; 2 for a file without a device.
inline bool names(const std::filesystem::path& path,
                  const file_status& opened) noexcept {
  if (is_without_device(opened.device)) refresh_names(path);
  file_status named;
  return reach(path,
               [&](const char* name) { return get_status(name, named); }) ==
             0 &&
         is_same_file(named, opened);
}

/// \returns Whether `path` names the file that `handle` has open. If the server
/// has removed that (ESTALE), the client must not open it again by its name.
inline bool names(const std::filesystem::path& path, int handle) noexcept {
  file_status opened;
  if (get_status(handle, opened) == 0) return names(path, opened);
  refresh_names(path);
  return false;
}

#if defined(__linux__)

/// \returns Whether the ctime of a file shows a change of its names. The file
/// system sets it at each link, unlink and rename, by the clock of this
/// machine. The test linux.renamed_file shows it. A file server has its own
/// clock, and a client may not ask it each time.
inline bool notes_renames(int handle) noexcept {
  switch (file_system_type(handle)) {
  case 0xEF53:     // ext2, ext3, ext4
  case 0x58465342: // XFS
  case 0x9123683E: // Btrfs
  case 0x01021994: // tmpfs
  case 0x794C7630: // overlayfs
    return true;
  default:
    return false;
  }
}

/// \returns The time when the file was last linked, unlinked, renamed or
/// changed. Zero if it has no name, or the file system counts in seconds.
inline std::uint64_t change_stamp(const file_status& file) noexcept {
  if (file.links == 0 || file.changed_nanoseconds == 0) return 0;
  return file.changed_seconds * 1'000'000'000 + file.changed_nanoseconds;
}

/// \returns Whether every later change will have another stamp. The kernel
/// takes the stamp from a clock that ticks every 1 to 10 ms, so a change in the
/// current tick may get the same stamp.
inline bool is_settled(std::uint64_t stamp) noexcept {
  constexpr std::uint64_t some_ticks = 20'000'000; // nanoseconds
  ::timespec now;
  if (stamp == 0 || ::clock_gettime(CLOCK_REALTIME_COARSE, &now) != 0)
    return false;
  const std::uint64_t time =
      static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
      static_cast<std::uint64_t>(now.tv_nsec);
  return time > stamp && time - stamp > some_ticks;
}

/// \returns Whether the ctime shows a change of the name. Asks the system only
/// once, and not at the first acquire, which may be the only one.
inline bool is_trusted(int handle, name_memory& memory) noexcept {
  using trust = name_memory::trust;
  if (memory.in_file_system == trust::unknown)
    memory.in_file_system = notes_renames(handle) ? trust::yes : trust::no;
  return memory.in_file_system == trust::yes;
}

/// \returns Whether `path` names the file that `handle` has open. One fstat is
/// enough if the ctime has not changed since the last comparison.
inline bool still_names(const std::filesystem::path& path, int handle,
                        name_memory& memory) noexcept {
  file_status opened;
  if (get_status(handle, opened) != 0) {
    refresh_names(path);
    return false;
  }
  const std::uint64_t stamp = change_stamp(opened);
  if (stamp != 0 && stamp == memory.stamp && is_trusted(handle, memory))
    return true;
  memory.stamp = 0;
  // Before the comparison, so that a change after it gets a later stamp.
  const bool may_remember = is_settled(stamp);
  if (!names(path, opened)) return false;
  if (may_remember) memory.stamp = stamp;
  return true;
}

#else

/// \returns Whether `path` names the file that `handle` has open. Other systems
/// are untested, so path and file are compared each time.
inline bool still_names(const std::filesystem::path& path, int handle,
                        name_memory&) noexcept {
  return names(path, handle);
}

#endif

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
