// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The acquire of a file_mutex by an asynchronous operation: it waits for the
/// threads and operations of the process, then for the file.

#ifndef FILELOCK_DETAIL_ASIO_MUTEX_WAIT_HPP
#define FILELOCK_DETAIL_ASIO_MUTEX_WAIT_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/detail/asio/access.hpp>
#include <filelock/detail/asio/alarm.hpp>
#include <filelock/detail/asio/file_wait.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/mutex/gate_call.hpp>
#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/detail/mutex/mutex_turn.hpp>
#include <filelock/detail/mutex/readers_inside.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// Gives the mutex up again, unless keep() is called. The destructor leaves the
/// mutex as if the operation had never come.
template <class Mutex, class Deadline>
class mutex_wait {
public:
  mutex_wait(Mutex& mutex, lock_mode mode, const Deadline& deadline,
             failure& failed, std::shared_ptr<alarm_base> alarm)
      : mutex_(mutex),
        gate_(access::gate_of(mutex)),
        mode_(mode),
        deadline_(deadline),
        failed_(failed),
        alarm_(std::move(alarm)) {}

  ~mutex_wait() {
    if (!is_inside_) return;
    if (mode_ == lock_mode::shared)
      mutex_.unlock_shared();
    else
      mutex_.unlock();
  }

  mutex_wait(const mutex_wait&) = delete;
  mutex_wait& operator=(const mutex_wait&) = delete;

  next_wait start() {
    const action first = access::ask_and_look(
        mutex_, [&] { return gate_.enter(mode_, true, no_thread); });
    if (first == action::wait)
      call_.emplace(gate_, mode_, &alarm_base::ring_alarm, alarm_.get(),
                    release{&mutex_});
    return first == action::wait ? ask(false) : follow(first);
  }

  next_wait resume(bool stop_requested) {
    return file_ ? end_with(file_->resume(stop_requested))
                 : ask(stop_requested);
  }

  wait_outcome outcome() const noexcept { return outcome_; }

  void keep() {
    if (file_) {
      file_->keep();
      turn_->keep(no_thread);
    }
    is_inside_ = false;
  }

private:
  using access = asynchronous_access;
  using action = entry::action;
  using gate = std::remove_reference_t<decltype(access::gate_of(
      std::declval<Mutex&>()))>;
  using core = std::remove_reference_t<decltype(access::core_of(
      std::declval<Mutex&>()))>;

  struct release {
    Mutex* mutex;
    void operator()() const noexcept {
      std::error_code ignored;
      release_held(access::core_of(*mutex), ignored);
    }
  };

  next_wait ask(bool stop_requested) {
    const wait_time now = clock_.read();
    const bool is_over = now.remaining <= now.remaining.zero();
    std::chrono::nanoseconds longest{};
    const action answer = access::ask_and_look(mutex_, [&] {
      const entry each = call_->ask(!stop_requested && !is_over);
      longest = each.length;
      return each.what;
    });
    if (answer != action::wait) return follow(answer);
    if (stop_requested || is_over) {
      call_.reset();
      outcome_ = is_over ? wait_outcome::timed_out : wait_outcome::stopped;
      return std::nullopt;
    }
    return lesser(lesser(now.remaining, longest), Deadline::longest_slice);
  }

  next_wait follow(action answer) {
    call_.reset();
    if (is_inside(answer)) {
      is_inside_ = true;
      outcome_ = wait_outcome::acquired;
      return std::nullopt;
    }
    turn_.emplace(access::core_of(mutex_), gate_, mode_);
    file_.emplace(access::core_of(mutex_), mode_,
                  rest_of(deadline_, clock_.read().elapsed), failed_, alarm_);
    return end_with(file_->start());
  }

  next_wait end_with(next_wait next) {
    if (!next) outcome_ = file_->outcome();
    return next;
  }

  Mutex& mutex_;
  gate& gate_;
  lock_mode mode_;
  Deadline deadline_;
  failure& failed_;
  std::shared_ptr<alarm_base> alarm_;
  wait_clock<typename Mutex::clock, Deadline> clock_{deadline_};
  std::optional<gate_call<gate, release>> call_;
  // In this order: the turn ends after the wait for the file.
  std::optional<mutex_turn<core, gate>> turn_;
  std::optional<file_wait<core, typename Mutex::backoff_policy_type, Deadline>>
      file_;
  wait_outcome outcome_ = wait_outcome::failed;
  bool is_inside_ = false; // by a hold of this process
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
