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
#include <filelock/detail/asio/queue_helper.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/lock/attempts_on_file.hpp>
#include <filelock/detail/lock/counted_lock.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/platform/queue_members.hpp>
#include <filelock/detail/saturation.hpp>
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

/// How an operation waits in the kernel. On Windows as well, where there is no
/// queued<P>.
template <class File, bool = waits_in_queue_v<typename File::Platform>>
struct helper_for {
  using type = helper<File>;
};
template <class File>
struct helper_for<File, true> {
  using type = queue_helper<File>;
};

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
      if (!helper_.is_done()) return still_blocked(stop_requested);
      return follow(after(helper_.finish(file_), stop_requested),
                    stop_requested);
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

  /// The lock is held from now on. Preconditions: acquired.
  void keep() { file_.keep(); }

private:
  using clock = clock_t<Platform>;
  using time_point = typename clock::time_point;
  using attempts = attempts_on_file<Core>;
  using helper = typename helper_for<attempts>::type;

  // A helper is in no simulation: those belong to one thread.
  static constexpr waiting way =
      std::is_same_v<clock, virtual_clock>
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
    block_end_ = clock_.after_last_reading(length);
    if (helper_.start(file_, block_end_, alarm_))
      return helper::keeps_time ? unbounded : length;
    lacks_thread_ = true;
    return lesser(length, std::chrono::nanoseconds(pause_without_thread));
  }

  /// The wait in the kernel goes on until the helper rings.
  next_wait still_blocked(bool stop_requested) {
    const auto left = helper::keeps_time ? unbounded : time_left();
    if (!stop_requested && left > left.zero()) return left;
    helper_.cancel();
    return unbounded;
  }

  /// \returns How much is left of the wait in the kernel.
  std::chrono::nanoseconds time_left() const {
    return block_end_ == (time_point::max)()
               ? unbounded
               : time_between(clock::now().time_since_epoch(),
                              block_end_.time_since_epoch());
  }

  next_wait end(wait_outcome outcome) {
    outcome_ = outcome;
    return std::nullopt;
  }

  Core& core_;
  std::shared_ptr<alarm_base> alarm_;
  attempts file_;
  Deadline deadline_;
  wait_clock<clock, Deadline> clock_{deadline_};
  std::optional<acquisition<BackoffPolicy>> wait_;
  wait_outcome outcome_ = wait_outcome::failed;
  time_point block_end_{};
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
