// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A wait in the kernel's own queue that ends at a deadline or at a cancel: a
/// helper thread blocks in the system call, and is cancelled if need be.

#ifndef FILELOCK_DETAIL_POSIX_QUEUE_WAIT_HPP
#define FILELOCK_DETAIL_POSIX_QUEUE_WAIT_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/posix/cancel.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/posix/thread_stack.hpp>
#include <filelock/lock_request.hpp>

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The function of the helper thread. Its argument is a queue_wait.
extern "C" FILELOCK_OWN_OF_LIBRARY void*
filelock_v1_run_queue_wait(void* argument);

/// The state of one wait. It outlives the helper thread.
class queue_wait {
public:
  /// Waits for the lock, in a system call during which the thread may be
  /// cancelled.
  /// \returns Zero if the lock is held, otherwise errno.
  using blocking_call = int (*)(int handle, const lock_request& request);

  queue_wait(blocking_call call, int handle,
             const lock_request& request) noexcept
      : call_(call), request_(request), handle_(handle) {}

  /// Effects: joins the helper thread, whose call has returned or was
  /// cancelled.
  ~queue_wait() { join(); }

  queue_wait(const queue_wait&) = delete;
  queue_wait& operator=(const queue_wait&) = delete;

  /// Effects: starts the helper thread, if it can be ended.
  /// \returns Whether it was started: the system may have no more threads.
  bool start() noexcept;

  /// Effects: waits until the helper's call returns, until `end`, or the
  /// cancel.
  template <class TimePoint>
  void wait_until(const TimePoint& end, canceller& stop) noexcept {
    const canceller::wake_up on_cancel(stop, &wake, this);
    std::unique_lock<std::mutex> guard(mutex_);
    while (!is_over_ && TimePoint::clock::now() < end) {
      // Later times would overflow when converted to what the system takes.
      const TimePoint soon = TimePoint::clock::now() + std::chrono::hours(1);
      changed_.wait_until(guard, lesser(soon, end));
    }
  }

  /// Effects: ends the helper thread, whatever it does, and joins it.
  void cancel() noexcept {
#if FILELOCK_HAS_CANCEL
    if (has_thread_ && !has_returned()) ::pthread_cancel(thread_);
#endif
    join();
  }

  /// \returns Whether the system call returned. If it was cancelled instead, it
  /// may still have taken the lock.
  bool has_returned() noexcept {
    const std::lock_guard<std::mutex> guard(mutex_);
    return has_returned_;
  }

  /// \returns Whether the system call returned with the lock.
  bool has_taken() noexcept { return has_returned() && error_ == 0; }

  /// Preconditions: has_returned(). \returns The result of the call.
  int error() const noexcept { return error_; }

private:
  friend void* filelock_v1_run_queue_wait(void* argument);

  static void wake(void* wait) noexcept {
    queue_wait& self = *static_cast<queue_wait*>(wait);
    const std::lock_guard<std::mutex> guard(self.mutex_);
    self.is_over_ = true;
    self.changed_.notify_one();
  }

  // Out of line: its guard needs a personality, see the function below.
  FILELOCK_NOINLINE void returned() noexcept {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      has_returned_ = true;
      is_over_ = true;
    }
    changed_.notify_one();
  }

  // A forked child does not have the thread.
  void join() noexcept {
    if (has_thread_ && origin_.is_this_process())
      ::pthread_join(thread_, nullptr);
    has_thread_ = false;
  }

  blocking_call call_;
  lock_request request_;
  int handle_;
  int error_ = 0;
#if FILELOCK_HAS_CANCEL
  int previous_state_ = 0;
#endif
  std::error_code no_memory_;
  process_origin origin_ = process_origin::here(no_memory_);
  bool has_thread_ = false;
  bool has_returned_ = false;
  bool is_over_ = false;
  ::pthread_t thread_{};
  std::mutex mutex_;
  std::condition_variable changed_;
};

// When the thread is cancelled, its stack unwinds without leaving these frames.
// So nothing on them may need a destructor, and AddressSanitizer must not watch
// them. They are not noexcept either: unwinding out of a noexcept function ends
// the program.
extern "C" FILELOCK_OWN_OF_LIBRARY FILELOCK_CANCELLED inline void*
filelock_v1_run_queue_wait(void* argument) {
  queue_wait& wait = *static_cast<queue_wait*>(argument);
  wait.error_ = wait.call_(wait.handle_, wait.request_);
#if FILELOCK_HAS_CANCEL
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &wait.previous_state_);
#endif
  wait.returned();
  // The waiter may have been woken on this processor. Let it run first: the
  // exit of a thread takes longer than the rest of the hand-over.
  ::sched_yield();
  return nullptr;
}

inline bool queue_wait::start() noexcept {
  if (!can_cancel_threads() || !can_interrupt_waits(handle_)) return false;
  ::pthread_attr_t small;
  if (::pthread_attr_init(&small) != 0) return false;
  make_stack_small(small);
  // The helper inherits the mask: signals are for the user's threads.
  ::sigset_t all;
  ::sigset_t previous;
  sigfillset(&all); // a macro on macOS and OpenBSD
  ::pthread_sigmask(SIG_SETMASK, &all, &previous);
  has_thread_ = ::pthread_create(&thread_, &small, &filelock_v1_run_queue_wait,
                                 this) == 0;
  ::pthread_sigmask(SIG_SETMASK, &previous, nullptr);
  ::pthread_attr_destroy(&small);
  return has_thread_;
}

/// The last helper that took a lock. The next helper joins it before it begins,
/// or the unload of the library that has its code. A waiter does not join its
/// own helper, because that would delay the hand-over.
class last_helper {
public:
  constexpr last_helper() noexcept = default;
  ~last_helper() { join(); }

  last_helper(const last_helper&) = delete;
  last_helper& operator=(const last_helper&) = delete;

  void join() noexcept { leave(nullptr); }

  /// Effects: takes ownership of `wait`, and joins the helper that was left
  /// before, if there is one.
  /// Not a std::unique_ptr: with <memory>, file_lock.hpp costs a twentieth of
  /// <filesystem> more to compile, see bench/compile_cost.py.
  void leave(queue_wait* wait) noexcept {
    delete wait_.exchange(wait, std::memory_order_acq_rel);
  }

private:
  std::atomic<queue_wait*> wait_{nullptr};
};

FILELOCK_OWN_OF_LIBRARY inline last_helper last_helper_of_library;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
