// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// virtual_clock: the clock of a simulation.

#ifndef FILELOCK_TESTING_VIRTUAL_CLOCK_HPP
#define FILELOCK_TESTING_VIRTUAL_CLOCK_HPP

#include <filelock/detail/config.hpp>

#include <chrono>

namespace filelock {
inline namespace v1 {
namespace detail {

/// \returns A reference to a pointer to the virtual time. The pointer is the
/// calling thread's. It is null if the thread is in no simulation.
FILELOCK_SHARED_BY_PROCESS inline const std::chrono::nanoseconds*&
virtual_time() noexcept {
  static thread_local const std::chrono::nanoseconds* time = nullptr;
  return time;
}

} // namespace detail

/// A clock that only moves during simulated waits. It is the clock of the
/// simulation of the calling thread. Each simulation begins at zero.
struct virtual_clock {
  /// The members of a Clock.
  /// @{
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<virtual_clock>;
  static constexpr bool is_steady = true;
  /// @}

  /// \returns The time of the calling thread's simulation. Zero if it is in
  /// none.
  static time_point now() noexcept {
    const duration* time = detail::virtual_time();
    return time ? time_point(*time) : time_point();
  }
};

} // namespace v1
} // namespace filelock

#endif
