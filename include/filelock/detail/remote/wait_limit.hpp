// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The end of a wait: a time, or a cancel.

#ifndef FILELOCK_DETAIL_REMOTE_WAIT_LIMIT_HPP
#define FILELOCK_DETAIL_REMOTE_WAIT_LIMIT_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

class wait_limit {
public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;

  /// A limit without a cancel.
  explicit wait_limit(const time_point& end) noexcept
      : end_(end), stopped_(stop_, no_error_) {}

  /// If there is no descriptor for the cancel, `ec` is set.
  wait_limit(const time_point& end, const canceller& stop,
             std::error_code& ec) noexcept
      : end_(end), stop_(stop), stopped_(stop_, ec) {}

  wait_limit(const wait_limit&) = delete;
  wait_limit& operator=(const wait_limit&) = delete;

  bool is_over() const noexcept {
    return clock::now() >= end_ || stop_.requested();
  }

  /// Waits until the descriptor is ready, until `end`, or until this limit.
  /// \returns Whether it is ready.
  bool wait(int descriptor, short events, const time_point& end) noexcept {
    return wait_for_descriptor(descriptor, events,
                               {lesser(end, end_), stopped_.get()}) ==
           wait_end::ready;
  }

  /// \returns This limit, or one that is `length` from now.
  wait_bounds bounds(std::chrono::nanoseconds length) const noexcept {
    return {lesser(after(length), end_), stopped_.get()};
  }

  /// Waits for `length`, or until this limit.
  void pause(std::chrono::nanoseconds length) noexcept {
    wait(-1, 0, after(length)); // no descriptor: poll(2)
  }

  /// \returns The time that is `length` from now.
  static time_point after(std::chrono::nanoseconds length) noexcept {
    return saturated_sum(clock::now(), length);
  }

private:
  time_point end_;
  canceller stop_;
  std::error_code no_error_;
  stop_descriptor stopped_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
