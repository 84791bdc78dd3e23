// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The members that convert, for every class that is a lock. Doxygen and the
/// manual show them as members of that class.

#ifndef FILELOCK_DETAIL_LOCK_CONVERSION_MEMBERS_HPP
#define FILELOCK_DETAIL_LOCK_CONVERSION_MEMBERS_HPP

#include <filelock/canceller.hpp>
#include <filelock/conversion.hpp>
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

/// A base of `Lock`, which offers this class:
///   conversion convert(lock_mode to, const Deadline&, canceller, failure&)
///     which may throw what a policy throws, path(), owns_lock_shared(), clock.
template <class Lock>
class conversion_members {
public:
  /// Converts an exclusive lock to a shared one, without waiting. Effects: does
  /// nothing if it is shared already. Synchronization: as unlock(), with the
  /// acquires that it lets in.
  /// Error conditions: operation_not_permitted: the lock is not held;
  /// resource_deadlock_would_occur: it is held more than once; nothing changes.
  /// \returns held_throughout if Platform::atomic_conversion is true; otherwise
  /// released_between, or refused_released if another owner was faster. With an
  /// error code, one of the refusals: owns_lock() says what is held.
  /// System calls: 1; 2 without Platform::convert; with
  /// open_options::verify_path 2 more if the lock was released in between.
  /// @{
  [[nodiscard]] conversion downgrade() {
    return become(lock_mode::shared, no_wait());
  }
  [[nodiscard]] conversion downgrade(std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::shared, no_wait());
  }
  /// @}

  /// Converts a shared lock to an exclusive one, if that needs no wait.
  /// Effects: does nothing if it is exclusive already.
  /// Error conditions: operation_not_permitted: the lock is not held;
  /// resource_deadlock_would_occur: it is held more than once; nothing changes.
  /// \returns held_throughout or refused_still_shared if
  /// Platform::atomic_conversion is true; otherwise released_between or
  /// refused_released. With an error code, one of the refusals:
  /// owns_lock_shared() says whether the lock is still held.
  /// System calls: as downgrade(), and 1 more if it is refused.
  /// @{
  [[nodiscard]] conversion try_upgrade() {
    return become(lock_mode::exclusive, no_wait());
  }
  [[nodiscard]] conversion try_upgrade(std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::exclusive, no_wait());
  }
  /// @}

  /// Converts a shared lock to an exclusive one, and waits.
  /// Effects: waits at most for `duration`, or until `time`. If
  /// Platform::atomic_conversion is true, the lock stays shared and polls as
  /// the policy says. Otherwise it waits like try_lock_for(), and holds nothing
  /// meanwhile. An unbounded wait holds nothing on any Platform, because two
  /// shared owners would wait for each other.
  /// \returns As try_upgrade(); released_between after an unbounded wait. A
  /// refusal if the time is over or the policy gave up.
  /// Throws: the policy's exceptions too. The lock is then still shared if the
  /// conversion is atomic, otherwise it is released. Error conditions: as
  /// try_upgrade().
  /// @{
  template <class Rep, class Period>
  [[nodiscard]] conversion
  try_upgrade_for(const std::chrono::duration<Rep, Period>& duration) {
    return become(lock_mode::exclusive, duration);
  }
  template <class Rep, class Period>
  [[nodiscard]] conversion
  try_upgrade_for(const std::chrono::duration<Rep, Period>& duration,
                  std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::exclusive, duration);
  }
  template <class Clock, class Duration>
  [[nodiscard]] conversion
  try_upgrade_until(const std::chrono::time_point<Clock, Duration>& time) {
    return become(lock_mode::exclusive, time);
  }
  template <class Clock, class Duration>
  [[nodiscard]] conversion
  try_upgrade_until(const std::chrono::time_point<Clock, Duration>& time,
                    std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::exclusive, time);
  }
  /// @}

#if FILELOCK_HAS_STOP_TOKEN
  /// Converts as without the token, until a stop is requested.
  /// Effects: the request ends the wait at once, as the end of the time does.
  /// Returns, throws, error conditions: as the member without the token.
  /// @{
  template <class Rep, class Period>
  [[nodiscard]] conversion
  try_upgrade_for(const std::chrono::duration<Rep, Period>& duration,
                  std::stop_token token) {
    return become(lock_mode::exclusive, duration, token);
  }
  template <class Rep, class Period>
  [[nodiscard]] conversion
  try_upgrade_for(const std::chrono::duration<Rep, Period>& duration,
                  std::stop_token token, std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::exclusive, duration, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] conversion
  try_upgrade_until(const std::chrono::time_point<Clock, Duration>& time,
                    std::stop_token token) {
    return become(lock_mode::exclusive, time, token);
  }
  template <class Clock, class Duration>
  [[nodiscard]] conversion
  try_upgrade_until(const std::chrono::time_point<Clock, Duration>& time,
                    std::stop_token token, std::error_code& ec) noexcept {
    return become_code(ec, lock_mode::exclusive, time, token);
  }
  /// @}
#endif

protected:
  /// Only for `Lock`.
  /// @{
  conversion_members() = default;
  conversion_members(conversion_members&&) = default;
  conversion_members& operator=(conversion_members&&) = default;
  ~conversion_members() = default;
  /// @}

private:
  Lock& self() noexcept { return static_cast<Lock&>(*this); }

  // `limit` is a duration, a time point or a deadline; computing the deadline
  // may throw. `token` is a std::stop_token, or absent.
  template <class Limit, class... Token>
  conversion convert_within(failure& failed, lock_mode to, const Limit& limit,
                            const Token&... token) {
    auto listener = listen_for_stop(token...);
    return self().convert(of_shared_locks<typename Lock::platform_type>(to),
                          deadline_of<typename Lock::clock>(limit),
                          listener.canceller(), failed);
  }

  template <class... Arguments>
  conversion become(const Arguments&... arguments) {
    failure failed;
    const conversion result = convert_within(failed, arguments...);
    throw_if(failed, self().path());
    return result;
  }
  template <class... Arguments>
  conversion become_code(std::error_code& ec,
                         const Arguments&... arguments) noexcept {
    const conversion result = error_code_form(ec, [&](failure& failed) {
      return convert_within(failed, arguments...);
    });
    if (!ec) return result;
    // After an exception there is no result, so ask the object what is held.
    return self().owns_lock_shared() ? conversion::refused_still_shared
                                     : conversion::refused_released;
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
