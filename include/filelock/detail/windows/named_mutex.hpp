// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The handle of a win_mutex_traits lock: an open file, and the mutex of the
/// system that is named after the file.
/// https://learn.microsoft.com/windows/win32/sync/mutex-objects

#ifndef FILELOCK_DETAIL_WINDOWS_NAMED_MUTEX_HPP
#define FILELOCK_DETAIL_WINDOWS_NAMED_MUTEX_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/windows/api.hpp>
#include <filelock/detail/windows/error.hpp>
#include <filelock/detail/windows/lock_system.hpp>

#include <boost/winapi/event.hpp>
#include <boost/winapi/get_current_thread_id.hpp>
#include <boost/winapi/mutex.hpp>
#include <boost/winapi/wait.hpp>
#include <boost/winapi/wait_constants.hpp>

#include <atomic>
#include <chrono>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// How often the mutex is owned, and by whom. NtQueryMutant sets it.
struct mutex_state {
  winapi::LONG_ count; // 1: free; 0: owned once; less: owned more than once
  unsigned char is_owned_by_caller;
  unsigned char is_abandoned;
};

/// \returns Whether `state` was set. System calls: 1.
inline bool query_mutex(winapi::HANDLE_ mutex, mutex_state& state) noexcept {
  using query = winapi::LONG_ BOOST_WINAPI_WINAPI_CC(
      winapi::HANDLE_, int, void*, winapi::ULONG_, winapi::ULONG_*);
  static const auto ask = system_function<query>(L"ntdll.dll", "NtQueryMutant");
  constexpr int basic_information = 0;
  return ask &&
         ask(mutex, basic_information, &state, sizeof state, nullptr) == 0;
}

class win_named_mutex {
public:
  using clock = std::chrono::steady_clock;

  /// Takes ownership of both handles.
  win_named_mutex(void* file, void* mutex) noexcept
      : file_(file), mutex_(mutex) {}
  win_named_mutex(const win_named_mutex&) = delete;
  win_named_mutex& operator=(const win_named_mutex&) = delete;

  /// Releases, if this thread is the owner, and closes.
  ~win_named_mutex() {
    std::error_code ignored;
    unlock(ignored);
    winapi::CloseHandle(mutex_);
    winapi::CloseHandle(file_);
  }

  void* file() const noexcept { return file_; }
  bool previous_owner_died() const noexcept { return previous_owner_died_; }

  /// \returns Whether the mutex was taken. System calls: 1; 2 if it was taken.
  bool try_lock(std::error_code& ec) noexcept {
    return note(winapi::WaitForSingleObject(mutex_, 0), ec) == taking::taken;
  }

  /// Waits in the kernel, until `end` or the cancel.
  /// \returns Whether the mutex was taken.
  bool lock_until(const clock::time_point& end, const canceller& stop,
                  std::error_code& ec) noexcept {
    const time_limit<clock, clock, clock::duration> deadline(end);
    const auto time_left = [&] { return deadline.remaining({}, clock::now()); };
    const event cancelled;
    if (!cancelled.handle) ec = win_last_error();
    if (ec) return false;
    const canceller::wake_up on_cancel(
        stop, [](void* handle) noexcept { winapi::SetEvent(handle); },
        cancelled.handle);
    // The first one counts if both are there.
    void* const both[]{mutex_, cancelled.handle};
    for (taking last = taking::busy;;) {
      const std::chrono::nanoseconds left = time_left();
      // Nobody but this thread can release what it owns already.
      if (last == taking::owned_already)
        stop.sleep_for(left);
      else
        last = note(winapi::WaitForMultipleObjects(
                        2, both, false, win_lock_system::milliseconds(left)),
                    ec);
      if (last == taking::taken || last == taking::failed)
        return last == taking::taken;
      if (left <= left.zero() || stop.requested()) return false;
    }
  }

  /// Releases, if this thread has taken the mutex by this handle.
  /// System calls: 1.
  void unlock(std::error_code& ec) noexcept {
    const winapi::DWORD_ owner = owner_.load(std::memory_order_relaxed);
    if (owner == 0 || owner != winapi::GetCurrentThreadId()) {
      ec = std::make_error_code(std::errc::operation_not_permitted);
      return;
    }
    owner_.store(0, std::memory_order_relaxed);
    if (!winapi::ReleaseMutex(mutex_)) ec = win_last_error();
  }

private:
  enum class taking { taken, busy, owned_already, failed };

  struct event {
    ~event() {
      if (handle) winapi::CloseHandle(handle);
    }
    void* const handle = winapi::CreateEventW(nullptr, true, false, nullptr);
  };

  /// Takes note of the answer of a wait for the mutex. The system lets an owner
  /// take its mutex again; that is undone, because another handle owns it.
  taking note(winapi::DWORD_ answer, std::error_code& ec) noexcept {
    if (answer == winapi::WAIT_FAILED_) {
      ec = win_last_error();
      return taking::failed;
    }
    const bool died = answer == winapi::WAIT_ABANDONED_;
    if (!died && answer != winapi::WAIT_OBJECT_0_) return taking::busy;
    mutex_state state{};
    const bool is_known = query_mutex(mutex_, state);
    if (is_known && state.count == 0) {
      previous_owner_died_ = died;
      owner_.store(winapi::GetCurrentThreadId(), std::memory_order_relaxed);
      return taking::taken;
    }
    winapi::ReleaseMutex(mutex_);
    if (is_known) return taking::owned_already;
    ec = std::make_error_code(std::errc::not_supported);
    return taking::failed;
  }

  void* const file_;
  void* const mutex_;
  std::atomic<winapi::DWORD_> owner_{0}; // a thread; another one may ask
  bool previous_owner_died_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
