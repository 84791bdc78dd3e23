// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Takes, waits for, converts and releases a lock of Windows. A template over
/// the functions of the system, so that it can be tested anywhere.
/// https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-lockfileex

#ifndef FILELOCK_DETAIL_WINDOWS_OVERLAPPED_LOCK_HPP
#define FILELOCK_DETAIL_WINDOWS_OVERLAPPED_LOCK_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/wait/poll.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The answers of the system's functions: GetLastError(), or zero. "System
/// Error Codes".
namespace answers {
inline constexpr std::uint32_t success = 0;
inline constexpr std::uint32_t lock_violation = 33;
inline constexpr std::uint32_t operation_aborted = 995;
inline constexpr std::uint32_t io_incomplete = 996;
inline constexpr std::uint32_t io_pending = 997;
inline constexpr std::uint32_t not_found = 1168;
} // namespace answers

/// The end of a wait for an event.
enum class event_wait { signaled, timed_out, failed };

/// System has
///   handle_type, clock
///   class request        an OVERLAPPED, the bytes, and an event if it is given
///                        one; it must not die while the system may write to it
///   bool make_event(request&)
///   answer lock(handle, request&, mode, bool fail_immediately)   LockFileEx
///   answer unlock(handle, request&)                              UnlockFileEx
///   answer cancel(handle, request&)                              CancelIoEx
///   answer result(handle, request&)   GetOverlappedResult, without waiting
///   event_wait wait(handle, request&, nanoseconds)    for the event, or for
///                                     the handle where the request has none
///   pause(nanoseconds, const canceller&)
///   error_code error(answer)
/// static and noexcept. Policy paces the polling, where the system does not
/// wait.
template <class System, class Policy>
struct overlapped_lock {
  using handle_type = typename System::handle_type;
  using clock = typename System::clock;
  using time_point = typename clock::time_point;
  using answer = std::uint32_t;

  static bool try_lock(const handle_type& handle, const lock_request& wanted,
                       std::error_code& ec) noexcept {
    request asked(wanted.range);
    const answer given = completed(
        System::lock(handle, asked, wanted.mode, true), handle, asked);
    if (given != answers::success && given != answers::lock_violation)
      ec = System::error(given);
    return given == answers::success;
  }

  static void unlock(const handle_type& handle, const lock_request& held,
                     std::error_code& ec) noexcept {
    request asked(held.range);
    const answer given =
        completed(System::unlock(handle, asked), handle, asked);
    if (given != answers::success) ec = System::error(given);
  }

  static void lock(const handle_type& handle, const lock_request& wanted,
                   std::error_code& ec) noexcept {
    canceller never;
    lock_until(handle, wanted, (time_point::max)(), never, ec);
  }

  /// \returns As Platform::lock_until. A grant at the deadline is kept; a grant
  /// at the cancel is given back.
  static bool lock_until(const handle_type& handle, const lock_request& wanted,
                         const time_point& end, canceller& stop,
                         std::error_code& ec) noexcept {
    const limit deadline(end);
    answer given;
    do // Again, where a stranger has aborted what this handle waits for.
      given = wait(handle, wanted, deadline, stop);
    while (given == answers::operation_aborted && !stop.requested() &&
           time_left(deadline) > std::chrono::nanoseconds::zero());
    if (given == answers::lock_violation)
      return poll<polled>(handle, wanted, end, stop, Policy(), ec) ==
             wait_outcome::acquired;
    if (given != answers::success && given != answers::operation_aborted)
      ec = System::error(given);
    return given == answers::success;
  }

  /// Converts a held lock. A handle may take a shared lock in addition to its
  /// exclusive one, and the first unlock then removes the exclusive one:
  /// LockFileEx, "Remarks". So only the conversion from shared to exclusive has
  /// to release first.
  static bool convert(const handle_type& handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    const bool is_laid_over =
        to.mode == lock_mode::shared && try_lock(handle, to, ec);
    if (!ec) unlock(handle, from, ec);
    return !ec && (is_laid_over || try_lock(handle, to, ec));
  }

private:
  using request = typename System::request;
  using limit = time_limit<clock, clock, typename clock::duration>;

  /// Asks the system to wait, and leaves nothing of the request behind.
  /// \returns success: held. operation_aborted: not held in time.
  /// lock_violation: the caller must poll.
  static answer wait(const handle_type& handle, const lock_request& wanted,
                     const limit& deadline, canceller& stop) noexcept {
    request asked(wanted.range);
    if (!System::make_event(asked)) return answers::lock_violation;
    const answer first = System::lock(handle, asked, wanted.mode, false);
    if (first != answers::io_pending) return first;
    if (is_lost(handle, asked)) {
      forget(handle, asked);
      return answers::lock_violation;
    }
    const event_wait end = wait_for_event(handle, asked, deadline, stop);
    if (end != event_wait::signaled) System::cancel(handle, asked);
    const answer last = completed(first, handle, asked);
    if (last == answers::success && stop.requested())
      return is_given_back(handle, wanted) ? answers::operation_aborted : last;
    const bool cannot_wait = end == event_wait::failed;
    return last == answers::operation_aborted && cannot_wait
               ? answers::lock_violation
               : last;
  }

  /// \returns Whether the system has lost a request that it called pending. It
  /// sets the status of a pending request, and the event of a completed one:
  /// OVERLAPPED. Wine does neither, and the request never ends. The check does
  /// not ask for Wine by name, because Wine may learn to wait.
  static bool is_lost(const handle_type& handle, request& asked) noexcept {
    return System::result(handle, asked) != answers::io_incomplete &&
           System::wait(handle, asked, std::chrono::nanoseconds::zero()) !=
               event_wait::signaled;
  }

  /// Leaves nothing of a lost request behind, even if it was not lost.
  static void forget(const handle_type& handle, request& asked) noexcept {
    if (System::cancel(handle, asked) == answers::success)
      System::wait(handle, asked, unbounded);
    completed(System::unlock(handle, asked), handle, asked);
  }

  static event_wait wait_for_event(const handle_type& handle, request& asked,
                                   const limit& deadline,
                                   canceller& stop) noexcept {
    struct pending {
      const handle_type& handle;
      request& asked;
    } both{handle, asked};
    // The cancel completes the request, which sets the event.
    const canceller::wake_up on_cancel(
        stop,
        [](void* argument) noexcept {
          const pending& call = *static_cast<pending*>(argument);
          System::cancel(call.handle, call.asked);
        },
        &both);
    event_wait end;
    std::chrono::nanoseconds left;
    do {
      left = time_left(deadline);
      end = System::wait(handle, asked, left);
    } while (end == event_wait::timed_out && left > left.zero());
    return end;
  }

  /// If a call is pending, waits until the system has finished the request.
  /// \returns The result of the request.
  static answer completed(answer given, const handle_type& handle,
                          request& asked) noexcept {
    if (given != answers::io_pending) return given;
    while ((given = System::result(handle, asked)) == answers::io_incomplete)
      if (System::wait(handle, asked, unbounded) == event_wait::failed)
        System::pause(std::chrono::milliseconds(1), canceller());
    return given;
  }

  static bool is_given_back(const handle_type& handle,
                            const lock_request& held) noexcept {
    std::error_code ec;
    unlock(handle, held, ec);
    return !ec;
  }

  static std::chrono::nanoseconds time_left(const limit& deadline) noexcept {
    return deadline.remaining({}, clock::now());
  }

  /// The functions that detail::poll needs, if the system does not wait.
  struct polled {
    using native_handle_type = handle_type;
    using clock = typename System::clock;
    static bool try_lock(const handle_type& handle, const lock_request& wanted,
                         std::error_code& ec) noexcept {
      return overlapped_lock::try_lock(handle, wanted, ec);
    }
    static void wait_for(const handle_type&, std::chrono::nanoseconds length,
                         canceller& stop) noexcept {
      System::pause(length, stop);
    }
  };
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
