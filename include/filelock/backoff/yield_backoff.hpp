// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// yield_backoff: the fastest policy where a hold lasts microseconds, at the
/// cost of a whole core.

#ifndef FILELOCK_BACKOFF_YIELD_BACKOFF_HPP
#define FILELOCK_BACKOFF_YIELD_BACKOFF_HPP

#include <filelock/backoff/wait_state.hpp>

#include <chrono>

namespace filelock {
inline namespace v1 {

/// No pause: lets other threads run, then tries again.
struct yield_backoff {
  /// \returns Zero, which yields.
  constexpr std::chrono::nanoseconds
  operator()(const wait_state&) const noexcept {
    return std::chrono::nanoseconds::zero();
  }
};

} // namespace v1
} // namespace filelock

#endif
