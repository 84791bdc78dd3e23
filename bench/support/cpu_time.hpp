// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_CPU_TIME_HPP
#define FILELOCK_BENCH_SUPPORT_CPU_TIME_HPP

#include "throw_errno.hpp"

#include <time.h>

#include <chrono>

namespace bench {

/// \returns What all threads of this process have used, also those that have
/// ended.
inline std::chrono::nanoseconds cpu_time() {
  struct ::timespec time {};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0)
    throw_errno("clock_gettime");
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace bench

#endif
