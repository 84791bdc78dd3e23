// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform for several threads at a time: whether the file is free, and what
// time it is, a test says. The file lock is that of another process.

#ifndef FILELOCK_TEST_SUPPORT_PACED_PLATFORM_HPP
#define FILELOCK_TEST_SUPPORT_PACED_PLATFORM_HPP

#include <filelock/canceller.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

namespace test {

/// What the paced platform answers while this object lives. One at a time.
class paced_world {
public:
  paced_world() { current_ = this; }
  ~paced_world() { current_ = nullptr; }
  paced_world(const paced_world&) = delete;
  paced_world& operator=(const paced_world&) = delete;

  static paced_world& current() { return *current_; }

  // ---- For the test ----

  void set_free(bool is_free) {
    change([&] { is_free_ = is_free; });
  }
  /// Effects: the next attempt, or the wait that goes on, fails.
  void fail_once() {
    change([&] { fails_ = true; });
  }
  void advance(std::chrono::nanoseconds length) {
    change([&] { now_ += length; });
  }
  /// Effects: waits until `number` threads wait for the file.
  void wait_for_waiters(int number) {
    wait([&] { return waiters_ == number; });
  }
  /// From here on, the threads that read the clock are counted.
  void forget_readers() {
    change([&] { readers_.clear(); });
  }
  /// Effects: waits until so many threads have read the clock. (How often one
  /// of them has tells nothing: a thread that sleeps looks now and then.)
  void wait_for_readers(std::size_t number) {
    wait([&] { return readers_.size() >= number; });
  }
  int holders() { return get(holders_); }
  int attempts() { return get(attempts_); }
  /// \returns The deadline of the last wait for the file.
  std::chrono::nanoseconds last_deadline() { return get(last_deadline_); }

  // ---- For the platform ----

  std::chrono::nanoseconds now() {
    const std::lock_guard<std::mutex> guard(mutex_);
    readers_.insert(std::this_thread::get_id());
    changed_.notify_all();
    return now_;
  }

  bool acquire(std::error_code& ec) {
    const std::lock_guard<std::mutex> guard(mutex_);
    return acquire_locked(ec);
  }

  /// \param end Until when; `max()` for ever.
  bool acquire_until(std::chrono::nanoseconds end,
                     const filelock::canceller& stop, std::error_code& ec) {
    change([&] { is_stopped_ = false; });
    const filelock::canceller::wake_up on_stop(stop, &wake, this);
    std::unique_lock<std::mutex> guard(mutex_);
    last_deadline_ = end;
    ++waiters_;
    changed_.notify_all();
    changed_.wait(guard, [&] {
      return is_free_ || fails_ || now_ >= end || is_stopped_;
    });
    --waiters_;
    changed_.notify_all();
    return acquire_locked(ec);
  }

  void release() {
    change([&] { --holders_; });
  }

private:
  static void wake(void* world) noexcept {
    paced_world& self = *static_cast<paced_world*>(world);
    self.change([&] { self.is_stopped_ = true; });
  }

  bool acquire_locked(std::error_code& ec) {
    ++attempts_;
    if (fails_) {
      fails_ = false;
      ec = std::make_error_code(std::errc::io_error);
      return false;
    }
    if (is_free_) ++holders_;
    return is_free_;
  }

  template <class Function>
  void change(Function function) {
    const std::lock_guard<std::mutex> guard(mutex_);
    function();
    changed_.notify_all();
  }

  template <class Condition>
  void wait(Condition condition) {
    std::unique_lock<std::mutex> guard(mutex_);
    changed_.wait(guard, condition);
  }

  template <class T>
  T get(const T& member) {
    const std::lock_guard<std::mutex> guard(mutex_);
    return member;
  }

  static inline paced_world* current_ = nullptr;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::thread::id> readers_; // of the clock
  std::chrono::nanoseconds now_{};
  std::chrono::nanoseconds last_deadline_{};
  bool is_free_ = true;
  bool fails_ = false;
  bool is_stopped_ = false;
  int waiters_ = 0;
  int holders_ = 0;
  int attempts_ = 0;
};

struct paced_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<paced_clock>;
  static constexpr bool is_steady = true;
  static time_point now() noexcept {
    return time_point(paced_world::current().now());
  }
};

template <class Clock = paced_clock>
struct basic_paced_platform {
  using native_handle_type = int;
  using clock = Clock;
  static constexpr int invalid_handle = -1;
  static constexpr filelock::lock_ownership ownership =
      filelock::lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = false;
  static constexpr bool atomic_conversion = false;
  static constexpr bool byte_ranges = false;

  static int open(const std::filesystem::path&, const filelock::open_options&,
                  std::error_code&) noexcept {
    return 1;
  }
  static void close(int) noexcept {}
  static bool try_lock(int, const filelock::lock_request&,
                       std::error_code& ec) noexcept {
    return paced_world::current().acquire(ec);
  }
  static void unlock(int, const filelock::lock_request&,
                     std::error_code&) noexcept {
    paced_world::current().release();
  }
  static void lock(int, const filelock::lock_request&,
                   std::error_code& ec) noexcept {
    paced_world::current().acquire_until((std::chrono::nanoseconds::max)(),
                                         filelock::canceller(), ec);
  }
  static bool lock_until(int, const filelock::lock_request&,
                         const typename Clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    return paced_world::current().acquire_until(end.time_since_epoch(), stop,
                                                ec);
  }
  static void wait_for(int, std::chrono::nanoseconds,
                       filelock::canceller&) noexcept {}
};

/// Its clock is the world's.
using paced_platform = basic_paced_platform<>;

} // namespace test

#endif
