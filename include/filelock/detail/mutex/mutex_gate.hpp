// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Puts threads to sleep and wakes them, as mutex_phases decides. No call that
/// could block is made under its mutex.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_GATE_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_GATE_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/mutex/gate_tools.hpp>
#include <filelock/detail/mutex/mutex_phases.hpp>
#include <filelock/detail/mutex/waiting_calls.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A mutex_phases for threads, with the time of `Clock`. A thread that finds
/// the lock unused, and leaves before anybody else comes, uses only `use_`.
template <class Clock>
class mutex_gate {
public:
  using tools = gate_tools<Clock>;
  using mutex = typename tools::mutex;

  mutex_gate() noexcept {}

  entry::action enter(lock_mode mode, bool can_wait,
                      const void* thread = this_thread()) {
    use unused = use::none;
    if (mode == lock_mode::exclusive &&
        use_.compare_exchange_strong(unused, use::one_writer,
                                     std::memory_order_acquire,
                                     std::memory_order_relaxed))
      return entry::action::acquire;
    const std::lock_guard<mutex> guard(mutex_);
    begin_phases();
    return phases_.enter(mode, now, can_wait, thread).what;
  }

  /// \returns An address that no other thread has.
  static const void* this_thread() noexcept {
    static thread_local const char object = 0;
    return &object;
  }

  /// \param may_pass Called without the mutex, if it matters: whether no other
  /// process waits and the path names the file. \param checks_first Whether
  /// even the first pass needs that.
  /// \returns Whether the file lock stays with this process, for its next
  /// thread; otherwise the caller releases it, and then calls released().
  template <class MayPass>
  bool passes_on(bool checks_first, MayPass may_pass) noexcept {
    if (use_.load(std::memory_order_relaxed) == use::one_writer) return false;
    std::error_code ignored; // of the clock
    return without_exceptions(ignored, [&] {
      std::unique_lock<mutex> guard(mutex_);
      ending answer = phases_.end_exclusive(now, checks_first);
      if (answer == ending::check) {
        guard.unlock();
        const bool may = may_pass();
        const std::chrono::nanoseconds time = now();
        guard.lock();
        answer = phases_.checked(may, time);
      }
      if (answer == ending::pass) wake_up(phases_.passed());
      return answer == ending::pass;
    });
  }

  void looked(bool is_awaited) {
    const std::chrono::nanoseconds time = now();
    const std::lock_guard<mutex> guard(mutex_);
    phases_.looked(is_awaited, time);
  }

  void acquired_shared(const void* thread = this_thread()) {
    const std::chrono::nanoseconds time = now();
    const std::lock_guard<mutex> guard(mutex_);
    wake_up(phases_.acquired_shared(time, thread));
  }

  void failed(lock_mode mode) noexcept {
    if (ends_use()) return;
    const std::lock_guard<mutex> guard(mutex_);
    begin_phases();
    wake_up(phases_.failed(mode));
    end_phases();
  }

  /// Says whether a thread or an operation acquires the file lock.
  void acquires_file(bool is_so) noexcept {
    acquires_file_.store(is_so, std::memory_order_relaxed);
  }

  /// \returns Whether a thread waits, on the condition variables or for the
  /// file.
  bool has_waiters() noexcept {
    if (acquires_file_.load(std::memory_order_relaxed)) return true;
    const std::lock_guard<mutex> guard(mutex_);
    return phases_.has_waiters();
  }

  void close() noexcept {
    const std::lock_guard<mutex> guard(mutex_);
    phases_.close();
  }

  bool leave() noexcept {
    const std::lock_guard<mutex> guard(mutex_);
    return phases_.leave(this_thread(), now_or_long_ago);
  }

  void released(lock_mode mode) noexcept {
    if (ends_use()) return;
    const std::lock_guard<mutex> guard(mutex_);
    begin_phases();
    wake_up(phases_.released(mode, now_or_long_ago));
    end_phases();
  }

  /// Ends a hold in its destructor. It lets other threads in, and they may
  /// destroy the mutex. So it runs after the error of the release has been
  /// given its path.
  class end_of_hold {
  public:
    end_of_hold(mutex_gate& gate, lock_mode mode) noexcept
        : gate_(gate), mode_(mode) {}
    ~end_of_hold() { gate_.released(mode_); }
    end_of_hold(const end_of_hold&) = delete;
    end_of_hold& operator=(const end_of_hold&) = delete;

  private:
    mutex_gate& gate_;
    lock_mode mode_;
  };

  /// One thread that waits. The destructor ends its wait. If a file lock is
  /// left over by that, which was kept for this thread, it calls `release()`.
  template <class Release>
  class waiter {
  public:
    waiter(mutex_gate& gate, lock_mode mode, const canceller& stop,
           Release release)
        : gate_(gate),
          mode_(mode),
          release_(release),
          on_stop_(stop, &stop_waiting, this) {}

    ~waiter() {
      std::unique_lock<mutex> guard(gate_.mutex_);
      if (!counts_) return;
      gate_.wake_up(gate_.phases_.abandon_wait(mode_));
      const bool is_left_over = gate_.phases_.takes_what_is_left();
      guard.unlock();
      if (!is_left_over) return;
      release_();
      gate_.released(lock_mode::exclusive);
    }

    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    /// Asks, and asks again after a sleep. It sleeps if the answer is to wait:
    /// until the thread is woken or stopped, for `longest` at most.
    entry::action ask(std::chrono::nanoseconds longest) {
      std::unique_lock<mutex> guard(gate_.mutex_);
      gate_.begin_phases();
      if (counts_) gate_.phases_.resumed(mode_);
      const bool can_wait = !is_stopped_ && longest > longest.zero();
      entry answer = gate_.phases_.enter(mode_, now, can_wait, this_thread());
      if (answer.what == entry::action::wait && can_wait) {
        if (!counts_) gate_.phases_.begin_wait(mode_);
        counts_ = true;
        tools::sleep(gate_.woken_by(mode_), guard,
                     (std::min)(longest, answer.length));
        gate_.phases_.resumed(mode_);
        answer = gate_.phases_.enter(mode_, now, !is_stopped_, this_thread());
      }
      const bool is_next =
          answer.what == entry::action::acquire || is_inside(answer.what);
      if (is_next && counts_) {
        gate_.phases_.end_wait(mode_);
        counts_ = false;
      }
      return answer.what;
    }

    bool is_stopped() const noexcept {
      const std::lock_guard<mutex> guard(gate_.mutex_);
      return is_stopped_;
    }

  private:
    // Called under the mutex of the cancel_source. So no code may call that
    // source under the mutex of the gate.
    static void stop_waiting(void* argument) noexcept {
      waiter& self = *static_cast<waiter*>(argument);
      const std::lock_guard<mutex> guard(self.gate_.mutex_);
      self.is_stopped_ = true;
      self.gate_.woken_by(self.mode_).notify_all();
    }

    mutex_gate& gate_;
    lock_mode mode_;
    Release release_;
    bool counts_ = false;
    bool is_stopped_ = false;
    canceller::wake_up on_stop_; // last, as its constructor may call at once
  };

private:
  template <class Gate, class Release>
  friend class gate_call;

  enum class use : unsigned char {
    none,
    one_writer, ///< it owns the lock, and no other thread has come yet
    phases      ///< as phases_ says
  };

  // Called under the mutex, before the phases are asked.
  void begin_phases() noexcept {
    if (use_.load(std::memory_order_relaxed) != use::phases &&
        use_.exchange(use::phases, std::memory_order_acquire) ==
            use::one_writer)
      phases_.begin_owning();
  }

  // Called under the mutex, after the phases were told.
  void end_phases() noexcept {
    if (phases_.is_unused()) use_.store(use::none, std::memory_order_release);
  }

  /// \returns Whether nobody came meanwhile.
  bool ends_use() noexcept {
    use one = use::one_writer;
    return use_.compare_exchange_strong(
        one, use::none, std::memory_order_release, std::memory_order_relaxed);
  }

  static std::chrono::nanoseconds now() {
    return saturated(Clock::now().time_since_epoch());
  }

  typename tools::condition_variable& woken_by(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? readers_ : writers_;
  }

  /// \returns The time; if the clock throws, one of long ago.
  static std::chrono::nanoseconds now_or_long_ago() noexcept {
    std::error_code ignored;
    return without_exceptions(ignored, now);
  }

  // Called under the mutex: after the unlock, a thread that was let in may
  // destroy the gate.
  void wake_up(wake whom) noexcept {
    if (whom == wake::one_writer) writers_.notify_one();
    if (whom == wake::one_reader) readers_.notify_one();
    if (whom == wake::all_readers) readers_.notify_all();
    calls_.wake_up(whom);
  }

  typename tools::template atomic<use> use_{use::none};
  std::atomic<bool> acquires_file_{false};
  mutex mutex_;
  typename tools::condition_variable readers_;
  typename tools::condition_variable writers_;
  waiting_calls calls_;
  mutex_phases phases_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
