// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A thread that notices the end of an idle connection.

#ifndef FILELOCK_DETAIL_REMOTE_SOCKET_WATCH_HPP
#define FILELOCK_DETAIL_REMOTE_SOCKET_WATCH_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/posix/blocked_signals.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <poll.h>

#include <chrono>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Watches a connection. It reads nothing, so another thread may use the
/// connection meanwhile.
class socket_watch {
public:
  socket_watch() = default;
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;
  ~socket_watch() { stop(); }

  bool is_running() const noexcept { return thread_.joinable(); }

  /// Requests `lost` once the other side has closed the socket.
  /// Preconditions: not running. \throws std::system_error: no thread, no
  /// descriptor.
  void start(int socket, std::shared_ptr<cancel_source> lost) {
    std::error_code ec;
    if (!end_.open(ec)) throw std::system_error(ec);
    const wait_bounds bounds{(std::chrono::steady_clock::time_point::max)(),
                             end_.get()};
    const blocked_signals guard;
    thread_ = std::thread([socket, bounds, lost = std::move(lost)]() noexcept {
      if (wait_for_descriptor(socket, closed_by_peer, bounds) ==
          wait_end::ready)
        lost->request();
    });
  }

  /// Ends the thread, so that the socket may be closed.
  void stop() noexcept {
    if (!thread_.joinable()) return;
    end_.wake();
    thread_.join();
  }

private:
#if defined(POLLRDHUP)
  static constexpr short closed_by_peer = POLLRDHUP;
#else
  static constexpr short closed_by_peer = 0; // POLLHUP is always told
#endif

  wake_descriptor end_;
  std::thread thread_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
