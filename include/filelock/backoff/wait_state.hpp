// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The state of a wait, as a backoff policy sees it.

#ifndef FILELOCK_BACKOFF_WAIT_STATE_HPP
#define FILELOCK_BACKOFF_WAIT_STATE_HPP

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace filelock {
inline namespace v1 {

/// The system's number of a process.
using process_id = std::int64_t;

/// The lock that is waited for. Used by wait_state, implemented by the locks.
class wait_subject {
public:
  /// \returns The path of the lock. Empty where the lock has none.
  virtual const std::filesystem::path& path() const = 0;
  /// \returns The process that holds the lock, if known.
  virtual std::optional<process_id> holder() const = 0;

protected:
  ~wait_subject() = default;
};

/// The wait so far: the argument of every backoff policy.
struct wait_state {
  /// The attempts so far: 1 when the policy is first asked.
  std::uint64_t attempts = 1;
  /// The time since the first attempt was found busy.
  std::chrono::nanoseconds elapsed{};
  /// The time until the deadline. max(): the wait is unbounded.
  std::chrono::nanoseconds remaining = (std::chrono::nanoseconds::max)();
  /// The awaited lock. Null in a wait_state made by hand.
  const wait_subject* subject = nullptr;

  /// \returns The path of the lock. Empty where the lock has none.
  /// \throws std::bad_alloc if there is no memory.
  std::filesystem::path path() const {
    return subject ? subject->path() : std::filesystem::path();
  }

  /// \returns The process that holds the lock, if known. Only a hint: it may
  /// have released the lock since.
  std::optional<process_id> holder() const {
    return subject ? subject->holder() : std::nullopt;
  }
};

} // namespace v1
} // namespace filelock

#endif
