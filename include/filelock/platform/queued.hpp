// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// queued<P>: timed and stoppable waits in the kernel's own queue, for a
/// Platform whose wait in the kernel has no deadline.

#ifndef FILELOCK_PLATFORM_QUEUED_HPP
#define FILELOCK_PLATFORM_QUEUED_HPP

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/queue_wait.hpp>
#include <filelock/detail/wait/poll.hpp>
#include <filelock/lock_request.hpp>

#include <cerrno>
#include <chrono>
#include <new>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
using lock_cancellably_expression = decltype(P::lock_cancellably(
    std::declval<int>(), std::declval<const lock_request&>()));
template <class P, class = void>
inline constexpr bool has_lock_cancellably_v = false;
template <class P>
inline constexpr bool
    has_lock_cancellably_v<P, std::void_t<lock_cancellably_expression<P>>> =
        std::is_same_v<lock_cancellably_expression<P>, int> &&
        !noexcept(P::lock_cancellably(std::declval<int>(),
                                      std::declval<const lock_request&>()));

} // namespace detail

/// The Platform P with lock_until. The kernel wakes a waiter as soon as the
/// lock is free, whatever program held it, and however it was released.
///
/// A helper thread blocks in P's system call, on the same open file
/// description, so the caller holds what the helper locks. At the deadline the
/// helper is cancelled and joined, and one more attempt shows whether it got
/// the lock. It takes no signal. No helper is started if the lock becomes free
/// during a few short pauses. Where no helper can be made or ended, the wait
/// polls: detail/posix/cancel.hpp.
///
/// P has `int lock_cancellably(handle, request)`, which waits for the lock in
/// one system call, during which the thread may be cancelled. It returns zero
/// or errno, and is not noexcept. `P::is_cancelled_at_a_cancellation_point`
/// says whether that call is a cancellation point: pthreads(7).
template <class P>
struct queued : P {
  static_assert(detail::has_lock_cancellably_v<P>,
                "queued<P>: P must have int lock_cancellably(handle, request), "
                "which is not noexcept");
  static_assert(P::ownership == lock_ownership::open_file_description,
                "queued<P>: the owner of a lock of P must be an open file "
                "description");
  static_assert(std::is_same_v<detail::clock_t<P>, std::chrono::steady_clock>,
                "queued<P>: the clock of P must be std::chrono::steady_clock");

  /// Waits in the kernel for the lock, `end` or the cancel. \returns Whether it
  /// was taken.
  /// Error conditions: those of P::lock_cancellably and P::try_lock. System
  /// calls: some 10, of two threads.
  static bool lock_until(int handle, const lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         canceller& stop, std::error_code& ec) noexcept {
    // If the lock is free at once, a thread costs more than it gains.
    const limited<constant_backoff> few(
        constant_backoff(std::chrono::microseconds(20)), 4);
    wait_outcome outcome = detail::poll<P>(handle, request, end, stop, few, ec);
    if (outcome != wait_outcome::gave_up)
      return outcome == wait_outcome::acquired;
    if (detail::queue_wait* const wait = begin_wait(handle, request)) {
      wait->wait_until(end, stop);
      return end_wait(wait, handle, request, ec);
    }
    outcome =
        detail::poll<P>(handle, request, end, stop, default_backoff(), ec);
    return outcome == wait_outcome::acquired;
  }

  /// The parts of lock_until, for a non-blocking caller: asio.hpp. It uses them
  /// if lock_until is the one of queued, and not one of a derived class.
  /// \cond
  using waits_in_queue = queued;

  /// Starts a helper thread, which waits in the queue. It calls `at_end` before
  /// it ends. \returns The wait; null if the system has no more threads.
  static detail::queue_wait*
  begin_wait(int handle, const lock_request& request,
             detail::end_listener at_end = {}) noexcept {
    if constexpr (FILELOCK_HAS_ASYNCHRONOUS_CANCEL ||
                  (FILELOCK_HAS_CANCEL &&
                   P::is_cancelled_at_a_cancellation_point)) {
      detail::last_helper_of_library.join();
      auto* const wait = new (std::nothrow) detail::queue_wait(
          &P::lock_cancellably, handle, request, std::move(at_end));
      if (wait && wait->start()) return wait;
      delete wait;
    }
    return nullptr;
  }

  /// Ends `wait`, the result of begin_wait(), and destroys it. Effects: blocks
  /// until it is over. \returns Whether the lock was taken; a forked child
  /// takes nothing.
  static bool end_wait(detail::queue_wait* wait, int handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    const bool is_taken = end_call(*wait, handle, request, ec);
    detail::last_helper_of_library.leave(wait);
    return is_taken;
  }
  /// \endcond

private:
  static bool end_call(detail::queue_wait& wait, int handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    if (!wait.is_of_this_process()) return false;
    if (wait.has_taken()) return true;
    wait.cancel();
    if (wait.has_taken()) return true;
    if (wait.has_returned() && wait.error() != EINTR)
      ec = detail::posix_error(wait.error());
    else if (P::try_lock(handle, request, ec))
      return true;
    if (ec) give_back(handle, request);
    return false;
  }

  // The helper may have got the lock before the attempt that failed.
  static void give_back(int handle, const lock_request& request) noexcept {
    std::error_code ignored;
    P::unlock(handle, request, ignored);
  }
};

} // namespace v1
} // namespace filelock

#endif
