// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What one acquire knows of its session with a service: by when it must be
/// connected, and how often it was lost.

#ifndef FILELOCK_DETAIL_LOCK_SESSION_HPP
#define FILELOCK_DETAIL_LOCK_SESSION_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/lock/file_handle.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <filesystem>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Platform>
class session {
public:
  using time_point = typename clock_t<Platform>::time_point;

  /// Makes each connect a part of the wait that began at `start`. An attempt
  /// without a wait connects for as long as the Platform allows.
  template <class Deadline>
  void wait_until(const Deadline& deadline, const time_point& start,
                  canceller& stop) {
    if constexpr (Deadline::reads_clock) {
      const std::chrono::nanoseconds length =
          deadline.remaining(std::chrono::nanoseconds::zero(), start);
      if (length <= length.zero()) return;
      end_ = length == unbounded ? (time_point::max)()
                                 : saturated_sum(start, length);
      stop_ = &stop;
    }
  }

  /// \returns Whether the handle is open now. Otherwise `ec` is set, or the
  /// wait has ended.
  bool open(file_handle<Platform>& handle, const std::filesystem::path& name,
            const open_options& options, std::error_code& ec) const noexcept {
    if constexpr (has_open_until_v<Platform>)
      if (stop_) return handle.open_until(name, options, end_, *stop_, ec);
    return handle.open(name, options, ec);
  }

  /// \returns Whether the lock was granted. An attempt of a wait is given up
  /// where the service does not answer in the time of the wait.
  bool attempt(file_handle<Platform>& handle, const lock_request& request,
               std::error_code& ec) const noexcept {
    if constexpr (has_attempt_until_v<Platform>)
      if (stop_)
        return Platform::attempt_until(handle.native(), request, end_, *stop_,
                                       ec);
    return Platform::try_lock(handle.native(), request, ec);
  }

  /// \returns Whether the session was lost and a new one may serve. Clears `ec`
  /// then. An idle session may have been lost long ago, but a service that ends
  /// every session must not be asked for ever.
  bool may_begin_anew(std::error_code& ec) noexcept {
    if (!is_loss<Platform>(ec) || losses_in_a_row_ == most_losses_in_a_row)
      return false;
    ++losses_in_a_row_;
    ec.clear();
    return true;
  }

  /// Says that the service answered.
  void answered() noexcept { losses_in_a_row_ = 0; }

private:
  static constexpr int most_losses_in_a_row = 3;

  time_point end_{};
  canceller* stop_ = nullptr;
  int losses_in_a_row_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
