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
#include <filelock/detail/posix/blocked_signals.hpp>
#include <filelock/detail/posix/cancel.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/posix/thread_stack.hpp>
#include <filelock/lock_request.hpp>

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The function of the helper thread. Its argument is a queue_wait.
extern "C" FILELOCK_OWN_OF_LIBRARY void*
filelock_v1_run_queue_wait(void* argument);

/// Ends a helper thread that was cancelled. It gets the queue_wait of the
/// thread.
extern "C" FILELOCK_OWN_OF_LIBRARY void
filelock_v1_end_queue_wait(void* argument);

/// A callback at the end of a helper thread. The thread calls it once, when it
/// has nothing more to do than to exit.
struct end_listener {
  void (*hear)(void*) noexcept = nullptr;
  std::shared_ptr<void> argument;
};

/// The key by which a helper thread finds its queue_wait at its end. A
/// cancelled thread calls the destructors of its keys last, pthread_cancel(3).
/// Unlike clean-up handlers, those do not stand on a frame of its stack.
class end_key {
public:
  end_key() noexcept
      : is_made_(::pthread_key_create(&key_, &filelock_v1_end_queue_wait) ==
                 0) {}
  ~end_key() {
    if (is_made_) ::pthread_key_delete(key_);
  }
  end_key(const end_key&) = delete;
  end_key& operator=(const end_key&) = delete;

  bool is_made() const noexcept { return is_made_; }
  ::pthread_key_t get() const noexcept { return key_; }

  /// \returns The key of the library, made when it is first needed.
  FILELOCK_OWN_OF_LIBRARY static const end_key& of_library() noexcept {
    static const end_key key;
    return key;
  }

private:
  ::pthread_key_t key_{};
  bool is_made_;
};

/// The state of one wait. It outlives the helper thread.
class queue_wait {
public:
  /// Waits for the lock, in a system call during which the thread may be
  /// cancelled.
  /// \returns Zero if the lock is held, otherwise errno.
  using blocking_call = int (*)(int handle, const lock_request& request);

  queue_wait(blocking_call call, int handle, const lock_request& request,
             end_listener at_end = {}) noexcept
      : call_(call),
        request_(request),
        handle_(handle),
        at_end_(std::move(at_end)) {}

  /// Joins the helper thread, whose call has returned or was cancelled.
  ~queue_wait() { join(); }

  queue_wait(const queue_wait&) = delete;
  queue_wait& operator=(const queue_wait&) = delete;

  /// Starts the helper thread, if it can be ended.
  /// \returns Whether it was started: the system may have no more threads.
  bool start() noexcept;

  /// Waits until the helper's call returns, until `end`, or the cancel.
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

  /// Ends the helper thread, whatever it does. Does not wait for that: some
  /// system calls are not interrupted.
  void request_end() noexcept {
#if FILELOCK_HAS_CANCEL
    if (has_thread_ && is_of_this_process() && !has_returned())
      ::pthread_cancel(thread_);
#endif
  }

  /// Ends the helper thread, whatever it does, and joins it.
  void cancel() noexcept {
    request_end();
    join();
  }

  /// \returns Whether the helper thread has nothing more to do than to exit.
  bool is_over() noexcept {
    const std::lock_guard<std::mutex> guard(mutex_);
    return is_over_;
  }

  /// \returns Whether this process has the helper thread. A forked child does
  /// not have it, and must not ask for anything else: the thread may have
  /// locked the mutex when the child was forked.
  bool is_of_this_process() const noexcept { return origin_.is_this_process(); }

  /// \returns Whether the system call returned. If it was cancelled instead, it
  /// may still have taken the lock.
  bool has_returned() noexcept {
    const std::lock_guard<std::mutex> guard(mutex_);
    return has_returned_;
  }

  /// \returns Whether the system call returned with the lock.
  bool has_taken() noexcept { return has_returned() && error_ == 0; }

  /// \returns The result of the call. Preconditions: has_returned().
  int error() const noexcept { return error_; }

private:
  friend void* filelock_v1_run_queue_wait(void* argument);
  friend void filelock_v1_end_queue_wait(void* argument);

  static void wake(void* wait) noexcept {
    queue_wait& self = *static_cast<queue_wait*>(wait);
    const std::lock_guard<std::mutex> guard(self.mutex_);
    self.is_over_ = true;
    self.changed_.notify_one();
  }

  /// \param has_returned Whether the call returned; otherwise the thread was
  /// cancelled.
  // Out of line: its guard needs a personality, see the function below.
  FILELOCK_NOINLINE void ended(bool has_returned) noexcept {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      has_returned_ = has_returned;
      is_over_ = true;
    }
    changed_.notify_one();
    if (at_end_.hear) at_end_.hear(at_end_.argument.get());
  }

  // A forked child does not have the thread.
  void join() noexcept {
    if (has_thread_ && is_of_this_process()) ::pthread_join(thread_, nullptr);
    has_thread_ = false;
  }

  blocking_call call_;
  lock_request request_;
  int handle_;
  end_listener at_end_;
  ::pthread_key_t key_{}; // if there is a listener
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

extern "C" FILELOCK_OWN_OF_LIBRARY inline void
filelock_v1_end_queue_wait(void* argument) {
  static_cast<queue_wait*>(argument)->ended(false);
}

// When the thread is cancelled, its stack unwinds without leaving these frames.
// So nothing on them may need a destructor, and AddressSanitizer must not watch
// them. They are not noexcept either: unwinding out of a noexcept function ends
// the program.
extern "C" FILELOCK_OWN_OF_LIBRARY FILELOCK_CANCELLED inline void*
filelock_v1_run_queue_wait(void* argument) {
  queue_wait& wait = *static_cast<queue_wait*>(argument);
  const bool is_heard = wait.at_end_.hear != nullptr;
  if (is_heard) wait.error_ = ::pthread_setspecific(wait.key_, argument);
  if (wait.error_ == 0) wait.error_ = wait.call_(wait.handle_, wait.request_);
#if FILELOCK_HAS_CANCEL
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &wait.previous_state_);
#endif
  if (is_heard) ::pthread_setspecific(wait.key_, nullptr);
  wait.ended(true);
  // The waiter may have been woken on this processor. Let it run first: the
  // exit of a thread takes longer than the rest of the hand-over.
  ::sched_yield();
  return nullptr;
}

inline bool queue_wait::start() noexcept {
  if (!can_cancel_threads() || !can_interrupt_waits(handle_)) return false;
  if (at_end_.hear) {
    if (!end_key::of_library().is_made()) return false;
    key_ = end_key::of_library().get();
  }
  ::pthread_attr_t small;
  if (::pthread_attr_init(&small) != 0) return false;
  make_stack_small(small);
  {
    const blocked_signals guard;
    has_thread_ = ::pthread_create(&thread_, &small,
                                   &filelock_v1_run_queue_wait, this) == 0;
  }
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

  /// Takes ownership of `wait`, and joins the helper that was left before, if
  /// there is one. Not a std::unique_ptr: with <memory>, file_lock.hpp costs a
  /// twentieth of <filesystem> more to compile, see bench/compile_cost.py.
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
