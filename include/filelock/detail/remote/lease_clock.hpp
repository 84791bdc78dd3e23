// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The clock that decides when a lease has ended.

#ifndef FILELOCK_DETAIL_REMOTE_LEASE_CLOCK_HPP
#define FILELOCK_DETAIL_REMOTE_LEASE_CLOCK_HPP

#include <time.h>

#include <chrono>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A clock that nobody sets. It goes on while the machine sleeps, because the
/// lease does: CLOCK_BOOTTIME on Linux, clock_gettime(2). On macOS
/// CLOCK_MONOTONIC does the same.
struct lease_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<lease_clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
#if defined(CLOCK_BOOTTIME)
    constexpr ::clockid_t clock = CLOCK_BOOTTIME;
#else
    constexpr ::clockid_t clock = CLOCK_MONOTONIC;
#endif
    ::timespec read{};
    ::clock_gettime(clock, &read);
    return time_point(std::chrono::seconds(read.tv_sec) +
                      std::chrono::nanoseconds(read.tv_nsec));
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
