// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform of one's own, from system calls.

#ifndef FILELOCK_EXAMPLE_SUPPORT_BOTH_TRAITS_HPP
#define FILELOCK_EXAMPLE_SUPPORT_BOTH_TRAITS_HPP

// tag::platform[]
#include <filelock/lock_request.hpp>
#include <filelock/platform/posix_file.hpp>

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

/// Locks by flock(2) and by fcntl(2), and so excludes programs of both kinds.
struct both_traits : filelock::posix_file {
  static constexpr auto ownership =
      filelock::lock_ownership::open_file_description;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;

  static bool try_lock(int handle, const filelock::lock_request& request,
                       std::error_code& ec) noexcept {
    if (!request.range.is_whole_file()) {
      ec = std::make_error_code(std::errc::not_supported);
      return false;
    }
    const bool is_shared = request.mode == filelock::lock_mode::shared;
    const int kind = is_shared ? LOCK_SH : LOCK_EX;
    if (!is_done(::flock(handle, kind | LOCK_NB), ec)) return false;
    if (set_record(handle, is_shared ? F_RDLCK : F_WRLCK, ec)) return true;
    ::flock(handle, LOCK_UN); // all or nothing
    return false;
  }

  static void unlock(int handle, const filelock::lock_request&,
                     std::error_code& ec) noexcept {
    set_record(handle, F_UNLCK, ec);
    is_done(::flock(handle, LOCK_UN), ec);
  }

private:
  static bool set_record(int handle, short kind, std::error_code& ec) noexcept {
    struct ::flock whole_file = {};
    whole_file.l_type = kind;
    if (is_done(::fcntl(handle, F_OFD_SETLK, &whole_file), ec)) return true;
    // For an open descriptor, EBADF means that it is not open for writing.
    if (ec == std::errc::bad_file_descriptor && ::fcntl(handle, F_GETFL) >= 0)
      ec = std::make_error_code(std::errc::permission_denied);
    return false;
  }

  // Busy is no error. The lock repeats a call that a signal interrupts.
  static bool is_done(int result, std::error_code& ec) noexcept {
    if (result != 0 && errno != EAGAIN)
      ec.assign(errno, std::generic_category());
    return result == 0;
  }
};
// end::platform[]

#endif
