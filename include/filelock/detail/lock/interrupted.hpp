// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Calls of a Platform that a signal has interrupted.

#ifndef FILELOCK_DETAIL_LOCK_INTERRUPTED_HPP
#define FILELOCK_DETAIL_LOCK_INTERRUPTED_HPP

#include <filelock/detail/config.hpp>

#include <system_error>

namespace filelock::detail {

/// \returns Whether `ec` says that a signal came. Then it is clear, and the
/// call, which had no effect, has to be made again.
FILELOCK_ALWAYS_INLINE bool was_interrupted(std::error_code& ec) noexcept {
  if (!ec || ec != std::errc::interrupted) return false;
  ec.clear();
  return true;
}

} // namespace filelock::detail

#endif
