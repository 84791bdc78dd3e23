// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The gate of a file_mutex whose threads are explored owners: what they do
/// there are steps too.

#ifndef FILELOCK_DETAIL_EXPLORED_GATE_HPP
#define FILELOCK_DETAIL_EXPLORED_GATE_HPP

#include <filelock/detail/explored/call.hpp>
#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/explored/run.hpp>
#include <filelock/detail/mutex/gate_tools.hpp>
#include <filelock/detail/saturation.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <system_error>

namespace filelock {
inline namespace v1 {

struct explored_clock;

namespace detail {

/// A mutex of explored owners. Other owners may go on before it is locked, but
/// not while it is: nothing is seen of what they could do then.
class explored_mutex {
public:
  void lock() {
    const explored_call call("lock of the gate");
    call.begin();
    call.touch_memory();
    call.forbid_steps(true);
  }
  void unlock() { explored_call("unlock of the gate").forbid_steps(false); }
};

/// A condition variable of explored owners. An owner that is woken need not be
/// the next one that goes on.
class explored_condition {
public:
  void notify_one() noexcept {
    if (waiters_.empty()) return;
    waiters_.front()->is_woken = true;
    waiters_.pop_front();
  }
  void notify_all() noexcept {
    while (!waiters_.empty())
      notify_one();
  }

  void sleep(std::unique_lock<explored_mutex>& guard,
             std::chrono::nanoseconds length) {
    const explored_call call("sleep at the gate");
    waiter me;
    waiters_.push_back(&me);
    guard.unlock();
    const bool is_alive = call.pause([&me] { return me.is_woken; },
                                     length == unbounded ? nullptr : &length);
    waiters_.remove(&me);
    // A wait without end is left by an exception only.
    if (!is_alive)
      throw std::system_error(std::make_error_code(std::errc::owner_dead));
    guard.lock();
  }

private:
  struct waiter {
    bool is_woken = false;
  };
  std::list<waiter*> waiters_;
};

template <class T>
class explored_atomic {
public:
  constexpr explored_atomic(T value) noexcept : value_(value) {}

  T load(std::memory_order) const {
    step();
    return value_;
  }
  void store(T value, std::memory_order) {
    step();
    value_ = value;
  }
  T exchange(T value, std::memory_order) {
    step();
    std::swap(value, value_);
    return value;
  }
  bool compare_exchange_strong(T& expected, T value, std::memory_order,
                               std::memory_order) {
    step();
    if (value_ != expected) {
      expected = value_;
      return false;
    }
    value_ = value;
    return true;
  }

private:
  static void step() {
    const explored_call call("use of the gate");
    call.begin();
    call.touch_memory();
  }

  T value_;
};

template <>
struct gate_tools<explored_clock> {
  using mutex = explored_mutex;
  using condition_variable = explored_condition;
  template <class T>
  using atomic = explored_atomic<T>;
  static constexpr bool sleeps_by_clock = true;

  static void sleep(condition_variable& changed, std::unique_lock<mutex>& guard,
                    std::chrono::nanoseconds length) {
    changed.sleep(guard, length);
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
