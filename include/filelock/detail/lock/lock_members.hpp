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
#include <filelock/detail/platform/facts.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/wait/stop_token.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <system_error>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

/// A base of `Lock`, which has, for this class at least,
///   wait_outcome acquire(lock_mode, const Deadline&, canceller, failure&)
///     which may throw what a policy throws, path(), for errors, and clock,
///     that durations are measured in.
template <class Lock>
class lock_members {
public:
  /// Acquires exclusively, and waits as long as it takes.
  /// Effects: waits in the kernel if the Platform can, unless the policy
  /// observes the wait. Otherwise polls.
  /// Throws, error conditions, system calls: those of the class, as for all
  /// acquires; timed_out: the policy gave up.
  /// @{
  void lock() { acquire_or_throw(exclusive); }
  void lock(std::error_code& ec) noexcept { acquire_code(ec, exclusive); }
  /// @}

  /// Acquires exclusively, if that needs no wait. Does not ask the policy.
  /// \returns Whether the lock is held.
  /// @{
  [[nodiscard]] bool try_lock() { return try_acquire(exclusive, no_wait()); }
  [[nodiscard]] bool try_lock(std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, no_wait());
  }
  /// @}

  /// Acquires exclusively, and waits at most for `duration`.
  /// Effects: measures the wait in Platform::clock. Makes one attempt in any
  /// case. Polls, unless the Platform has lock_until.
  /// \returns Whether the lock is held.
  /// @{
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration) {
    return try_acquire(exclusive, duration);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, duration);
  }
  /// @}

  /// Acquires exclusively, and waits until `time` of any clock.
  /// Effects: as try_lock_for(). If the clock is set, the wait notices within a
  /// second.
  /// \returns Whether the lock is held.
  /// @{
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_acquire(exclusive, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, time);
  }
  /// @}

  /// Acquires shared, as the members without `shared` do exclusively.
  /// Effects: other owners may hold the lock shared at the same time. Returns,
  /// throws, error conditions, system calls: as those members.
  /// @{
  void lock_shared() { acquire_or_throw(shared()); }
  void lock_shared(std::error_code& ec) noexcept { acquire_code(ec, shared()); }
  [[nodiscard]] bool try_lock_shared() {
    return try_acquire(shared(), no_wait());
  }
  [[nodiscard]] bool try_lock_shared(std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), no_wait());
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration) {
    return try_acquire(shared(), duration);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), duration);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time) {
    return try_acquire(shared(), time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), time);
  }
  /// @}

#if FILELOCK_HAS_STOP_TOKEN
  /// Acquires as without the token, until a stop is requested.
  /// Effects: the request ends the wait at once. Makes one attempt in any case.
  /// \returns Whether the lock is held: false where the wait was stopped, the
  /// policy gave up or the time is over.
  /// @{
  [[nodiscard]] bool lock(std::stop_token token) {
    return try_acquire(exclusive, no_deadline(), token);
  }
  [[nodiscard]] bool lock(std::stop_token token, std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, no_deadline(), token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token) {
    return try_acquire(exclusive, duration, token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token, std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, duration, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token) {
    return try_acquire(exclusive, time, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token, std::error_code& ec) noexcept {
    return try_acquire_code(ec, exclusive, time, token);
  }
  [[nodiscard]] bool lock_shared(std::stop_token token) {
    return try_acquire(shared(), no_deadline(), token);
  }
  [[nodiscard]] bool lock_shared(std::stop_token token,
                                 std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), no_deadline(), token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token) {
    return try_acquire(shared(), duration, token);
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token, std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), duration, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token) {
    return try_acquire(shared(), time, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token, std::error_code& ec) noexcept {
    return try_acquire_code(ec, shared(), time, token);
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
  static constexpr lock_mode shared() noexcept {
    return of_shared_locks<typename Lock::platform_type>(lock_mode::shared);
  }

  Lock& self() noexcept { return static_cast<Lock&>(*this); }

  // `limit` is a duration, a time point or a deadline; what it is computed from
  // may throw. `token` is a std::stop_token, or not there.
  template <class Limit, class... Token>
  wait_outcome acquire_within(failure& failed, lock_mode mode,
                              const Limit& limit, const Token&... token) {
    auto listener = listen_for_stop(token...);
    return self().acquire(mode, deadline_of<typename Lock::clock>(limit),
                          listener.canceller(), failed);
  }

  template <class... Arguments>
  bool try_acquire(const Arguments&... arguments) {
    failure failed;
    const wait_outcome outcome = acquire_within(failed, arguments...);
    throw_if(failed, self().path());
    return outcome == wait_outcome::acquired;
  }
  template <class... Arguments>
  bool try_acquire_code(std::error_code& ec,
                        const Arguments&... arguments) noexcept {
    return error_code_form(ec, [&](failure& failed) {
      return acquire_within(failed, arguments...) == wait_outcome::acquired;
    });
  }

  // Only the policy ends this wait without the lock or an error.
  void acquire_or_give_up(failure& failed, lock_mode mode) {
    if (acquire_within(failed, mode, no_deadline()) == wait_outcome::gave_up)
      failed.set(std::errc::timed_out, "filelock: the policy gave up the wait");
  }
  void acquire_or_throw(lock_mode mode) {
    failure failed;
    acquire_or_give_up(failed, mode);
    throw_if(failed, self().path());
  }
  void acquire_code(std::error_code& ec, lock_mode mode) noexcept {
    error_code_form(ec,
                    [&](failure& failed) { acquire_or_give_up(failed, mode); });
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
