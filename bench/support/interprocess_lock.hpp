// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_INTERPROCESS_LOCK_HPP
#define FILELOCK_BENCH_SUPPORT_INTERPROCESS_LOCK_HPP

#include "lock_file_descriptor.hpp"
#include "lock_under_test.hpp"
#include "wait_form.hpp"

#include <chrono>
#include <filesystem>

namespace bench {

/// boost::interprocess::file_lock, or what has its interface.
template <class Lock>
class interprocess_lock final : public lock_under_test {
public:
  interprocess_lock(const std::filesystem::path& path, wait_form form)
      : form_(form) {
    const lock_file_descriptor created(path); // the class does not create it
    Lock(path.c_str()).swap(lock_);
  }

  bool acquire(std::chrono::steady_clock::time_point deadline) override {
    if (form_ == wait_form::timed) return lock_.timed_lock(deadline);
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
