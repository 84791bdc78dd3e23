// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Wakes a thread that waits in poll(2).

#ifndef FILELOCK_DETAIL_REMOTE_WAKE_UP_PIPE_HPP
#define FILELOCK_DETAIL_REMOTE_WAKE_UP_PIPE_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/saturation.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A pipe, to which anybody may write at any time.
class wake_up_pipe {
public:
  wake_up_pipe() noexcept = default;
  wake_up_pipe(const wake_up_pipe&) = delete;
  wake_up_pipe& operator=(const wake_up_pipe&) = delete;
  ~wake_up_pipe() {
    for (const int each : ends_)
      if (each >= 0) ::close(each);
  }

  void open(std::error_code& ec) noexcept {
#if defined(__linux__)
    const int error = ::pipe2(ends_, O_CLOEXEC | O_NONBLOCK);
#else
    const int error = ::pipe(ends_);
    for (const int each : ends_)
      if (error == 0) {
        ::fcntl(each, F_SETFD, FD_CLOEXEC);
        ::fcntl(each, F_SETFL, O_NONBLOCK);
      }
#endif
    if (error != 0) ec = posix_error(errno);
  }

  /// \returns What is readable after a wake(). -1 if it was never opened: poll
  /// takes no notice of such a descriptor.
  int descriptor() const noexcept { return ends_[0]; }

  void wake() noexcept {
    // A full pipe wakes as well.
    while (::write(ends_[1], "", 1) < 0 && errno == EINTR) {
    }
  }

  /// Effects: forgets each wake() so far.
  void clear() noexcept {
    char bytes[64];
    while (::read(ends_[0], bytes, sizeof bytes) > 0) {
    }
  }

private:
  int ends_[2] = {-1, -1};
};

/// \returns How many milliseconds poll(2) has to wait until `end`: rounded up,
/// at most an hour.
template <class TimePoint>
int poll_timeout(const TimePoint& now, const TimePoint& end) noexcept {
  using std::chrono::milliseconds;
  constexpr std::chrono::hours longest(1);
  if (end <= now) return 0;
  const auto left = end - now;
  if (left >= longest) return static_cast<int>(milliseconds(longest).count());
  return static_cast<int>(std::chrono::ceil<milliseconds>(left).count());
}

/// The end of a wait: a time, or a cancel.
class wait_limit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A limit without a cancel.
  explicit wait_limit(const time_point& end) noexcept : end_(end) {}

  /// `stop` must outlive this object. If there is no descriptor for the cancel,
  /// `ec` is set.
  wait_limit(const time_point& end, canceller& stop, std::error_code& ec)
      : end_(end), stop_(&stop) {
    if (!stop.can_be_requested()) return;
    pipe_.open(ec);
    if (!ec) on_cancel_.emplace(stop, &wake, &pipe_);
  }

  const time_point& end() const noexcept { return end_; }
  bool is_stopped() const noexcept { return stop_ && stop_->requested(); }
  bool is_over() const noexcept {
    return is_stopped() || time_point::clock::now() >= end_;
  }

  /// Effects: waits until the descriptor is ready, until `end`, or until this
  /// limit. \returns Whether it is ready.
  bool wait(int descriptor, short events, const time_point& end) noexcept {
    for (;;) {
      const time_point now = time_point::clock::now();
      ::pollfd watched[2] = {{descriptor, events, 0},
                             {pipe_.descriptor(), POLLIN, 0}};
      const int count =
          ::poll(watched, 2, poll_timeout(now, end < end_ ? end : end_));
      if (count > 0 && watched[1].revents != 0) return false;
      if (count > 0) return true;
      if (now >= end || now >= end_) return false;
    }
  }

  /// Effects: waits for `length`, or until this limit.
  void pause(std::chrono::nanoseconds length) noexcept {
    wait(-1, 0, saturated_sum(time_point::clock::now(), length));
  }

private:
  static void wake(void* pipe) noexcept {
    static_cast<wake_up_pipe*>(pipe)->wake();
  }

  time_point end_;
  canceller* stop_ = nullptr;
  wake_up_pipe pipe_;
  std::optional<canceller::wake_up> on_cancel_; // before the pipe is closed
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
