// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The functions of Windows that overlapped_lock calls.

#ifndef FILELOCK_DETAIL_WINDOWS_LOCK_SYSTEM_HPP
#define FILELOCK_DETAIL_WINDOWS_LOCK_SYSTEM_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>

#include <boost/winapi/event.hpp>
#include <boost/winapi/wait.hpp>
#include <boost/winapi/wait_constants.hpp>

#include <chrono>
#include <cstdint>
#include <system_error>
#include <thread>

namespace filelock {
inline namespace v1 {
namespace detail {

struct win_lock_system {
  using handle_type = void*;
  using clock = std::chrono::steady_clock;
  using answer = std::uint32_t;

  class request {
  public:
    explicit request(const byte_range& range) noexcept {
      // The first byte stands for the whole file. A range that is open at its
      // end goes up to the last offset.
      const std::uint64_t length = range.is_whole_file() ? 1
                                   : range.length != 0   ? range.length
                                                         : 0 - range.offset;
      call_.Offset = static_cast<winapi::DWORD_>(range.offset);
      call_.OffsetHigh = static_cast<winapi::DWORD_>(range.offset >> 32);
      length_low_ = static_cast<winapi::DWORD_>(length);
      length_high_ = static_cast<winapi::DWORD_>(length >> 32);
    }
    ~request() {
      if (call_.hEvent) winapi::CloseHandle(call_.hEvent);
    }
    request(const request&) = delete;
    request& operator=(const request&) = delete;

  private:
    friend win_lock_system;

    winapi::OVERLAPPED_ call_{};
    winapi::DWORD_ length_low_;
    winapi::DWORD_ length_high_;
  };

  static bool make_event(request& asked) noexcept {
    asked.call_.hEvent = winapi::CreateEventW(nullptr, true, false, nullptr);
    return asked.call_.hEvent != nullptr;
  }

  static answer lock(void* handle, request& asked, lock_mode mode,
                     bool fail_immediately) noexcept {
    const winapi::DWORD_ flags =
        (mode == lock_mode::exclusive ? lock_exclusive : 0) |
        (fail_immediately ? lock_fail_immediately : 0);
    return answer_of(winapi::LockFileEx(handle, flags, 0, asked.length_low_,
                                        asked.length_high_, &asked.call_));
  }

  static answer unlock(void* handle, request& asked) noexcept {
    return answer_of(winapi::UnlockFileEx(handle, 0, asked.length_low_,
                                          asked.length_high_, &asked.call_));
  }

  static answer cancel(void* handle, request& asked) noexcept {
    return answer_of(cancel_call(handle, asked.call_));
  }

  static answer result(void* handle, request& asked) noexcept {
    return answer_of(result_of_call(handle, asked.call_));
  }

  static event_wait wait(void* handle, request& asked,
                         std::chrono::nanoseconds longest) noexcept {
    void* const event = asked.call_.hEvent;
    switch (winapi::WaitForSingleObject(event ? event : handle,
                                        milliseconds(longest))) {
    case winapi::WAIT_OBJECT_0_:
      return event_wait::signaled;
    case winapi::WAIT_TIMEOUT_:
      return event_wait::timed_out;
    default:
      return event_wait::failed;
    }
  }

  static void pause(std::chrono::nanoseconds length,
                    const canceller& stop) noexcept {
    if (length == length.zero())
      std::this_thread::yield();
    else
      stop.sleep_for(length);
  }

  static std::error_code error(answer given) noexcept {
    return win_error(given);
  }

  /// \returns `length` rounded up, because a wait that ends early is repeated;
  /// cut to the longest wait that the system has.
  static winapi::DWORD_ milliseconds(std::chrono::nanoseconds length) noexcept {
    constexpr std::int64_t longest = winapi::max_non_infinite_wait;
    if (length == unbounded) return winapi::infinite;
    const std::int64_t whole = length.count() / 1'000'000;
    const std::int64_t count = whole + (length.count() % 1'000'000 != 0);
    return static_cast<winapi::DWORD_>(count < longest ? count : longest);
  }

private:
  static answer answer_of(winapi::BOOL_ succeeded) noexcept {
    return succeeded ? answers::success : winapi::GetLastError();
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
