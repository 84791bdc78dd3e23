// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The thread that waits in the kernel for one asynchronous operation.

#ifndef FILELOCK_DETAIL_ASIO_HELPER_HPP
#define FILELOCK_DETAIL_ASIO_HELPER_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/fork.hpp>
#include <filelock/detail/no_throw.hpp>

#include <atomic>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#if FILELOCK_HAS_FORK
#include <pthread.h>
#include <signal.h>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

/// One wait at a time. The destructor cancels it, and joins its thread.
class helper {
public:
  helper() = default;
  ~helper() {
    if (!is_running()) return;
    cancel();
    join();
  }
  helper(const helper&) = delete;
  helper& operator=(const helper&) = delete;

  /// Preconditions: !is_running().
  /// Effects: calls `wait(stop)` on a new thread, and then `report()`; neither
  /// may throw.
  /// \returns Whether it was started: the system may have no more threads.
  template <class Wait, class Report>
  bool start(Wait wait, Report report) noexcept {
    std::error_code failed;
    origin_ = process_origin::here(failed);
    if (failed) return false;
    is_done_.store(false, std::memory_order_relaxed);
    stop_.emplace();
    without_exceptions(failed, [&] {
      [[maybe_unused]] const blocked_signals guard;
      thread_ = std::thread([this, wait, report]() noexcept {
        canceller stop(*stop_);
        wait(stop);
        is_done_.store(true, std::memory_order_release);
        report();
      });
    });
    return !failed;
  }

  bool is_running() const noexcept { return thread_.joinable(); }
  bool is_done() const noexcept {
    return is_done_.load(std::memory_order_acquire);
  }
  void cancel() noexcept { stop_->request(); }

  /// Effects: waits for the end of the thread. A forked child does not have it.
  void join() noexcept {
    if (origin_.is_this_process())
      thread_.join();
    else
      thread_.detach();
  }

private:
  /// The new thread inherits the mask: signals are for the user's threads.
  class blocked_signals {
  public:
#if FILELOCK_HAS_FORK
    blocked_signals() noexcept {
      ::sigset_t all;
      sigfillset(&all); // a macro on macOS and OpenBSD
      ::pthread_sigmask(SIG_SETMASK, &all, &previous_);
    }
    ~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }
    blocked_signals(const blocked_signals&) = delete;
    blocked_signals& operator=(const blocked_signals&) = delete;

  private:
    ::sigset_t previous_;
#endif
  };

  std::thread thread_;
  std::atomic<bool> is_done_{false};
  std::optional<cancel_source> stop_;
  process_origin origin_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
