// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Readers of a mutex that hand it on among themselves: each holds it until
// another has joined, so that it is never free unless it lets no more of them
// join.

#ifndef FILELOCK_TEST_SUPPORT_OVERLAPPING_READERS_HPP
#define FILELOCK_TEST_SUPPORT_OVERLAPPING_READERS_HPP

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace test {

template <class Mutex>
class overlapping_readers {
public:
  /// Effects: starts them, and waits until the first of them holds the mutex.
  explicit overlapping_readers(Mutex& mutex) : mutex_(mutex) {
    for (int i = 0; i != 3; ++i)
      threads_.emplace_back([this] { read(); });
    while (holds_ == 0)
      std::this_thread::yield();
  }

  ~overlapping_readers() {
    ends_ = true;
    for (std::thread& each : threads_)
      each.join();
  }

  overlapping_readers(const overlapping_readers&) = delete;
  overlapping_readers& operator=(const overlapping_readers&) = delete;

private:
  void read() {
    while (!ends_) {
      mutex_.lock_shared();
      const unsigned mine = ++holds_;
      // Where none joins, for a time only: they may not be let in.
      const auto end =
          std::chrono::steady_clock::now() + std::chrono::milliseconds(40);
      while (holds_ == mine && !ends_ && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
      mutex_.unlock_shared();
    }
  }

  Mutex& mutex_;
  std::atomic<unsigned> holds_{0};
  std::atomic<bool> ends_{false};
  std::vector<std::thread> threads_;
};

} // namespace test

#endif
