// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Locks of bytes by fcntl(2), "record locks": the common part of those of a
/// process and those of an open file description.

#ifndef FILELOCK_DETAIL_POSIX_RECORD_LOCK_HPP
#define FILELOCK_DETAIL_POSIX_RECORD_LOCK_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/access.hpp>
#include <filelock/detail/posix/large_files.hpp>
#include <filelock/lock_request.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

inline constexpr std::uint64_t last_offset =
    (std::numeric_limits<file_offset>::max)();

/// The argument of fcntl(2). All other members are zero: l_pid must be, for an
/// open file description.
inline file_record record_of(const lock_request& request) noexcept {
  file_record record = {};
  record.l_type =
      static_cast<short>(request.mode == lock_mode::exclusive ? F_WRLCK
                         : request.mode == lock_mode::shared  ? F_RDLCK
                                                              : F_UNLCK);
  record.l_whence = SEEK_SET;
  record.l_start = static_cast<file_offset>(request.range.offset);
  // A length above the last offset is written as 0: up to the end.
  if (request.range.length <= last_offset)
    record.l_len = static_cast<file_offset>(request.range.length);
  return record;
}

/// \returns Whether each byte of `range` has an offset that the system can
/// count.
inline bool has_offsets(const byte_range& range) noexcept {
  return range.offset <= last_offset &&
         (range.length == 0 || range.length - 1 <= last_offset - range.offset);
}

/// Calls fcntl(2), and calls it again if a signal interrupts it.
/// \returns 0, or errno.
inline int lock_record(int handle, int command,
                       const lock_request& request) noexcept {
  if (!has_offsets(request.range)) return EOVERFLOW;
  file_record record = record_of(request);
  while (large_fcntl(handle, command, &record) < 0)
    if (errno != EINTR) return errno;
  return 0;
}

/// \returns The error code for the result `error` of lock_record().
inline std::error_code record_error(int handle, const lock_request& request,
                                    int error) noexcept {
  // The file has no such locks (POSIX), or the kernel does not know the
  // command.
  if (error == EINVAL) return std::make_error_code(std::errc::not_supported);
  return posix_lock_error(handle, request.mode, error);
}

/// \returns The answer of fcntl(2) about a lock in conflict with `request`:
/// F_UNLCK if there is none. Nothing if the call fails.
inline std::optional<file_record>
conflicting_record(int handle, int get_command,
                   const lock_request& request) noexcept {
  if (!has_offsets(request.range)) return std::nullopt;
  file_record record = record_of(request);
  while (large_fcntl(handle, get_command, &record) < 0)
    if (errno != EINTR) return std::nullopt;
  return record;
}

/// \returns The bytes of another owner's conflicting lock. Nothing if there is
/// none, or if `ec` is set.
inline std::optional<byte_range>
conflicting_range(int handle, int get_command, const lock_request& request,
                  std::error_code& ec) noexcept {
  errno = EOVERFLOW; // fcntl(2) is not called for such a range
  const auto record = conflicting_record(handle, get_command, request);
  if (!record) ec = record_error(handle, request, errno);
  if (!record || record->l_type == F_UNLCK) return std::nullopt;
  return byte_range{static_cast<std::uint64_t>(record->l_start),
                    static_cast<std::uint64_t>(record->l_len)};
}

/// Attempts to take the lock once. \param get_command Asks for a conflicting
/// lock. \returns Whether it was taken; false with `ec` clear if another owner
/// holds it.
inline bool try_lock_record(int handle, int set_command, int get_command,
                            const lock_request& request,
                            std::error_code& ec) noexcept {
  // POSIX allows EACCES in place of EAGAIN, and a file server may report it. A
  // security module reports it too, and then there is no conflicting lock:
  // https://github.com/systemd/systemd/pull/32945
  // Tries twice, because a conflicting owner may have released since.
  for (int refusals = 0;; ++refusals) {
    const int error = lock_record(handle, set_command, request);
    if (error == 0) return true;
    if (error == EAGAIN) return false;
    if (error == EACCES) {
      const auto found = conflicting_record(handle, get_command, request);
      if (found && found->l_type != F_UNLCK) return false;
      if (found && refusals == 0) continue;
    }
    ec = record_error(handle, request, error);
    return false;
  }
}

/// \returns The process that holds a record lock in conflict with `request`.
/// Nothing for a lock that belongs to no process (l_pid is -1), to a process in
/// another PID namespace (0) or on another machine (negative, on Linux).
inline std::optional<process_id>
record_holder(int handle, int command, const lock_request& request) noexcept {
  const auto record = conflicting_record(handle, command, request);
  if (!record || record->l_type == F_UNLCK || record->l_pid <= 0)
    return std::nullopt;
  return record->l_pid;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
