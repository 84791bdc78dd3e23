// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Waits for a socket until a time or a stop, which is a descriptor too.

#ifndef FILELOCK_DETAIL_REMOTE_WAIT_FOR_DESCRIPTOR_HPP
#define FILELOCK_DETAIL_REMOTE_WAIT_FOR_DESCRIPTOR_HPP

#include <filelock/canceller.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/eventfd.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A descriptor that is readable from the first wake() on, until clear().
class wake_descriptor {
public:
  wake_descriptor() noexcept = default;
  wake_descriptor(const wake_descriptor&) = delete;
  wake_descriptor& operator=(const wake_descriptor&) = delete;
  ~wake_descriptor() {
    for (const int each : ends_)
      if (each >= 0) ::close(each);
  }

  /// Opens the descriptor. Preconditions: not open. \returns Whether it is open
  /// now; otherwise `ec` is set. System calls: 1, on Linux.
  bool open(std::error_code& ec) noexcept {
#if defined(__linux__)
    ends_[0] = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (ends_[0] < 0) ec.assign(errno, std::generic_category());
#else
    if (::pipe(ends_.data()) != 0) {
      ends_ = {-1, -1};
      ec.assign(errno, std::generic_category());
      return false;
    }
    for (const int each : ends_) {
      ::fcntl(each, F_SETFD, FD_CLOEXEC);
      ::fcntl(each, F_SETFL, O_NONBLOCK);
    }
#endif
    return !ec;
  }

  int get() const noexcept { return ends_[0]; }

  void wake() noexcept {
    const std::uint64_t one = 1; // an eventfd takes 8 bytes
    const int end = ends_[1] < 0 ? ends_[0] : ends_[1];
    while (::write(end, &one, sizeof one) < 0 && errno == EINTR) {
    }
  }

  /// Forgets each wake() so far.
  void clear() noexcept {
    std::array<char, 64> bytes{};
    while (::read(ends_[0], bytes.data(), bytes.size()) > 0) {
    }
  }

private:
  std::array<int, 2> ends_{-1, -1};
};

/// A descriptor that is readable once a canceller is requested.
class stop_descriptor {
public:
  stop_descriptor(const canceller& stop, std::error_code& ec) noexcept {
    if (stop.can_be_requested() && descriptor_.open(ec))
      hook_.emplace(stop, &wake, &descriptor_);
  }

  /// \returns -1 where no stop can be requested.
  int get() const noexcept { return descriptor_.get(); }

private:
  static void wake(void* descriptor) noexcept {
    static_cast<wake_descriptor*>(descriptor)->wake();
  }

  wake_descriptor descriptor_;
  std::optional<canceller::wake_up> hook_; // last: it uses the other
};

/// How long a wait for the other side may last.
struct wait_bounds {
  std::chrono::steady_clock::time_point end;
  int stop = -1; ///< readable once a stop is requested; -1 for none
};

enum class wait_end { ready, timed_out, stopped };

/// Waits until `descriptor` is ready for `events`, or has an error.
/// System calls: poll(2), again after a signal.
inline wait_end wait_for_descriptor(int descriptor, short events,
                                    const wait_bounds& bounds) noexcept {
  using clock = std::chrono::steady_clock;
  for (;;) {
    int timeout = -1;
    if (bounds.end != (clock::time_point::max)()) {
      // Rounded up: a wait that ends too early would only be made again.
      constexpr std::chrono::milliseconds longest = std::chrono::hours(1);
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          std::clamp<clock::duration>(bounds.end - clock::now(),
                                      clock::duration::zero(), longest));
      timeout = static_cast<int>(left.count());
    }
    std::array<::pollfd, 2> polled = {
        {{descriptor, events, 0}, {bounds.stop, POLLIN, 0}}};
    const int ready = ::poll(polled.data(), bounds.stop < 0 ? 1 : 2, timeout);
    if (polled[0].revents != 0 && ready > 0) return wait_end::ready;
    if (polled[1].revents != 0 && ready > 0) return wait_end::stopped;
    if (ready < 0 && errno != EINTR) return wait_end::timed_out;
    if (timeout >= 0 && clock::now() >= bounds.end) return wait_end::timed_out;
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
