// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_TIMED_LOCKABLE_HPP
#define FILELOCK_BENCH_SUPPORT_TIMED_LOCKABLE_HPP

#include "lock_under_test.hpp"
#include "wait_form.hpp"

#include <chrono>

namespace bench {

/// A lock of this library.
template <class Lock>
class timed_lockable final : public lock_under_test {
public:
  /// The lock need not be movable.
  template <class... Arguments>
  explicit timed_lockable(wait_form form, const Arguments&... of_lock)
      : lock_(of_lock...), form_(form) {
    open(lock_, 0);
  }

  bool acquire(std::chrono::steady_clock::time_point deadline) override {
    if (form_ == wait_form::timed) return lock_.try_lock_until(deadline);
    lock_.lock();
    return true;
  }
  void release() override { lock_.unlock(); }

private:
  // A file_mutex opens at its first acquire, and stays open after it.
  template <class Openable>
  static auto open(Openable& lock, int) -> decltype(lock.open()) {
    lock.open();
  }
  static void open(const Lock&, long) {}

  Lock lock_;
  wait_form form_;
};

} // namespace bench

#endif
