// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What an asynchronous operation waits for: a timer that any thread may end
/// early.

#ifndef FILELOCK_DETAIL_ASIO_ALARM_HPP
#define FILELOCK_DETAIL_ASIO_ALARM_HPP

#include <filelock/detail/asio/library.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/saturation.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// The part of an alarm that does not depend on its types.
class alarm_base {
public:
  alarm_base() = default;
  alarm_base(const alarm_base&) = delete;
  alarm_base& operator=(const alarm_base&) = delete;

  /// Ends the wait that is under way, or the next one. Any thread may call it.
  /// Allocates nothing.
  virtual void ring() noexcept = 0;

  /// Rings an alarm that is given as an alarm_base*.
  static void ring_alarm(void* alarm) noexcept {
    static_cast<alarm_base*>(alarm)->ring();
  }

protected:
  ~alarm_base() = default;

private:
  friend class alarm_service;

  /// From now on ring() does nothing. The mutex is locked.
  virtual void close() noexcept = 0;

  alarm_base* previous_ = nullptr;
  alarm_base* next_ = nullptr;
};

/// The mutex of all alarms of a context. It is locked while the process forks,
/// so that no thread rings then: the child does not have that thread, and would
/// find Asio's own mutexes locked for ever. The thread that forks may go on to
/// ring, as it may release a file_mutex.
class alarm_mutex {
public:
  void lock() {
    if (!is_forking_here()) mutex_.lock();
  }
  void unlock() noexcept {
    if (!is_forking_here()) mutex_.unlock();
  }

  void begin_fork() {
    mutex_.lock();
    forking_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  }
  /// In the parent and in the child.
  void end_fork() noexcept {
    if (!is_forking_here()) return;
    forking_.store(std::thread::id(), std::memory_order_relaxed);
    mutex_.unlock();
  }

private:
  bool is_forking_here() const noexcept {
    return forking_.load(std::memory_order_relaxed) ==
           std::this_thread::get_id();
  }

  std::mutex mutex_;
  std::atomic<std::thread::id> forking_{};
};

/// Closes the alarms of a context before it is destroyed: another thread, which
/// unlocks a file_mutex or waits in the kernel, may ring meanwhile. Asio shuts
/// down its services in the reverse order of their making, so this one comes
/// before those that the timers use.
class alarm_service final : public net::execution_context::service {
public:
  using key_type = alarm_service;
  static inline net::execution_context::id id{};

  explicit alarm_service(net::execution_context& context)
      : net::execution_context::service(context) {}

  void add(alarm_base& alarm) noexcept {
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    alarm.next_ = first_;
    if (first_) first_->previous_ = &alarm;
    first_ = &alarm;
  }

  void remove(alarm_base& alarm) noexcept {
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    (alarm.previous_ ? alarm.previous_->next_ : first_) = alarm.next_;
    if (alarm.next_) alarm.next_->previous_ = alarm.previous_;
  }

  /// \returns The mutex, which an alarm may need for longer than the context
  /// lives.
  const std::shared_ptr<alarm_mutex>& mutex() const noexcept { return mutex_; }

private:
  void shutdown() override {
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    for (alarm_base* each = first_; each; each = each->next_)
      each->close();
  }

  void notify_fork(net::execution_context::fork_event event) override {
    if (event == net::execution_context::fork_prepare)
      return mutex_->begin_fork();
    // Who was about to ring is not in the child. An operation that is woken
    // for nothing waits on.
    if (event == net::execution_context::fork_child)
      for (alarm_base* each = first_; each; each = each->next_)
        each->ring();
    mutex_->end_fork();
  }

  std::shared_ptr<alarm_mutex> mutex_ = std::make_shared<alarm_mutex>();
  alarm_base* first_ = nullptr;
};

/// A timer on `Clock`. It is shared by its operation, which alone waits, and by
/// those who ring. The operation calls end(), for a ringing thread may have the
/// alarm for longer than the context lives.
template <class Clock, class Executor>
class alarm final : public alarm_base {
public:
  // The timer first: see alarm_service.
  explicit alarm(const Executor& executor)
      : timer_(std::in_place, executor),
        service_(net::use_service<alarm_service>(context_of(executor))),
        mutex_(service_.mutex()) {
    service_.add(*this);
  }
  ~alarm() = default;

  /// Calls `handler(error)` after `length`, or when the alarm rings. The caller
  /// shares the alarm: the handler may end it before this returns.
  template <class Handler>
  void wait(std::chrono::nanoseconds length, Handler&& handler) {
    const typename Clock::time_point end = saturated_sum(Clock::now(), length);
    std::uint64_t wait = 0;
    {
      const std::lock_guard<alarm_mutex> guard(*mutex_);
      wait = ++waits_;
      is_started_ = false;
      timer_->expires_at(is_rung_ ? (Clock::time_point::min)() : end);
    }
    // Not under the mutex: if this throws, it destroys the handler, and with it
    // the operation, which takes the mutex of a file_mutex.
    timer_->async_wait(std::forward<Handler>(handler));
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    if (wait != waits_ || !timer_) return; // the handler was faster
    is_started_ = true;
    if (is_rung_) cancel();
  }

  void ring() noexcept override {
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    is_rung_ = true;
    if (is_started_) cancel();
  }

  /// Lets the next wait last until it rings again. The caller then looks at
  /// what it has waited for.
  void reset() noexcept {
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    is_rung_ = false;
  }

  /// Destroys the timer.
  void end() noexcept {
    service_.remove(*this);
    const std::lock_guard<alarm_mutex> guard(*mutex_);
    timer_.reset();
  }

private:
  using timer =
      net::basic_waitable_timer<Clock, net::wait_traits<Clock>, Executor>;

  void close() noexcept override { is_closed_ = true; }

  void cancel() noexcept {
    std::error_code ignored; // Asio's timers report none
    if (timer_ && !is_closed_)
      without_exceptions(ignored, [this] { timer_->cancel(); });
  }

  std::optional<timer> timer_;
  alarm_service& service_;
  std::shared_ptr<alarm_mutex> mutex_;
  std::uint64_t waits_ = 0;
  bool is_started_ = false; // the last wait, so that it can be cancelled
  bool is_rung_ = false;
  bool is_closed_ = false;
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
