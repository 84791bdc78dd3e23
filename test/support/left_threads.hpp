// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Whether threads are left, for tests with and without exceptions. Linux.

#ifndef FILELOCK_TEST_SUPPORT_LEFT_THREADS_HPP
#define FILELOCK_TEST_SUPPORT_LEFT_THREADS_HPP

#include <filelock/detail/config.hpp>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <thread>

namespace test {

inline int count_threads() {
  int count = 0;
  std::error_code ec;
  for (std::filesystem::directory_iterator each("/proc/self/task", ec), end;
       !ec && each != end; each.increment(ec))
    ++count;
  return count;
}

/// Waits until only the main thread is left, and ThreadSanitizer's: the system
/// may still show a thread that has been joined. \returns Whether that was
/// seen.
inline bool no_thread_is_left() {
  std::thread([] {}).join(); // with the first comes ThreadSanitizer's
  constexpr int expected = FILELOCK_THREAD_SANITIZER ? 2 : 1;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    if (count_threads() == expected) return true;
    std::this_thread::yield();
  }
  return false;
}

} // namespace test

#endif
