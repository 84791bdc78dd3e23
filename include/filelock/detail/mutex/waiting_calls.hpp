// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The asynchronous operations that wait for a file_mutex: they have no thread
/// that could sleep, so they are called.

#ifndef FILELOCK_DETAIL_MUTEX_WAITING_CALLS_HPP
#define FILELOCK_DETAIL_MUTEX_WAITING_CALLS_HPP

#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/lock_request.hpp>

namespace filelock {
inline namespace v1 {
namespace detail {

/// One operation that waits. Both ends of its list point to it, so it stays
/// where it is.
class waiting_call {
public:
  /// \param ring is called as `ring(argument)`, under the mutex of the gate, to
  /// say that the operation should ask again. It must be short.
  waiting_call(lock_mode mode, void (*ring)(void*) noexcept,
               void* argument) noexcept
      : mode_(mode), ring_(ring), argument_(argument) {}
  waiting_call(const waiting_call&) = delete;
  waiting_call& operator=(const waiting_call&) = delete;

  lock_mode mode() const noexcept { return mode_; }

private:
  friend class waiting_calls;

  lock_mode mode_;
  void (*ring_)(void*) noexcept;
  void* argument_;
  waiting_call* previous_ = nullptr;
  waiting_call* next_ = nullptr;
};

/// The operations that wait, in the order of their arrival.
class waiting_calls {
public:
  void add(waiting_call& call) noexcept {
    list& calls = of(call.mode());
    call.previous_ = calls.last;
    (call.previous_ ? call.previous_->next_ : calls.first) = &call;
    calls.last = &call;
  }

  void remove(waiting_call& call) noexcept {
    list& calls = of(call.mode());
    (call.previous_ ? call.previous_->next_ : calls.first) = call.next_;
    (call.next_ ? call.next_->previous_ : calls.last) = call.previous_;
    call.previous_ = nullptr;
    call.next_ = nullptr;
  }

  /// Calls those that are to be woken. The first of them is called although a
  /// thread may be woken too: either may come too late.
  void wake_up(wake whom) const noexcept {
    if (whom == wake::one_writer) ring_first(writers_);
    if (whom == wake::one_reader) ring_first(readers_);
    if (whom == wake::all_readers)
      for (waiting_call* each = readers_.first; each; each = each->next_)
        each->ring_(each->argument_);
  }

private:
  struct list {
    waiting_call* first = nullptr;
    waiting_call* last = nullptr;
  };

  static void ring_first(const list& calls) noexcept {
    if (calls.first) calls.first->ring_(calls.first->argument_);
  }

  list& of(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? readers_ : writers_;
  }

  list readers_;
  list writers_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
