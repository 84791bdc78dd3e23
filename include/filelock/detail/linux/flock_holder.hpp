// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Finds the owner of a lock by flock(2), in /proc/locks of Linux. Reads with
/// its own buffer, a bounded number of times, and never throws or blocks.

#ifndef FILELOCK_DETAIL_LINUX_FLOCK_HOLDER_HPP
#define FILELOCK_DETAIL_LINUX_FLOCK_HOLDER_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/linux/proc_locks.hpp>
#include <filelock/detail/posix/file_status.hpp>
#include <filelock/lock_request.hpp>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Calls `use(line)` for each line of a file, until that returns false. A long
/// line, such as a mount with many options, is cut.
template <class Use>
void for_each_line(const char* path, Use use) noexcept {
  constexpr int most_reads = 4096; // some ten thousand locks
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char line[256];
  std::size_t length = 0;
  bool goes_on = true;
  for (int i = 0; i != most_reads && goes_on; ++i) {
    char buffer[1024];
    const ::ssize_t count = ::read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    for (const char* at = buffer; goes_on && at != buffer + count; ++at) {
      if (*at == '\n') {
        goes_on = use(std::string_view(line, length));
        length = 0;
      } else if (length != sizeof line) {
        line[length++] = *at;
      }
    }
  }
  ::close(file);
}

/// What /proc says of an open file.
class fdinfo {
public:
  explicit fdinfo(int handle) noexcept {
    char path[40];
    std::snprintf(path, sizeof path, "/proc/self/fdinfo/%d", handle);
    for_each_line(path, [this](std::string_view line) {
      if (const auto found = read_fdinfo_number(line, "mnt_id:")) mount = found;
      if (const auto found = read_fdinfo_number(line, "ino:")) inode = found;
      if (const auto found = read_fdinfo_lock(line)) own = found;
      return true;
    });
  }

  std::optional<std::uint64_t> mount;
  std::optional<std::uint64_t> inode; ///< Linux 5.14
  std::optional<flock_entry> own;
};

/// \returns Whether `device`, a device_number(), is the device that stat(2)
/// calls `number`. Computed as in makedev(3), whose header would define macros
/// named major and minor for the user.
inline bool is_device(std::uint64_t device, std::uint64_t number) noexcept {
  const std::uint64_t major = device >> 32;
  const std::uint64_t minor = device & most_of_32_bits;
  return number ==
         ((minor & 0xff) | major << 8 | (minor & ~std::uint64_t{0xff}) << 12);
}

/// \returns Whether `result` is the file of `handle` as /proc/locks writes it:
/// with the device of the superblock and the kernel's own number of the file.
/// False if that might be another file. On btrfs all subvolumes have one
/// superblock and number their files alike. On overlayfs both may differ from
/// stat(2), which distinguishes the files:
/// https://docs.kernel.org/filesystems/overlayfs.html#inode-properties
inline bool file_in_proc_locks(int handle, const fdinfo& info,
                               kernel_file& result) noexcept {
  file_status file;
  if (get_status(handle, file) != 0 || !info.mount) return false;
  std::optional<std::uint64_t> device;
  for_each_line("/proc/self/mountinfo", [&](std::string_view line) {
    device = read_mountinfo_line(line, *info.mount);
    return !device;
  });
  if (!device || !is_device(*device, file.device) ||
      info.inode.value_or(file.inode) != file.inode)
    return false;
  result = {*device, file.inode};
  return true;
}

/// \returns The living process of the first conflicting lock of `file`. The
/// lock is among `for_each_lock_line`, conflicts with `mode`, and is not `own`.
template <class ForEachLockLine>
std::optional<process_id>
holder_among(ForEachLockLine for_each_lock_line, const kernel_file& file,
             std::optional<flock_entry> own, lock_mode mode) noexcept {
  std::optional<process_id> result;
  for_each_lock_line([&](std::string_view line) {
    const std::optional<flock_entry> entry = read_proc_locks_line(line);
    if (!entry || !(entry->file == file)) return true;
    if (own && *entry == *own) {
      // No other lock exists beside an exclusive one. Another shared one that
      // looks the same belongs to another open file description.
      if (entry->mode == lock_mode::shared) own.reset();
      return true;
    }
    if (entry->mode == lock_mode::shared && mode == lock_mode::shared)
      return true;
    const bool is_alive =
        ::kill(static_cast<::pid_t>(entry->process), 0) == 0 || errno != ESRCH;
    if (is_alive) result = entry->process;
    return !is_alive;
  });
  return result;
}

/// \returns The same, after a second look if need be. It looks again if the
/// first answer is another lock that looks like `own`. The kernel continues by
/// the number of the line, so it shows a line twice if a lock was added between
/// two reads.
template <class ForEachLockLine>
std::optional<process_id>
holder_by_two_looks(ForEachLockLine for_each_lock_line, const kernel_file& file,
                    const std::optional<flock_entry>& own,
                    lock_mode mode) noexcept {
  const auto first = holder_among(for_each_lock_line, file, own, mode);
  if (!own || first != own->process) return first;
  return holder_among(for_each_lock_line, file, own, mode);
}

/// \returns Whether /proc numbers the processes as this process sees them. In a
/// sandbox that shows the /proc of its host they are numbers of another PID
/// namespace: https://github.com/getpaseo/paseo/issues/4307
inline bool proc_is_of_this_namespace() noexcept {
  char number[24];
  const ::ssize_t length = ::readlink("/proc/self", number, sizeof number);
  if (length <= 0) return false;
  text_reader text(std::string_view(number, static_cast<std::size_t>(length)));
  const auto process = text.number(' ', most_processes);
  return process && static_cast<::pid_t>(*process) == ::getpid();
}

/// \returns Whether /proc/locks shows a waiter for the file. `kind` is FLOCK or
/// OFDLCK, the kind of the lock on the file of `handle`.
inline bool is_awaited(int handle, std::string_view kind) noexcept {
  kernel_file file{};
  if (!file_in_proc_locks(handle, fdinfo(handle), file)) return false;
  bool result = false;
  for_each_line("/proc/locks", [&](std::string_view line) {
    const auto awaited = read_proc_locks_waiter(line, kind);
    result = awaited && *awaited == file;
    return !result;
  });
  return result;
}

/// \returns A living process that took a lock in conflict with `request`. Not
/// by the open file description of `handle`. Nothing if none is known. The
/// process may have handed the lock to a child.
inline std::optional<process_id>
flock_holder(int handle, const lock_request& request) noexcept {
  if (!proc_is_of_this_namespace()) return std::nullopt;
  const fdinfo info(handle);
  kernel_file file{};
  if (!file_in_proc_locks(handle, info, file)) return std::nullopt;
  return holder_by_two_looks(
      [](auto use) { for_each_line("/proc/locks", use); }, file, info.own,
      request.mode);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
