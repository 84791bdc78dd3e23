// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The calls on a robust mutex that processes share.

#ifndef FILELOCK_DETAIL_POSIX_ROBUST_MUTEX_HPP
#define FILELOCK_DETAIL_POSIX_ROBUST_MUTEX_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/integer_cast.hpp>
#include <filelock/detail/lesser.hpp>

#include <pthread.h>
#include <time.h>
#if defined(__GLIBC__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cerrno>
#include <chrono>
#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns Zero after the mutex was made; otherwise an errno.
inline int make_robust_mutex(::pthread_mutex_t& mutex) noexcept {
  ::pthread_mutexattr_t attributes;
  if (const int error = ::pthread_mutexattr_init(&attributes)) return error;
  int error =
      ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  if (error == 0)
    error = ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  if (error == 0) error = ::pthread_mutex_init(&mutex, &attributes);
  ::pthread_mutexattr_destroy(&attributes);
  return error;
}

FILELOCK_ALWAYS_INLINE ::timespec
to_timespec(std::chrono::nanoseconds time) noexcept {
  constexpr std::chrono::nanoseconds::rep second = 1'000'000'000;
  ::timespec result;
  result.tv_sec = integer_cast<::time_t>(time.count() / second);
  result.tv_nsec =
      integer_cast<decltype(result.tv_nsec)>(time.count() % second);
  return result;
}

/// How long a wait may go without a look at the mutex and the canceller.
inline std::chrono::nanoseconds longest_sleep(const canceller& stop) noexcept {
  return std::chrono::milliseconds(stop.can_be_requested() ? 5 : 100);
}

#if defined(__GLIBC__)

// glibc keeps its ABI: the first word of the mutex is the one that the kernel
// knows, futex(2). It has the number of the thread that owns the mutex.
//
// pthread_mutex_lock(3) is not called, because the number of a thread is unique
// only in its PID namespace. The kernel believes that a thread which is killed
// inside that function has died with the mutex, if the owner has the same
// number in another namespace. Therefore a waiter sleeps by futex(2), and asks
// by pthread_mutex_trylock(3) only when the mutex looks free.

inline std::uint32_t* futex_of(::pthread_mutex_t& mutex) noexcept {
  return reinterpret_cast<std::uint32_t*>(&mutex);
}
inline std::uint32_t read_futex(::pthread_mutex_t& mutex) noexcept {
  return __atomic_load_n(futex_of(mutex), __ATOMIC_RELAXED);
}
/// \returns Whether a living thread has the mutex.
constexpr bool is_owned(std::uint32_t word) noexcept {
  return word != 0 && (word & FUTEX_OWNER_DIED) == 0;
}

/// \returns Zero if make_robust_mutex() could have made `mutex`. EINVAL if not,
/// or the error of making one.
inline int check_robust_mutex(const ::pthread_mutex_t& mutex) noexcept {
  ::pthread_mutex_t made;
  if (const int error = make_robust_mutex(made)) return error;
  return made.__data.__kind == mutex.__data.__kind ? 0 : EINVAL;
}

/// \returns Whether a thread had the mutex when its memory was last saved.
inline bool was_held(::pthread_mutex_t& mutex) noexcept {
  return read_futex(mutex) != 0;
}

/// \returns Whether a living thread has the mutex now.
inline bool is_held_now(::pthread_mutex_t& mutex) noexcept {
  return is_owned(read_futex(mutex));
}

/// \returns As pthread_mutex_trylock().
inline int try_lock(::pthread_mutex_t& mutex) noexcept {
  if (is_owned(read_futex(mutex))) return EBUSY;
  const int error = ::pthread_mutex_trylock(&mutex);
  // glibc 2.36 leaves the mutex locked then, so the next caller would wait for
  // ever.
  if (error == ENOTRECOVERABLE) {
    __atomic_store_n(futex_of(mutex), 0, __ATOMIC_RELEASE);
    ::syscall(SYS_futex, futex_of(mutex), FUTEX_WAKE, INT32_MAX);
  }
  return error;
}

/// Sleeps until the mutex is released, or its owner dies. Sleeps at most until
/// `end`, or until a signal.
inline void sleep_until_released(::pthread_mutex_t& mutex,
                                 std::chrono::steady_clock::time_point end,
                                 bool& has_slept) noexcept {
  std::uint32_t word = read_futex(mutex);
  if (!is_owned(word)) return;
  const std::uint32_t awaited = word | FUTEX_WAITERS;
  if (word != awaited &&
      !__atomic_compare_exchange_n(futex_of(mutex), &word, awaited, false,
                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    return;
  has_slept = true;
  const ::timespec time = to_timespec(end.time_since_epoch()); // monotonic
#if defined(SYS_futex_time64)
  // On 32 bits, SYS_futex takes a time of 32 bits.
  constexpr long call =
      sizeof time.tv_sec > sizeof(long) ? SYS_futex_time64 : SYS_futex;
#else
  constexpr long call = SYS_futex;
#endif
  ::syscall(call, futex_of(mutex), FUTEX_WAIT_BITSET, awaited, &time, nullptr,
            FUTEX_BITSET_MATCH_ANY);
}

/// Locks, or waits until `end` or the cancel.
/// \returns As pthread_mutex_trylock().
inline int lock_until(::pthread_mutex_t& mutex,
                      std::chrono::steady_clock::time_point end,
                      const canceller& stop) noexcept {
  // A waiter that was woken and killed before it asked has woken nobody else,
  // so the others look again after the longest sleep.
  const std::chrono::nanoseconds longest = longest_sleep(stop);
  bool has_slept = false;
  for (;;) {
    const int error = try_lock(mutex);
    // Others may sleep too, and the release must wake one of them.
    if (has_slept && (error == 0 || error == EOWNERDEAD))
      __atomic_fetch_or(futex_of(mutex), FUTEX_WAITERS, __ATOMIC_RELAXED);
    if (error != EBUSY) return error;
    const auto now = std::chrono::steady_clock::now();
    if (now >= end || stop.requested()) return EBUSY;
    sleep_until_released(mutex, now + lesser(longest, {end - now}), has_slept);
  }
}

#else

inline int check_robust_mutex(const ::pthread_mutex_t&) noexcept { return 0; }
inline bool was_held(::pthread_mutex_t&) noexcept { return false; }
inline bool is_held_now(::pthread_mutex_t&) noexcept { return true; }

inline int try_lock(::pthread_mutex_t& mutex) noexcept {
  return ::pthread_mutex_trylock(&mutex);
}

inline int lock_until(::pthread_mutex_t& mutex,
                      std::chrono::steady_clock::time_point end,
                      const canceller& stop) noexcept {
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= end || stop.requested()) return try_lock(mutex);
    // In slices, as this follows the clock of the system, which may be set.
    ::timespec time;
    ::clock_gettime(CLOCK_REALTIME, &time);
    const ::timespec last = to_timespec(
        std::chrono::seconds(time.tv_sec) +
        std::chrono::nanoseconds(time.tv_nsec) +
        lesser(longest_sleep(stop), std::chrono::nanoseconds(end - now)));
    const int error = ::pthread_mutex_timedlock(&mutex, &last);
    if (error != ETIMEDOUT) return error;
  }
}

#endif

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
