// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The asynchronous operation: one chain of handlers, each the end of a wait on
/// its alarm.

#ifndef FILELOCK_DETAIL_ASIO_OPERATION_HPP
#define FILELOCK_DETAIL_ASIO_OPERATION_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/detail/asio/alarm.hpp>
#include <filelock/detail/asio/file_wait.hpp>
#include <filelock/detail/asio/library.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/no_throw.hpp>
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

/// What an operation has while it is under way. `Wait` acquires a lock, and
/// gives up what it has acquired unless keep() was called.
template <class Wait, class Lock, class Deadline, class Executor>
class operation_state {
public:
  using alarm_type = alarm<typename Lock::clock, Executor>;

  operation_state(Lock& lock, lock_mode mode, const Deadline& deadline,
                  const Executor& executor)
      // Not by the allocator of the handler, which it may outlive by a moment.
      : alarm_(std::make_shared<alarm_type>(executor)),
        wait_(lock, mode, deadline, failed_, alarm_) {}
  ~operation_state() { alarm_->end(); }
  operation_state(const operation_state&) = delete;
  operation_state& operator=(const operation_state&) = delete;

  const std::shared_ptr<alarm_type>& clock() const noexcept { return alarm_; }

  /// \returns How long to wait; nothing if the operation has ended.
  next_wait start() noexcept {
    return guarded([this] { return wait_.start(); });
  }
  next_wait resume(bool stop_requested) noexcept {
    alarm_->reset();
    return guarded([&] { return wait_.resume(stop_requested); });
  }

  bool has_ended() const noexcept { return has_ended_; }

  /// If the lock was acquired, it is held from now on. Preconditions:
  /// has_ended().
  /// \returns How it ended.
  wait_outcome deliver() noexcept {
    if (failed_) return wait_outcome::failed;
    if (wait_.outcome() == wait_outcome::acquired)
      without_exceptions(failed_.code(), [this] { wait_.keep(); });
    return failed_ ? wait_outcome::failed : wait_.outcome();
  }

  const std::error_code& error() const noexcept { return failed_.code(); }

private:
  template <class Function>
  next_wait guarded(Function function) noexcept {
    const next_wait next = without_exceptions(failed_.code(), function);
    has_ended_ = !next;
    return next;
  }

  failure failed_;
  std::shared_ptr<alarm_type> alarm_;
  Wait wait_;
  bool has_ended_ = false;
};

/// The intermediate handler of an operation: it ends each of its waits, and
/// then calls `Handler`. Not Asio's async_compose, which would destroy the
/// handler before the state: the handler may own the lock.
/// \tparam IsTimed Whether it completes with `(error, bool)`, so that a wait
/// whose time is over is no error.
template <bool IsTimed, class State, class Executor, class Handler>
class lock_operation {
public:
  using executor_type = net::associated_executor_t<Handler, Executor>;
  using allocator_type = net::associated_allocator_t<Handler>;
  using cancellation_slot_type = net::cancellation_slot;

  lock_operation(Handler&& handler, const Executor& executor)
      : cancellation_(net::get_associated_cancellation_slot(handler),
                      net::enable_total_cancellation()),
        work_(executor),
        handler_(std::move(handler)) {}

  executor_type get_executor() const noexcept {
    return net::get_associated_executor(handler_, work_.get_executor());
  }
  allocator_type get_allocator() const noexcept {
    return net::get_associated_allocator(handler_);
  }
  cancellation_slot_type get_cancellation_slot() const noexcept {
    return cancellation_.slot();
  }
  const Handler& handler() const noexcept { return handler_; }

  template <class... Arguments>
  void start(Arguments&&... arguments) {
    state_ = std::allocate_shared<State>(get_allocator(), arguments...);
    if (const next_wait next = state_->start())
      wait(*next);
    else // never a handler inside the call that begins the operation
      post();
  }

  void operator()(const net_error& = {}) {
    cancellation_.slot().clear();
    if (!state_->has_ended()) {
      const bool stop_requested =
          cancellation_.cancelled() != net::cancellation_type::none;
      if (const next_wait next = state_->resume(stop_requested))
        return wait(*next);
    }
    complete();
  }

private:
  void wait(std::chrono::nanoseconds length) {
    const auto alarm = state_->clock(); // the handler may end the operation
    alarm->wait(length, std::move(*this));
  }

  // By way of the executor of the operation, as Asio's own operations end. If
  // the executor of the handler ran it before the context does, the work might
  // be over too early: a context that has no work left is stopped for good.
  void post() {
    const Executor executor = work_.get_executor(); // this is about to move
    net::post(executor, std::move(*this));
  }

  void complete() {
    const wait_outcome outcome = state_->deliver();
    const std::error_code failed = state_->error();
    state_.reset(); // the handler may destroy the lock
    net_error ec;
    if (outcome == wait_outcome::failed)
      ec = to_net_error(failed);
    else if (outcome == wait_outcome::stopped)
      ec = net::error::operation_aborted;
    else if (!IsTimed && outcome != wait_outcome::acquired)
      ec = to_net_error(std::make_error_code(std::errc::timed_out));
    work_.reset();
    if constexpr (IsTimed)
      std::move(handler_)(ec, outcome == wait_outcome::acquired);
    else
      std::move(handler_)(ec);
  }

  net::cancellation_state cancellation_;
  net::executor_work_guard<Executor> work_;
  Handler handler_;
  std::shared_ptr<State> state_; // last, so that it ends before the handler
};

/// Begins an operation, once the completion token has made a handler.
template <bool IsTimed, class Wait, class Lock, class Deadline, class Executor>
class lock_initiation {
public:
  using executor_type = Executor;

  lock_initiation(Lock& lock, lock_mode mode, const Deadline& deadline,
                  const Executor& executor)
      : lock_(&lock), mode_(mode), deadline_(deadline), executor_(executor) {}

  executor_type get_executor() const noexcept { return executor_; }

  template <class Handler>
  void operator()(Handler&& handler) const {
    using state = operation_state<Wait, Lock, Deadline, Executor>;
    std::decay_t<Handler> own(std::forward<Handler>(handler));
    lock_operation<IsTimed, state, Executor, std::decay_t<Handler>> operation(
        std::move(own), executor_);
    operation.start(*lock_, mode_, deadline_, executor_);
  }

private:
  Lock* lock_;
  lock_mode mode_;
  Deadline deadline_;
  Executor executor_;
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

/// Asio's customisation of an intermediate handler: what is associated with the
/// handler is associated with the operation too.
template <template <class, class> class Associator, bool IsTimed, class State,
          class Executor, class Handler, class Default>
struct FILELOCK_ASIO_NAMESPACE::associator<
    Associator,
    filelock::detail::lock_operation<IsTimed, State, Executor, Handler>,
    Default> : Associator<Handler, Default> {
private:
  using operation =
      filelock::detail::lock_operation<IsTimed, State, Executor, Handler>;

public:
  static decltype(auto) get(const operation& each) noexcept {
    return Associator<Handler, Default>::get(each.handler());
  }
  static decltype(auto) get(const operation& each,
                            const Default& other) noexcept {
    return Associator<Handler, Default>::get(each.handler(), other);
  }
};

#endif
