// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The wait in the kernel's queue of one asynchronous operation: the thread of
/// queued<P> rings the operation's alarm itself.

#ifndef FILELOCK_DETAIL_ASIO_QUEUE_HELPER_HPP
#define FILELOCK_DETAIL_ASIO_QUEUE_HELPER_HPP

#include <filelock/detail/asio/alarm.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/lock_request.hpp>

#include <memory>
#include <system_error>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {
inline namespace FILELOCK_ASIO {

/// A helper whose wait the loop ends at its deadline. Only the destructor waits
/// for the system call; the other functions return at once.
template <class File>
class queue_helper {
public:
  /// The wait does not end by itself.
  static constexpr bool keeps_time = false;

  queue_helper() = default;
  ~queue_helper() {
    std::error_code ignored;
    if (wait_) file_->got(end_wait(ignored));
  }
  queue_helper(const queue_helper&) = delete;
  queue_helper& operator=(const queue_helper&) = delete;

  /// Begins to wait. Preconditions: an attempt has just found the lock of
  /// `file` busy.
  template <class TimePoint>
  bool start(File& file, const TimePoint&,
             std::shared_ptr<alarm_base> alarm) noexcept {
    file_ = &file;
    handle_ = file.handle();
    request_ = file.request();
    wait_ = Platform::begin_wait(handle_, request_,
                                 {&alarm_base::ring_alarm, std::move(alarm)});
    return wait_ != nullptr;
  }

  bool is_running() const noexcept { return wait_ != nullptr; }

  /// A forked child has no thread to wait for.
  bool is_done() const noexcept {
    return !wait_->is_of_this_process() || wait_->is_over();
  }

  void cancel() noexcept { wait_->request_end(); }

  /// In a forked child, the file is opened anew: it closed the parent's.
  attempt_result finish(File& file) {
    const bool is_here = wait_->is_of_this_process();
    const attempt_result result =
        file.waited([this](std::error_code& ec) { return end_wait(ec); });
    return is_here ? result : file.attempt();
  }

private:
  using Platform = typename File::Platform;
  using wait_pointer =
      decltype(Platform::begin_wait(std::declval<typename File::native_type>(),
                                    std::declval<const lock_request&>()));

  bool end_wait(std::error_code& ec) noexcept {
    return Platform::end_wait(std::exchange(wait_, nullptr), handle_, request_,
                              ec);
  }

  File* file_ = nullptr;
  wait_pointer wait_ = nullptr;
  typename File::native_type handle_{};
  lock_request request_;
};

} // namespace FILELOCK_ASIO
} // namespace detail
} // namespace v1
} // namespace filelock

#endif
