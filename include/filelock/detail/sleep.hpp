// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A sleep that no signal prolongs.

#ifndef FILELOCK_DETAIL_SLEEP_HPP
#define FILELOCK_DETAIL_SLEEP_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/integer_cast.hpp>

#include <chrono>

#if FILELOCK_HAS_FORK && !defined(__APPLE__)
#define FILELOCK_HAS_CLOCK_NANOSLEEP 1
#include <cerrno>
#include <time.h>
#else
#define FILELOCK_HAS_CLOCK_NANOSLEEP 0
#include <thread>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

/// Sleeps for `length`, which is not negative and at most some years. Where the
/// system can, sleeps until a time: a sleep for a duration starts again after
/// each signal, and so drifts.
/// https://github.com/godotengine/godot/pull/42740
inline void sleep_for(std::chrono::nanoseconds length) noexcept {
#if FILELOCK_HAS_CLOCK_NANOSLEEP
  ::timespec end;
  ::clock_gettime(CLOCK_MONOTONIC, &end);
  constexpr std::chrono::nanoseconds::rep second = 1'000'000'000;
  const auto sum = end.tv_nsec + length.count() % second;
  end.tv_sec += integer_cast<::time_t>(length.count() / second + sum / second);
  end.tv_nsec = integer_cast<decltype(end.tv_nsec)>(sum % second);
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr) ==
         EINTR) {
  }
#else
  std::this_thread::sleep_for(length);
#endif
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
