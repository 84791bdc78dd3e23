// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The time in which one thread of a process uses the file lock.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_TURN_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_TURN_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/lock_request.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Releases the file lock, if it is held.
template <class Core>
void release_held(Core& core, std::error_code& ec) noexcept {
  if (core.file().mode() != lock_mode::unlocked) core.unlock(ec);
}

/// The turn of a thread that got the answer `acquire`. Unless the lock is
/// acquired, the destructor passes the turn on.
template <class Core, class Gate>
class mutex_turn {
public:
  mutex_turn(Core& core, Gate& gate, lock_mode mode) noexcept
      : core_(core), gate_(gate), mode_(mode) {
    gate_.acquires_file(true);
  }

  ~mutex_turn() {
    if (is_kept_) return;
    std::error_code ignored;
    release_held(core_, ignored);
    gate_.acquires_file(false); // exit() may destroy the core from here on
    gate_.failed(mode_);
  }

  mutex_turn(const mutex_turn&) = delete;
  mutex_turn& operator=(const mutex_turn&) = delete;

  template <class Deadline>
  wait_outcome acquire(const Deadline& deadline, const canceller& stop,
                       failure& failed) {
    const wait_outcome outcome = core_.acquire(mode_, deadline, stop, failed);
    if (outcome == wait_outcome::acquired) keep(Gate::this_thread());
    return outcome;
  }

  /// Says that the file lock was acquired, for `thread`.
  void keep(const void* thread) {
    gate_.acquires_file(false);
    if (mode_ == lock_mode::shared) gate_.acquired_shared(thread);
    is_kept_ = true;
  }

private:
  Core& core_;
  Gate& gate_;
  lock_mode mode_;
  bool is_kept_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
