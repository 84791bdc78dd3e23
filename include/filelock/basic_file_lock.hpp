// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// basic_file_lock: a lock on a file, for threads and processes.

#ifndef FILELOCK_BASIC_FILE_LOCK_HPP
#define FILELOCK_BASIC_FILE_LOCK_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/deadline.hpp>
#include <filelock/detail/lock_core.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/error.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

namespace filelock {

/// Says that a lock takes charge of a handle that is open already.
struct adopt_handle_t {
  explicit adopt_handle_t() = default;
};
/// The one value of it.
inline constexpr adopt_handle_t adopt_handle{};

/// A lock on a file. Two objects on one path exclude each other, in one process
/// and in two, and whatever else locks the file in the way of the Platform.
/// Models Lockable, TimedLockable, SharedLockable and SharedTimedLockable.
///
/// An object is closed, unlocked, shared or exclusive. An acquire in the mode
/// that is held already returns at once; one release ends it. The object of a
/// forked child is closed.
///
/// Preconditions, of every member: no other thread uses the object meanwhile.
///
/// Synchronization: an acquire synchronizes with the release that let it in, of
/// any object on the same file, in this process or in another.
///
/// Throws: std::filesystem::filesystem_error with the path, or what the policy
/// threw. Each member that throws has a twin with a trailing std::error_code&,
/// which is cleared first and never throws: std::bad_alloc is
/// not_enough_memory, a std::system_error its code, another exception
/// operation_canceled. An acquire that throws, sets an error or returns false
/// leaves the object as it was.
///
/// Error conditions, of every acquire:
/// - resource_deadlock_would_occur: the object holds the lock in the other mode
/// - invalid_argument: the object has no path, or it is not a regular file's
/// - not_supported: the system cannot lock this file, or not in this way
/// - too_many_symbolic_link_levels: the path is a symbolic link
/// - timed_out: lock() or lock_shared(), where the policy gave up
/// - the errors of the system calls; never EINTR, and never for a busy lock
///
/// System calls, of an acquire that need not wait, on POSIX: 1, and 1 for
/// open_options::verify_path; 2 more where the file is not open yet.
///
/// Units: any duration, and a time point of any clock. What is negative or NaN
/// is one attempt; from 292 years on, a wait is unbounded.
template <class Platform, class BackoffPolicy>
class basic_file_lock : private detail::require_platform<Platform>,
                        private detail::require_backoff_policy<BackoffPolicy> {
public:
  /// What the template was given, and the clock that waits are measured in.
  /// @{
  using platform_type = Platform;
  using backoff_policy_type = BackoffPolicy;
  using native_handle_type = typename Platform::native_handle_type;
  using clock = detail::clock_t<Platform>;
  /// @}

  /// Effects: a lock without a path: each use of it is invalid_argument.
  basic_file_lock() = default;

  /// Effects: none on the file; a relative path is made absolute, so a later
  /// change of the working directory does not matter.
  /// \param options How the file is opened, at the first acquire or open().
  /// @{
  explicit basic_file_lock(std::filesystem::path path, BackoffPolicy policy,
                           open_options options = {})
      : core_(absolute(std::move(path)), std::move(policy), options) {}
  template <class Policy = BackoffPolicy,
            class = std::enable_if_t<std::is_default_constructible_v<Policy>>>
  explicit basic_file_lock(std::filesystem::path path,
                           open_options options = {})
      : basic_file_lock(std::move(path), Policy(), options) {}
  /// @}

  /// Preconditions: `handle` is locked as `held` says, on the bytes of
  /// `options.range`, and is no other lock's.
  /// Effects: takes charge of `handle`, which a forked child then closes; its
  /// close-on-exec flag stays as it is. The lock has no path, is never reopened
  /// and not verified. After a throw the handle is still the caller's.
  /// Error conditions: bad_file_descriptor; invalid_argument.
  /// System calls: 1.
  basic_file_lock(adopt_handle_t, native_handle_type handle, lock_mode held,
                  BackoffPolicy policy = {}, open_options options = {})
      : core_(std::filesystem::path(), std::move(policy), options) {
    std::error_code ec;
    if (!core_.adopt(handle, held, ec)) fail(ec);
  }

  /// Effects: moves path, file and hold. `other` is then without a path.
  basic_file_lock(basic_file_lock&& other) = default;
  /// Effects: releases and closes, then moves. Where the policy's move throws,
  /// this object is then without a path.
  basic_file_lock& operator=(basic_file_lock&& other) = default;

  /// Effects: close().
  ~basic_file_lock() = default;

  /// Effects: opens the file, and creates it if need be; takes no lock. Nothing
  /// where it is open.
  /// @{
  void open() {
    reporting([&](std::error_code& ec) { open(ec); });
  }
  void open(std::error_code& ec) noexcept {
    ec.clear();
    core_.open(ec);
  }
  /// @}

  /// Effects: acquires exclusively, and waits for it as long as it takes: in
  /// the kernel where the Platform can, unless the policy observes the wait.
  /// @{
  void lock() {
    reporting([&](std::error_code& ec) { wait_for_lock(exclusive, ec); });
  }
  void lock(std::error_code& ec) noexcept {
    caught(ec, [&] { return wait_for_lock(exclusive, ec); });
  }
  /// @}

  /// Effects: acquires exclusively, if that needs no wait.
  /// \returns Whether the lock is held.
  /// @{
  [[nodiscard]] bool try_lock() {
    return reporting([&](std::error_code& ec) {
      return acquire(exclusive, detail::no_wait(), ec);
    });
  }
  bool try_lock(std::error_code& ec) noexcept {
    return caught(ec,
                  [&] { return acquire(exclusive, detail::no_wait(), ec); });
  }
  /// @}

  /// Effects: acquires exclusively, and waits at most for `duration`, measured
  /// in Platform::clock; one attempt is made in any case.
  /// \returns Whether the lock is held.
  /// @{
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration) {
    return reporting([&](std::error_code& ec) {
      return acquire(exclusive, detail::timeout(duration), ec);
    });
  }
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& duration,
                    std::error_code& ec) noexcept {
    return caught(
        ec, [&] { return acquire(exclusive, detail::timeout(duration), ec); });
  }
  /// @}

  /// Effects: as try_lock_for, until `time` of any clock. A clock that is set
  /// takes effect within a second.
  /// @{
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time) {
    return reporting([&](std::error_code& ec) {
      return acquire(exclusive, until(time), ec);
    });
  }
  template <class Clock, class Duration>
  bool try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                      std::error_code& ec) noexcept {
    return caught(ec, [&] { return acquire(exclusive, until(time), ec); });
  }
  /// @}

  /// Effects: releases, in whatever mode the lock is held; nothing where it is
  /// not. After an error the lock is released all the same: the file is closed.
  /// Synchronization: synchronizes with the acquire that it lets in.
  /// Throws: on an error of the system call, and so a guard whose destructor
  /// meets one ends the program; unlock(ec) does not. System calls: 1.
  /// @{
  void unlock() {
    reporting([&](std::error_code& ec) { unlock(ec); });
  }
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    ec.clear();
    if (owns_lock() || owns_lock_shared()) core_.file().unlock(ec);
  }
  /// @}

  /// Effects: as the members without `shared`, but other owners may hold the
  /// lock shared at the same time.
  /// @{
  void lock_shared() {
    reporting([&](std::error_code& ec) { wait_for_lock(shared, ec); });
  }
  void lock_shared(std::error_code& ec) noexcept {
    caught(ec, [&] { return wait_for_lock(shared, ec); });
  }
  [[nodiscard]] bool try_lock_shared() {
    return reporting([&](std::error_code& ec) {
      return acquire(shared, detail::no_wait(), ec);
    });
  }
  bool try_lock_shared(std::error_code& ec) noexcept {
    return caught(ec, [&] { return acquire(shared, detail::no_wait(), ec); });
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration) {
    return reporting([&](std::error_code& ec) {
      return acquire(shared, detail::timeout(duration), ec);
    });
  }
  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                           std::error_code& ec) noexcept {
    return caught(
        ec, [&] { return acquire(shared, detail::timeout(duration), ec); });
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time) {
    return reporting(
        [&](std::error_code& ec) { return acquire(shared, until(time), ec); });
  }
  template <class Clock, class Duration>
  bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::error_code& ec) noexcept {
    return caught(ec, [&] { return acquire(shared, until(time), ec); });
  }
  void unlock_shared() { unlock(); }
  void unlock_shared(std::error_code& ec) noexcept { unlock(ec); }
  /// @}

#if FILELOCK_HAS_STOP_TOKEN
  /// Effects: as the member without the token, but a request to stop ends the
  /// wait at once. One attempt is made in any case.
  /// \returns Whether the lock is held: false where the wait was stopped, the
  /// policy gave up or the time is over.
  /// @{
  [[nodiscard]] bool lock(std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(exclusive, detail::no_deadline(), token, ec);
    });
  }
  [[nodiscard]] bool lock(std::stop_token token, std::error_code& ec) noexcept {
    return caught(ec, [&] {
      return stop_by(exclusive, detail::no_deadline(), token, ec);
    });
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(exclusive, detail::timeout(duration), token, ec);
    });
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_for(const std::chrono::duration<Rep, Period>& duration,
               std::stop_token token, std::error_code& ec) noexcept {
    return caught(ec, [&] {
      return stop_by(exclusive, detail::timeout(duration), token, ec);
    });
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(exclusive, until(time), token, ec);
    });
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_until(const std::chrono::time_point<Clock, Duration>& time,
                 std::stop_token token, std::error_code& ec) noexcept {
    return caught(ec,
                  [&] { return stop_by(exclusive, until(time), token, ec); });
  }
  [[nodiscard]] bool lock_shared(std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(shared, detail::no_deadline(), token, ec);
    });
  }
  [[nodiscard]] bool lock_shared(std::stop_token token,
                                 std::error_code& ec) noexcept {
    return caught(
        ec, [&] { return stop_by(shared, detail::no_deadline(), token, ec); });
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(shared, detail::timeout(duration), token, ec);
    });
  }
  template <class Rep, class Period>
  [[nodiscard]] bool
  try_lock_shared_for(const std::chrono::duration<Rep, Period>& duration,
                      std::stop_token token, std::error_code& ec) noexcept {
    return caught(ec, [&] {
      return stop_by(shared, detail::timeout(duration), token, ec);
    });
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token) {
    return reporting([&](std::error_code& ec) {
      return stop_by(shared, until(time), token, ec);
    });
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool
  try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& time,
                        std::stop_token token, std::error_code& ec) noexcept {
    return caught(ec, [&] { return stop_by(shared, until(time), token, ec); });
  }
  /// @}
#endif

  /// Effects: releases and closes. Errors are ignored. The next acquire opens
  /// the file again.
  void close() noexcept { core_.file().close(); }

  /// \returns The absolute path; empty where the lock has none.
  const std::filesystem::path& path() const noexcept { return core_.path(); }

  /// \returns The open handle; Platform::invalid_handle where there is none.
  native_handle_type native_handle() const noexcept {
    return core_.file().native();
  }

  /// Effects: gives the handle up as it is, still locked if the lock is held.
  /// This object is closed then.
  [[nodiscard]] native_handle_type release() noexcept {
    return core_.file().release();
  }

  /// \returns Whether this object holds the lock exclusively.
  bool owns_lock() const noexcept { return core_.file().mode() == exclusive; }

  /// \returns Whether this object holds the lock shared.
  bool owns_lock_shared() const noexcept {
    return core_.file().mode() == shared;
  }

  /// \returns Whether the file is open.
  bool is_open() const noexcept { return core_.file().is_open(); }

  /// Effects: exchanges path, file, hold and policy.
  /// @{
  void swap(basic_file_lock& other) noexcept(
      std::is_nothrow_move_constructible_v<basic_file_lock>&&
          std::is_nothrow_move_assignable_v<basic_file_lock>) {
    basic_file_lock moved(std::move(other));
    other = std::move(*this);
    *this = std::move(moved);
  }
  friend void swap(basic_file_lock& a,
                   basic_file_lock& b) noexcept(noexcept(a.swap(b))) {
    a.swap(b);
  }
  /// @}

private:
  static constexpr lock_mode exclusive = lock_mode::exclusive;
  static constexpr lock_mode shared = lock_mode::shared;

  template <class Clock, class Duration>
  static detail::time_limit<clock, Clock, Duration>
  until(const std::chrono::time_point<Clock, Duration>& time) {
    return detail::time_limit<clock, Clock, Duration>(time);
  }

  static std::filesystem::path absolute(std::filesystem::path path) {
    // Windows would cut the path at a null character: GetFullPathNameW. Kept,
    // it is refused when the file is opened.
    if (path.empty() || detail::has_null_character(path)) return path;
    std::error_code ec;
    std::filesystem::path result = std::filesystem::absolute(path, ec);
    if (ec) detail::throw_error(path, ec);
    return result;
  }

  template <class Deadline>
  bool acquire(lock_mode mode, const Deadline& deadline, std::error_code& ec) {
    return core_.acquire(mode, deadline, canceller(), ec) ==
           wait_outcome::acquired;
  }

  bool wait_for_lock(lock_mode mode, std::error_code& ec) {
    const wait_outcome outcome =
        core_.acquire(mode, detail::no_deadline(), canceller(), ec);
    if (outcome == wait_outcome::gave_up)
      ec = std::make_error_code(std::errc::timed_out);
    return outcome == wait_outcome::acquired;
  }

#if FILELOCK_HAS_STOP_TOKEN
  template <class Deadline>
  bool stop_by(lock_mode mode, const Deadline& deadline,
               const std::stop_token& token, std::error_code& ec) {
    cancel_source source;
    const std::stop_callback on_stop(token, [&source] { source.request(); });
    const canceller stop =
        token.stop_possible() ? canceller(source) : canceller();
    return core_.acquire(mode, deadline, stop, ec) == wait_outcome::acquired;
  }
#endif

  // The two forms of every member: one throws, the other never does.
  template <class Function>
  auto reporting(Function function) {
    std::error_code ec;
    if constexpr (std::is_void_v<decltype(function(ec))>) {
      function(ec);
      if (ec) fail(ec);
    } else {
      const auto result = function(ec);
      if (ec) fail(ec);
      return result;
    }
  }
  template <class Function>
  static bool caught(std::error_code& ec, Function function) noexcept {
    ec.clear();
    return detail::without_exceptions(ec, function);
  }

  [[noreturn]] void fail(std::error_code ec) const {
    detail::throw_error(core_.path(), ec);
  }

  detail::lock_core<Platform, BackoffPolicy> core_;
};

/// A path alone, or with options, gives the lock of this system; a policy gives
/// that lock with the policy.
/// @{
basic_file_lock(std::filesystem::path)->basic_file_lock<>;
basic_file_lock(std::filesystem::path, open_options)->basic_file_lock<>;
template <class BackoffPolicy>
basic_file_lock(std::filesystem::path, BackoffPolicy, open_options = {})
    -> basic_file_lock<native_traits, BackoffPolicy>;
/// @}

} // namespace filelock

#endif
