// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// How a wait ended, for a backoff policy.

#ifndef FILELOCK_BACKOFF_WAIT_RESULT_HPP
#define FILELOCK_BACKOFF_WAIT_RESULT_HPP

#include <chrono>
#include <cstdint>

namespace filelock {
inline namespace v1 {

/// How a wait ended.
enum class wait_outcome {
  acquired,  ///< the lock is held
  timed_out, ///< the deadline passed
  gave_up,   ///< the backoff policy ended the wait
  stopped,   ///< the wait was cancelled
  failed     ///< the system reported an error
};

/// What a wait cost: the argument of a policy's `finished`.
struct wait_result {
  /// What ended the wait.
  wait_outcome outcome{};
  /// Attempts made in all, the last one included.
  std::uint64_t attempts = 0;
  /// The time since the first attempt was found busy.
  std::chrono::nanoseconds elapsed{};
};

} // namespace v1
} // namespace filelock

#endif
