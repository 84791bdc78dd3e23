// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Errors of a Platform's call that are no errors of a lock: the call is made
/// again, at once or later, on this file or on the next one.

#ifndef FILELOCK_DETAIL_LOCK_PASSING_ERROR_HPP
#define FILELOCK_DETAIL_LOCK_PASSING_ERROR_HPP

#include <filelock/detail/config.hpp>

#include <cerrno>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Whether `ec` says that a signal interrupted the call. If so, clears
/// it: the call had no effect and must be made again.
inline bool was_interrupted(std::error_code& ec) noexcept {
  if (!ec || ec != std::errc::interrupted) return false;
  ec.clear();
  return true;
}

/// \returns Whether `ec` says that the open file is gone. Another client of the
/// file server removed it. If so, clears it.
inline bool was_removed_by_server(std::error_code& ec) noexcept {
#if defined(ESTALE)
  if (ec != std::error_code(ESTALE, std::generic_category())) return false;
  ec.clear();
  return true;
#else
  return ec && false;
#endif
}

/// \returns Whether `ec` says that the open may succeed later. Another process
/// is giving up a lease on the file. If so, clears it.
inline bool was_refused_for_now(std::error_code& ec) noexcept {
  if (ec != std::errc::resource_unavailable_try_again) return false;
  ec.clear();
  return true;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
