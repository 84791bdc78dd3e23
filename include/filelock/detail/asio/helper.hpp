// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The thread that waits in the kernel for one asynchronous operation.

#ifndef FILELOCK_DETAIL_ASIO_HELPER_HPP
#define FILELOCK_DETAIL_ASIO_HELPER_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/asio/alarm.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/fork.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/wait/acquisition.hpp>

#include <atomic>
#include <memory>
#include <system_error>
#include <thread>

#if FILELOCK_HAS_FORK
#include <filelock/detail/posix/blocked_signals.hpp>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// One wait at a time in Platform::lock_until. The destructor cancels it, and
/// joins its thread.
/// \tparam File An attempts_on_file.
template <class File>
class helper {
public:
  /// The wait ends by itself at its deadline.
  static constexpr bool keeps_time = true;

  helper() = default;
  ~helper() {
    if (!is_running()) return;
    if (origin_.is_this_process()) cancel();
    join();
  }
  helper(const helper&) = delete;
  helper& operator=(const helper&) = delete;

  /// Waits on a new thread for the lock, `end` or the cancel. Then it rings.
  /// Preconditions: !is_running().
  /// \returns Whether it was started: the system may have no more threads.
  template <class TimePoint>
  bool start(File& file, const TimePoint& end,
             std::shared_ptr<alarm_base> alarm) noexcept {
    std::error_code failed;
    origin_ = process_origin::here(failed);
    if (failed) return false;
    is_done_.store(false, std::memory_order_relaxed);
    without_exceptions(failed, [&] {
      stop_ = std::make_unique<cancel_source>();
#if FILELOCK_HAS_FORK
      const blocked_signals guard;
#endif
      thread_ = std::thread([this, &file, end, alarm]() noexcept {
        canceller stop(*stop_);
        result_ = file.block(end, stop);
        is_done_.store(true, std::memory_order_release);
        alarm->ring();
      });
    });
    return !failed;
  }

  bool is_running() const noexcept { return thread_.joinable(); }

  /// A forked child has no thread to wait for.
  bool is_done() const noexcept {
    return !origin_.is_this_process() ||
           is_done_.load(std::memory_order_acquire);
  }

  /// Ends the wait, without waiting for that.
  void cancel() noexcept { stop_->request(); }

  /// Ends the helper. Preconditions: is_done().
  /// \returns The result of the wait, which is not running any more. What the
  /// thread got belongs to the process that has it.
  attempt_result finish(File&) noexcept {
    join();
    return origin_.is_this_process() ? result_ : attempt_result::busy;
  }

private:
  // A forked child does not have the thread, and would wait for ever for the
  // thread to leave the condition variable of the source.
  void join() noexcept {
    if (origin_.is_this_process()) {
      thread_.join();
    } else {
      thread_.detach();
      (void)stop_.release();
    }
  }

  std::thread thread_;
  std::atomic<bool> is_done_{false};
  std::unique_ptr<cancel_source> stop_;
  process_origin origin_;
  attempt_result result_ = attempt_result::busy;
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
