// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Polls a lock, for a Platform that waits in the kernel where it can, and
/// cannot just now. It is the waiting loop of every lock, used below a
/// Platform.

#ifndef FILELOCK_DETAIL_WAIT_POLL_HPP
#define FILELOCK_DETAIL_WAIT_POLL_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/blocking_driver.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/lock_request.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The attempts of the driver.
template <class Platform>
class polled_handle {
public:
  using native_type = typename Platform::native_handle_type;

  polled_handle(const native_type& handle, const lock_request& request,
                std::error_code& ec) noexcept
      : handle_(handle), request_(request), ec_(ec) {}

  const native_type& handle() const noexcept { return handle_; }

  attempt_result attempt() noexcept {
    if (Platform::try_lock(handle_, request_, ec_))
      return attempt_result::acquired;
    return ec_ ? attempt_result::failed : attempt_result::busy;
  }

  /// Never called, because polling does not wait in the kernel.
  /// @{
  attempt_result block() noexcept { return attempt(); }
  template <class TimePoint>
  attempt_result block(const TimePoint&, canceller&) noexcept {
    return attempt();
  }
  /// @}

private:
  const native_type& handle_;
  const lock_request& request_;
  std::error_code& ec_;
};

/// Attempts to lock `handle` until it is taken. Attempts at least once. Ends at
/// `end`, at the cancel, or when `policy`, which must not throw, gives up.
/// \returns The outcome; `failed` if `ec` is set.
template <class Platform, class BackoffPolicy, class TimePoint>
wait_outcome poll(const typename Platform::native_handle_type& handle,
                  const lock_request& request, const TimePoint& end,
                  canceller& stop, const BackoffPolicy& policy,
                  std::error_code& ec) noexcept {
  using deadline = time_limit<clock_t<Platform>, typename TimePoint::clock,
                              typename TimePoint::duration>;
  polled_handle<Platform> attempts(handle, request, ec);
  acquisition<BackoffPolicy> wait(policy, waiting::by_polling);
  return drive<Platform>(wait, attempts.attempt(), attempts, deadline(end),
                         waiting::by_polling, stop);
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
