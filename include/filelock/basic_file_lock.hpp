// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// basic_file_lock: a lock on a file, for threads and processes.

#ifndef FILELOCK_BASIC_FILE_LOCK_HPP
#define FILELOCK_BASIC_FILE_LOCK_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/absolute_path.hpp>
#include <filelock/detail/lock/conversion_members.hpp>
#include <filelock/detail/lock/error_forms.hpp>
#include <filelock/detail/lock/lock_conversion.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/lock_members.hpp>
#include <filelock/error.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/native_traits.hpp>

#include <filesystem>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

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
/// - resource_deadlock_would_occur: the object holds the lock in the other
///   mode; or the wait would never end, where the Platform can tell
/// - invalid_argument: the object has no path, or it is not a regular file's;
///   or options are at odds
/// - is_a_directory, not_a_directory: not as open_options::directory says
/// - not_supported: the system cannot lock this file, or not in this way
/// - too_many_symbolic_link_levels: the path is a symbolic link
/// - timed_out: lock() or lock_shared(), where the policy gave up
/// - the errors of the system calls; never EINTR, and never for a busy lock
///
/// System calls, of an acquire that need not wait, on POSIX: 1, and 1 for
/// open_options::verify_path, 2 for remove_on_release; 2 more where the file is
/// not open yet.
///
/// Units: any duration, and a time point of any clock. What is negative or NaN
/// is one attempt; from 292 years on, a wait is unbounded.
template <class Platform, class BackoffPolicy>
class basic_file_lock
    : public detail::lock_members<basic_file_lock<Platform, BackoffPolicy>>,
      public detail::conversion_members<
          basic_file_lock<Platform, BackoffPolicy>>,
      private detail::require_platform<Platform>,
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
      : core_(detail::absolute_path(std::move(path)), std::move(policy),
              options) {}
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
    if (!core_.adopt(handle, held, ec)) detail::throw_error(path(), ec);
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
    detail::throwing_form(*this, [&](std::error_code& ec) { open(ec); });
  }
  void open(std::error_code& ec) noexcept {
    ec.clear();
    core_.open(ec);
  }
  /// @}

  /// Effects: releases, in whatever mode the lock is held; nothing where it is
  /// not. After an error the lock is released all the same: the file is closed.
  /// Synchronization: synchronizes with the acquire that it lets in.
  /// Throws: on an error of the system call, and so a guard whose destructor
  /// meets one ends the program; unlock(ec) does not. That the file could not
  /// be removed, for open_options::remove_on_release, is not reported.
  /// System calls: 1; on POSIX 3 more where the file is removed, and 2 more of
  /// a lock that is held shared.
  /// @{
  void unlock() {
    detail::throwing_form(*this, [&](std::error_code& ec) { unlock(ec); });
  }
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    ec.clear();
    if (owns_lock() || owns_lock_shared()) core_.unlock(ec);
  }
  void unlock_shared() { unlock(); }
  void unlock_shared(std::error_code& ec) noexcept { unlock(ec); }
  /// @}

  /// Effects: releases and closes. Errors are ignored. The next acquire opens
  /// the file again.
  void close() noexcept { core_.close(); }

  /// \returns The absolute path; empty where the lock has none.
  const std::filesystem::path& path() const noexcept { return core_.path(); }

  /// \returns The open handle; Platform::invalid_handle where there is none.
  native_handle_type native_handle() const noexcept {
    return core_.file().native();
  }

  /// Effects: gives the handle up as it is, still locked if the lock is held.
  /// This object is closed then. No file is removed.
  [[nodiscard]] native_handle_type release() noexcept {
    return core_.file().release();
  }

  /// \returns Whether this object holds the lock exclusively.
  bool owns_lock() const noexcept {
    return core_.file().mode() == lock_mode::exclusive;
  }

  /// \returns Whether this object holds the lock shared.
  bool owns_lock_shared() const noexcept {
    return core_.file().mode() == lock_mode::shared;
  }

  /// \returns Whether this object holds the lock, and the path still names the
  /// locked file: not one that was deleted, renamed or replaced under it. The
  /// hold alone, where the lock has no path or the Platform cannot compare.
  /// What is true now may be false at once. System calls: 2.
  bool still_valid() const noexcept { return core_.still_valid(); }

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

  /// \returns The process that holds the lock in any mode, where the system can
  /// tell, other than by this object; nothing where nobody does, or the system
  /// cannot tell. Nothing where the file is not open, for it is not opened to
  /// be asked: call open() before. It is past when it is told, and so for
  /// messages. Never blocks.
  std::optional<process_id> holder() const noexcept {
    return core_.holder(lock_mode::exclusive);
  }

private:
  friend class detail::lock_members<basic_file_lock>;
  friend class detail::conversion_members<basic_file_lock>;

  // What lock_members stands on.
  template <class Deadline>
  wait_outcome acquire(lock_mode mode, const Deadline& deadline,
                       const canceller& stop, std::error_code& ec) {
    return core_.acquire(mode, deadline, stop, ec);
  }

  // What conversion_members stands on.
  template <class Deadline>
  conversion convert(lock_mode to, const Deadline& deadline,
                     const canceller& stop, std::error_code& ec) {
    return detail::lock_conversion<Platform, BackoffPolicy>(core_, to, ec)
        .run(deadline, stop);
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
