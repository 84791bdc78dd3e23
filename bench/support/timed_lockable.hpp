// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_TIMED_LOCKABLE_HPP
#define FILELOCK_BENCH_SUPPORT_TIMED_LOCKABLE_HPP

#include "lock_under_test.hpp"
#include "wait_form.hpp"

#include <chrono>
#include <utility>

namespace bench {

/// A lock of this library.
template <class Lock>
class timed_lockable final : public lock_under_test {
public:
  timed_lockable(Lock lock, wait_form form)
      : lock_(std::move(lock)), form_(form) {
    lock_.open();
  }

  bool acquire(std::chrono::steady_clock::time_point deadline) override {
    if (form_ == wait_form::timed) return lock_.try_lock_until(deadline);
    lock_.lock();
    return true;
  }
  void release() override { lock_.unlock(); }

private:
  Lock lock_;
  wait_form form_;
};

} // namespace bench

#endif
