// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The wait of an asynchronous operation for the threads and operations of its
/// process, before it waits for the file.

#ifndef FILELOCK_DETAIL_MUTEX_GATE_CALL_HPP
#define FILELOCK_DETAIL_MUTEX_GATE_CALL_HPP

#include <filelock/detail/mutex/mutex_gate.hpp>
#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/detail/mutex/readers_inside.hpp>
#include <filelock/detail/mutex/waiting_calls.hpp>
#include <filelock/lock_request.hpp>

#include <mutex>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A waiter as mutex_gate::waiter, without a thread. The destructor ends the
/// wait. If a file lock is left over by that, which was kept for this
/// operation, it calls `release()`.
template <class Gate, class Release>
class gate_call {
public:
  /// \param ring is called as `ring(argument)` when this should ask again.
  gate_call(Gate& gate, lock_mode mode, void (*ring)(void*) noexcept,
            void* argument, Release release) noexcept
      : gate_(gate), release_(release), call_(mode, ring, argument) {}

  ~gate_call() {
    std::unique_lock<typename Gate::mutex> guard(gate_.mutex_);
    if (!counts_) return;
    gate_.calls_.remove(call_);
    gate_.wake_up(gate_.phases_.abandon_wait(call_.mode()));
    const bool is_left_over = gate_.phases_.takes_what_is_left();
    guard.unlock();
    if (!is_left_over) return;
    release_();
    gate_.released(lock_mode::exclusive);
  }

  gate_call(const gate_call&) = delete;
  gate_call& operator=(const gate_call&) = delete;

  /// Asks. If the answer is to wait, and the operation can, it is called when
  /// it should ask again; at the latest it asks after the length of the answer.
  entry ask(bool can_wait) {
    const lock_mode mode = call_.mode();
    const std::lock_guard<typename Gate::mutex> guard(gate_.mutex_);
    gate_.begin_phases();
    if (counts_) gate_.phases_.resumed(mode);
    const entry answer =
        gate_.phases_.enter(mode, &Gate::now, can_wait, no_thread);
    const bool waits = answer.what == entry::action::wait && can_wait;
    const bool is_next =
        answer.what == entry::action::acquire || is_inside(answer.what);
    if (waits && !counts_) {
      gate_.phases_.begin_wait(mode);
      gate_.calls_.add(call_);
      counts_ = true;
    } else if (is_next && counts_) {
      gate_.phases_.end_wait(mode);
      gate_.calls_.remove(call_);
      counts_ = false;
    }
    return answer;
  }

private:
  Gate& gate_;
  Release release_;
  bool counts_ = false;
  waiting_call call_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
