// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The requests that a Platform accepts whose lock is one mutex.

#ifndef FILELOCK_DETAIL_PLATFORM_EXCLUSIVE_REQUEST_HPP
#define FILELOCK_DETAIL_PLATFORM_EXCLUSIVE_REQUEST_HPP

#include <filelock/detail/config.hpp>
#include <filelock/lock_request.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether `mutex` is no null pointer; otherwise `ec` is set.
template <class Mutex>
FILELOCK_ALWAYS_INLINE bool is_open_mutex(const Mutex* mutex,
                                          std::error_code& ec) noexcept {
  if (!mutex) ec = std::make_error_code(std::errc::bad_file_descriptor);
  return mutex != nullptr;
}

/// \returns Whether `mutex` is open and the request is for an exclusive lock of
/// the whole file; otherwise `ec` is set.
template <class Mutex>
FILELOCK_ALWAYS_INLINE bool can_lock_mutex(const Mutex* mutex,
                                           const lock_request& request,
                                           std::error_code& ec) noexcept {
  if (request.mode != lock_mode::exclusive || !request.range.is_whole_file())
    ec = std::make_error_code(std::errc::not_supported);
  return !ec && is_open_mutex(mutex, ec);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
