// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Drives an acquisition on the calling thread.

#ifndef FILELOCK_DETAIL_WAIT_BLOCKING_DRIVER_HPP
#define FILELOCK_DETAIL_WAIT_BLOCKING_DRIVER_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/deadline.hpp>

#include <chrono>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns How a lock of `Platform` waits: in the kernel if that wait can end
/// as it must, otherwise by polling.
template <class Platform, class BackoffPolicy>
constexpr waiting way_to_wait(bool is_bounded, bool can_be_cancelled) {
  constexpr bool observes = observes_wait_v<BackoffPolicy>;
  if (has_lock_v<Platform> && !is_bounded && !can_be_cancelled && !observes)
    return waiting::in_kernel;
  return has_lock_until_v<Platform> ? waiting::in_kernel_bounded
                                    : waiting::by_polling;
}

/// Pauses between two attempts, or until the cancel.
template <class Platform>
void pause(const typename Platform::native_handle_type& handle,
           std::chrono::nanoseconds length, canceller& stop) noexcept {
  if constexpr (has_wait_for_v<Platform>)
    Platform::wait_for(handle, length, stop);
  else if (length == length.zero())
    std::this_thread::yield();
  else
    stop.sleep_for(length);
}

/// Acquires the lock of `file`, which has `attempt()`, `block(time_point,
/// stop)`, `block()` and `handle()`.
/// \param first The result of the first attempt, which the caller has made.
/// \throws What the policy throws. The lock may have been taken then.
template <class Platform, class BackoffPolicy, class Deadline, class File>
wait_outcome drive(acquisition<BackoffPolicy>& wait, attempt_result first,
                   File& file, const Deadline& deadline, waiting how,
                   canceller& stop) {
  wait_clock<clock_t<Platform>, Deadline> clock(deadline);
  const auto after = [&](attempt_result result) {
    return wait.after(
        result, [&clock] { return clock.read(); }, stop.requested());
  };
  wait.start();
  step next = after(first);
  while (next.what != step::action::done) {
    if (next.what == step::action::attempt_now) {
      next = after(file.attempt());
    } else if (next.what == step::action::pause) {
      pause<Platform>(file.handle(), next.length, stop);
      next = wait.paused(clock.read(), stop.requested());
    } else if (how == waiting::in_kernel) {
      next = after(file.block());
    } else {
      next = after(file.block(clock.after_last_reading(next.length), stop));
    }
  }
  return next.outcome;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
