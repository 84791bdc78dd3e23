// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_SETTLED_FILE_HPP
#define FILELOCK_TEST_SUPPORT_SETTLED_FILE_HPP

#include <sys/stat.h>
#include <time.h>

#include <chrono>
#include <cstdint>
#include <thread>

namespace test {

/// Waits until the ctime of a file is old enough to be remembered.
inline void let_settle(int handle) {
  struct ::stat file = {};
  struct ::timespec now = {};
  const auto nanoseconds = [](const struct ::timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  do {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ::fstat(handle, &file);
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  } while (nanoseconds(now) - nanoseconds(file.st_ctim) <= 30'000'000);
}

} // namespace test

#endif
