// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The error code of a lock that the access mode of its descriptor does not
/// allow.

#ifndef FILELOCK_DETAIL_POSIX_ACCESS_HPP
#define FILELOCK_DETAIL_POSIX_ACCESS_HPP

#include <filelock/detail/posix/error.hpp>
#include <filelock/lock_request.hpp>

#include <fcntl.h>

#include <cerrno>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether `handle` is open without the access for `mode`. An
/// exclusive lock may need it open for writing, a shared one for reading.
inline bool lacks_access(int handle, lock_mode mode) noexcept {
  const int flags = ::fcntl(handle, F_GETFL);
  if (flags < 0 || mode == lock_mode::unlocked) return false;
  return (flags & O_ACCMODE) ==
         (mode == lock_mode::exclusive ? O_RDONLY : O_WRONLY);
}

/// \returns The error code of a call that asked for a lock and set errno to
/// `error`. EBADF is ambiguous: a lost descriptor has it too. fcntl(2); on NFS,
/// flock(2).
inline std::error_code posix_lock_error(int handle, lock_mode mode,
                                        int error) noexcept {
  return error == EBADF && lacks_access(handle, mode)
             ? std::make_error_code(std::errc::permission_denied)
             : posix_error(error);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
