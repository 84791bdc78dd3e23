// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The one place that maps errno.

#ifndef FILELOCK_DETAIL_POSIX_ERROR_HPP
#define FILELOCK_DETAIL_POSIX_ERROR_HPP

#include <cerrno>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns The error code of a system call that set errno to `error`.
inline std::error_code posix_error(int error) noexcept {
  switch (error) {
  case ENOSYS:
  case EOPNOTSUPP:
#if ENOTSUP != EOPNOTSUPP
  case ENOTSUP:
#endif
    return std::make_error_code(std::errc::not_supported);
  default:
    return {error, std::generic_category()};
  }
}

/// \returns The error code of an open() that set errno to `error`.
inline std::error_code posix_open_error(int error) noexcept {
  switch (error) {
  case ENXIO:  // a socket, or a device without a driver: open(2)
  case ENODEV: // the same on other systems
    return std::make_error_code(std::errc::invalid_argument);
  case EWOULDBLOCK: // a lease on the file is being called back: fcntl(2)
    return std::make_error_code(std::errc::resource_unavailable_try_again);
#if defined(__FreeBSD__)
  case EMLINK: // O_NOFOLLOW: https://man.freebsd.org/open/2
    return std::make_error_code(std::errc::too_many_symbolic_link_levels);
#elif defined(__NetBSD__)
  case EFTYPE: // O_NOFOLLOW: https://man.netbsd.org/open.2
    return std::make_error_code(std::errc::too_many_symbolic_link_levels);
#endif
  default:
    return posix_error(error);
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
