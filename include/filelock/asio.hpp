// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// async_lock and its kin: acquires of a lock for Boost.Asio, or for the
/// standalone Asio if FILELOCK_STANDALONE_ASIO is defined. Not a part of
/// filelock.hpp. Needs the headers of Asio 1.22, Boost 1.81 or later.

#ifndef FILELOCK_ASIO_HPP
#define FILELOCK_ASIO_HPP

#include <filelock/detail/asio/acquire.hpp>
#include <filelock/detail/asio/library.hpp>
#include <filelock/detail/platform/facts.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// Acquires a lock without blocking a thread. `lock` is a basic_file_lock or a
/// basic_file_mutex.
///
/// An operation attempts in the call that begins it. If the lock is busy, it
/// pauses as the BackoffPolicy of the lock says, on a timer of `executor` with
/// the Platform's clock, and attempts again. If the Platform has lock_until, as
/// queued<P> has, it waits in the kernel's queue instead. Such a wait blocks a
/// thread, and a thread can wait for one file only, so each operation that
/// waits there has a helper thread of its own, which ends with the wait. With
/// queued<P> itself that is the thread in the system call; with another
/// lock_until, which may start such a thread too, it is one more. The loop
/// waits for neither, but the destructor of an operation does. Operations on a
/// file_mutex queue among themselves in the order in which they came, and with
/// threads as threads do among themselves; one of them waits for the file.
///
/// Preconditions: `lock` outlives the operation; the handler may own it. Until
/// the operation has completed, nobody uses a basic_file_lock except to
/// acquire. The threads that run `executor` do not block in an acquire of the
/// same file_mutex.
///
/// Completion: `void(error_code)` of async_lock and async_lock_shared,
/// `void(error_code, bool)` of the others, with the error_code of Asio, which
/// completion tokens know: boost::system::error_code, or std::error_code. The
/// bool says whether the lock is held: it is false, without an error, if the
/// time is over or the policy gave up. `token` is any completion token. Its
/// executor, allocator and cancellation slot are honoured; the last for
/// terminal, partial and total cancellation, which all leave nothing behind.
/// The handler never runs in the call that begins the operation.
///
/// The hold belongs to no thread. Any thread may release it, with a
/// `std::unique_lock{lock, std::adopt_lock}` or without. Until then every
/// further acquire of the basic_file_lock is an error, on every thread.
///
/// An operation that is cancelled, or is destroyed with its context or by an
/// exception, holds nothing. If the grant and the cancel meet, the operation
/// completes with the lock held and no error, or cancelled and without it. A
/// forked child may cancel or destroy its copy of an operation, and nothing
/// else.
///
/// Synchronization: as the lock's own acquires.
///
/// Error conditions: those of the lock's acquires, and what its policy threw,
/// as the forms with a trailing error_code report it; and
/// - operation_aborted, of Asio: cancelled
/// - timed_out: async_lock and async_lock_shared, where the policy gave up
/// - resource_deadlock_would_occur: the basic_file_lock is held already, or
///   another operation waits for it; then also of the lock's own acquires
/// Throws, in the call that begins it: std::bad_alloc, and what Asio throws.
///
/// System calls: those of the lock's acquires, and of Asio's timer. A wait in
/// the kernel adds those of a thread.
/// @{
template <class Executor, class Lock, class Token>
auto async_lock(const Executor& executor, Lock& lock, Token&& token) {
  return detail::async_acquire<false, false>(
      executor, lock, detail::no_deadline(), std::forward<Token>(token));
}
template <class Executor, class Lock, class Token>
auto async_lock_shared(const Executor& executor, Lock& lock, Token&& token) {
  return detail::async_acquire<true, false>(
      executor, lock, detail::no_deadline(), std::forward<Token>(token));
}
/// @}

/// Acquires as async_lock, and waits at most for `duration`. The lock's clock
/// measures it. One attempt is made in any case. Units: as the lock's own timed
/// acquires.
/// @{
template <class Executor, class Lock, class Rep, class Period, class Token>
auto async_lock_for(const Executor& executor, Lock& lock,
                    const std::chrono::duration<Rep, Period>& duration,
                    Token&& token) {
  return detail::async_acquire<false, true>(executor, lock, duration,
                                            std::forward<Token>(token));
}
template <class Executor, class Lock, class Rep, class Period, class Token>
auto async_lock_shared_for(const Executor& executor, Lock& lock,
                           const std::chrono::duration<Rep, Period>& duration,
                           Token&& token) {
  return detail::async_acquire<true, true>(executor, lock, duration,
                                           std::forward<Token>(token));
}
/// @}

/// Acquires as async_lock, and waits until `time` of any clock. If the clock is
/// set, the wait notices within a second.
/// @{
template <class Executor, class Lock, class Clock, class Duration, class Token>
auto async_lock_until(const Executor& executor, Lock& lock,
                      const std::chrono::time_point<Clock, Duration>& time,
                      Token&& token) {
  return detail::async_acquire<false, true>(executor, lock, time,
                                            std::forward<Token>(token));
}
template <class Executor, class Lock, class Clock, class Duration, class Token>
auto async_lock_shared_until(
    const Executor& executor, Lock& lock,
    const std::chrono::time_point<Clock, Duration>& time, Token&& token) {
  return detail::async_acquire<true, true>(executor, lock, time,
                                           std::forward<Token>(token));
}
/// @}

} // namespace v1
} // namespace filelock

#endif
