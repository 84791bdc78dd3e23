// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The result of a wait, as a backoff policy sees it.

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

/// The cost of a wait: the argument of a policy's `finished`.
struct wait_result {
  /// How the wait ended.
  wait_outcome outcome{};
  /// All attempts, including the last one.
  std::uint64_t attempts = 0;
  /// The time since the first attempt was found busy.
  std::chrono::nanoseconds elapsed{};
};

} // namespace v1
} // namespace filelock

#endif
