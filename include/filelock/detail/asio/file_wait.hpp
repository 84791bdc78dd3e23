// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Drives an acquisition for an event loop: does everything that is due, and
/// says for how long to wait.

#ifndef FILELOCK_DETAIL_ASIO_FILE_WAIT_HPP
#define FILELOCK_DETAIL_ASIO_FILE_WAIT_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/asio/access.hpp>
#include <filelock/detail/asio/alarm.hpp>
#include <filelock/detail/asio/helper.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/counted_lock.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/virtual_clock.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// How long an operation waits; nothing once it has ended.
using next_wait = std::optional<std::chrono::nanoseconds>;

/// One acquire of the file of `Core`. Unless keep() is called, the destructor
/// ends the wait, and leaves the core as it was.
template <class Core, class BackoffPolicy, class Deadline>
class file_wait {
public:
  using Platform = typename Core::platform_type;

  file_wait(Core& core, lock_mode mode, const Deadline& deadline,
            failure& failed, std::shared_ptr<alarm_base> alarm)
      : core_(core),
        alarm_(std::move(alarm)),
        file_(core, mode, failed),
        deadline_(deadline) {}

  /// \throws What the policy throws, as resume() does. The wait has ended then.
  next_wait start() {
    const attempt_result first = file_.attempt();
    if (first == attempt_result::acquired) return end(wait_outcome::acquired);
    if (first == attempt_result::failed) return end(wait_outcome::failed);
    wait_.emplace(*core_.backoff_policy(), way, Deadline::longest_slice,
                  &file_);
    wait_->start();
    return follow(after(first, false), false);
  }

  /// The wait is over: by the time, the end of the helper, or a cancel.
  next_wait resume(bool stop_requested) {
    if (helper_.is_running()) {
      if (!helper_.is_done()) {
        if (stop_requested) helper_.cancel();
        return unbounded;
      }
      helper_.join();
      return follow(after(result_, stop_requested), stop_requested);
    }
    if (lacks_thread_) {
      lacks_thread_ = false;
      return follow(
          after(stop_requested ? attempt_result::busy : file_.attempt(),
                stop_requested),
          stop_requested);
    }
    return follow(wait_->paused(clock_.read(), stop_requested), stop_requested);
  }

  wait_outcome outcome() const noexcept { return outcome_; }

  /// Preconditions: acquired. Effects: the lock is held from now on.
  void keep() { file_.keep(); }

private:
  // A helper is in no simulation: those belong to one thread.
  static constexpr waiting way =
      std::is_same_v<clock_t<Platform>, virtual_clock>
          ? waiting::by_polling
          : way_to_wait<Platform, BackoffPolicy>(true, true);

  // How often to attempt if the system has no more threads.
  static constexpr std::chrono::milliseconds pause_without_thread{10};

  step after(attempt_result result, bool stop_requested) {
    return wait_->after(
        result, [this] { return clock_.read(); }, stop_requested);
  }

  next_wait follow(step next, bool stop_requested) {
    while (next.what == step::action::attempt_now)
      next = after(file_.attempt(), stop_requested);
    if (next.what == step::action::pause) return next.length;
    if (next.what == step::action::block) return block(next.length);
    return end(next.outcome == wait_outcome::timed_out ? file_.timed_out()
                                                       : next.outcome);
  }

  next_wait block(std::chrono::nanoseconds length) {
    const auto end = clock_.after_last_reading(length);
    const bool is_started = helper_.start(
        [this, end](canceller& stop) noexcept {
          result_ = file_.block(end, stop);
        },
        [alarm = alarm_]() noexcept { alarm->ring(); });
    if (is_started) return unbounded;
    lacks_thread_ = true;
    return lesser(length, std::chrono::nanoseconds(pause_without_thread));
  }

  next_wait end(wait_outcome outcome) {
    outcome_ = outcome;
    return std::nullopt;
  }

  Core& core_;
  std::shared_ptr<alarm_base> alarm_;
  attempts_on_file<Core> file_;
  Deadline deadline_;
  wait_clock<clock_t<Platform>, Deadline> clock_{deadline_};
  std::optional<acquisition<BackoffPolicy>> wait_;
  attempt_result result_ = attempt_result::busy; // of the helper
  wait_outcome outcome_ = wait_outcome::failed;
  bool lacks_thread_ = false;
  helper helper_; // last, so that it ends before what it uses
};

/// The acquire of a basic_file_lock, which it reserves. A mutex has its own.
template <class Lock, class Deadline>
class lock_wait {
public:
  lock_wait(Lock& lock, lock_mode mode, const Deadline& deadline,
            failure& failed, std::shared_ptr<alarm_base> alarm)
      : lock_(asynchronous_access::counted(lock)) {
    if (lock_.reserve(failed))
      file_.emplace(lock_, mode, deadline, failed, std::move(alarm));
  }
  ~lock_wait() {
    if (!file_) return;
    file_.reset(); // leaves the lock as it was
    if (!is_kept_) lock_.end_reservation(false);
  }
  lock_wait(const lock_wait&) = delete;
  lock_wait& operator=(const lock_wait&) = delete;

  next_wait start() { return file_ ? file_->start() : std::nullopt; }
  next_wait resume(bool stop_requested) {
    return file_->resume(stop_requested);
  }
  wait_outcome outcome() const noexcept {
    return file_ ? file_->outcome() : wait_outcome::failed;
  }
  void keep() {
    file_->keep();
    lock_.end_reservation(true);
    is_kept_ = true;
  }

private:
  using core = counted_lock<typename Lock::platform_type,
                            typename Lock::backoff_policy_type>;

  core& lock_;
  std::optional<file_wait<typename core::core,
                          typename Lock::backoff_policy_type, Deadline>>
      file_;
  bool is_kept_ = false;
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
