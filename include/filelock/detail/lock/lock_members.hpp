// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The members that acquire, for every class that is a lock. Doxygen and the
/// manual show them as members of that class.

#ifndef FILELOCK_DETAIL_LOCK_LOCK_MEMBERS_HPP
#define FILELOCK_DETAIL_LOCK_LOCK_MEMBERS_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/error_forms.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/wait/stop_token.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <system_error>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace filelock::detail {

/// A base of `Lock`, which has, for this class at least,
///   wait_outcome acquire(lock_mode, const Deadline&, canceller,
///                        std::error_code&)    may throw what a policy throws
///   path()                                    for errors
///   clock                                     that durations are measured in
template <class Lock>
class lock_members {
public:
  /// Effects: acquires exclusively, and waits for it as long as it takes: in
  /// the kernel where the Platform can, unless the policy observes the wait.
  /// @{
  void lock() { wait(exclusive); }
  void lock(std::error_code& ec) noexcept { wait(exclusive, ec); }
  /// @}

  /// Effects: acquires exclusively, if that needs no wait.
  /// \returns Whether the lock is held.
  /// @{
  [[nodiscard]] bool try_lock() { return try_by(exclusive, no_wait()); }
  [[nodiscard]] bool try_lock(std::error_code& ec) noexcept {
    return try_by(exclusive, no_wait(), ec);
  }
  /// @}

  /// Effects: acquires exclusively, and waits at most for `duration`, measured
  /// in Platform::clock; one attempt is made in any case.
  /// \returns Whether the lock is held.
  /// @{
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration) {
    return try_by(exclusive, duration);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::error_code& ec) noexcept {
    return try_by(exclusive, duration, ec);
  }
  /// @}

  /// Effects: as try_lock_for, until `time` of any clock. A clock that is set
  /// takes effect within a second.
  /// @{
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_by(exclusive, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::error_code& ec) noexcept {
    return try_by(exclusive, time, ec);
  }
  /// @}

  /// Effects: as the members without `shared`, but other owners may hold the
  /// lock shared at the same time.
  /// @{
  void lock_shared() { wait(shared); }
  void lock_shared(std::error_code& ec) noexcept { wait(shared, ec); }
  [[nodiscard]] bool try_lock_shared() { return try_by(shared, no_wait()); }
  [[nodiscard]] bool try_lock_shared(std::error_code& ec) noexcept {
    return try_by(shared, no_wait(), ec);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration) {
    return try_by(shared, duration);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::error_code& ec) noexcept {
    return try_by(shared, duration, ec);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_by(shared, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::error_code& ec) noexcept {
    return try_by(shared, time, ec);
  }
  /// @}

#if FILELOCK_HAS_STOP_TOKEN
  /// Effects: as the member without the token, but a request to stop ends the
  /// wait at once. One attempt is made in any case.
  /// \returns Whether the lock is held: false where the wait was stopped, the
  /// policy gave up or the time is over.
  /// @{
  [[nodiscard]] bool lock(std::stop_token token) {
    return try_by(exclusive, no_deadline(), token);
  }
  [[nodiscard]] bool lock(std::stop_token token, std::error_code& ec) noexcept {
    return try_by(exclusive, no_deadline(), token, ec);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token) {
    return try_by(exclusive, duration, token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token, std::error_code& ec) noexcept {
    return try_by(exclusive, duration, token, ec);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token) {
    return try_by(exclusive, time, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token, std::error_code& ec) noexcept {
    return try_by(exclusive, time, token, ec);
  }
  [[nodiscard]] bool lock_shared(std::stop_token token) {
    return try_by(shared, no_deadline(), token);
  }
  [[nodiscard]] bool lock_shared(std::stop_token token,
                                 std::error_code& ec) noexcept {
    return try_by(shared, no_deadline(), token, ec);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token) {
    return try_by(shared, duration, token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token, std::error_code& ec) noexcept {
    return try_by(shared, duration, token, ec);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token) {
    return try_by(shared, time, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token, std::error_code& ec) noexcept {
    return try_by(shared, time, token, ec);
  }
  /// @}
#endif

protected:
  /// For the lock alone.
  /// @{
  lock_members() = default;
  lock_members(lock_members&&) = default;
  lock_members& operator=(lock_members&&) = default;
  ~lock_members() = default;
  /// @}

private:
  static constexpr lock_mode exclusive = lock_mode::exclusive;
  static constexpr lock_mode shared = lock_mode::shared;

  Lock& self() noexcept { return static_cast<Lock&>(*this); }

  // What both forms stand on. `limit` is a duration, a time point or a
  // deadline; what it is computed from may throw.

  template <class Limit>
  bool acquired(lock_mode mode, const Limit& limit, std::error_code& ec) {
    return self().acquire(mode, deadline_of<typename Lock::clock>(limit),
                          canceller(), ec) == wait_outcome::acquired;
  }

  void wait_until_acquired(lock_mode mode, std::error_code& ec) {
    if (self().acquire(mode, no_deadline(), canceller(), ec) ==
        wait_outcome::gave_up)
      ec = std::make_error_code(std::errc::timed_out);
  }

#if FILELOCK_HAS_STOP_TOKEN
  template <class Limit>
  bool acquired(lock_mode mode, const Limit& limit,
                const std::stop_token& token, std::error_code& ec) {
    return with_canceller(token, [&](const canceller& stop) {
      return self().acquire(mode, deadline_of<typename Lock::clock>(limit),
                            stop, ec) == wait_outcome::acquired;
    });
  }
#endif

  void wait(lock_mode mode) {
    throwing_form(self(),
                  [&](std::error_code& ec) { wait_until_acquired(mode, ec); });
  }
  void wait(lock_mode mode, std::error_code& ec) noexcept {
    error_code_form(ec, [&] { wait_until_acquired(mode, ec); });
  }
  template <class Limit>
  bool try_by(lock_mode mode, const Limit& limit) {
    return throwing_form(
        self(), [&](std::error_code& ec) { return acquired(mode, limit, ec); });
  }
  template <class Limit>
  bool try_by(lock_mode mode, const Limit& limit,
              std::error_code& ec) noexcept {
    return error_code_form(ec, [&] { return acquired(mode, limit, ec); });
  }
#if FILELOCK_HAS_STOP_TOKEN
  template <class Limit>
  bool try_by(lock_mode mode, const Limit& limit,
              const std::stop_token& token) {
    return throwing_form(self(), [&](std::error_code& ec) {
      return acquired(mode, limit, token, ec);
    });
  }
  template <class Limit>
  bool try_by(lock_mode mode, const Limit& limit, const std::stop_token& token,
              std::error_code& ec) noexcept {
    return error_code_form(ec,
                           [&] { return acquired(mode, limit, token, ec); });
  }
#endif
};

} // namespace filelock::detail

#endif
