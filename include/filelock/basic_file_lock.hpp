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
#include <filelock/detail/lock/counted_lock.hpp>
#include <filelock/detail/lock/error_forms.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/hold_members.hpp>
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
inline namespace v1 {

/// Tag: the lock takes ownership of a handle that is already open.
struct adopt_handle_t {
  explicit adopt_handle_t() = default;
};
/// The value of adopt_handle_t.
inline constexpr adopt_handle_t adopt_handle{};

/// A lock on a file. Two objects on one path exclude each other, in one process
/// and in two. They also exclude every other program that locks the file by the
/// same system call. Models Lockable, TimedLockable, SharedLockable and
/// SharedTimedLockable.
///
/// An object is closed, unlocked, shared or exclusive. Holds are counted: an
/// acquire in the mode that the object already holds returns at once, and as
/// many releases end it, so guards on one object nest. In a forked child the
/// object is closed.
///
/// Preconditions, of every member: no other thread uses the object at the same
/// time, and a policy does not fork a child that returns from the policy. Let
/// threads share a file_mutex. A thread that asks for a lock that another
/// thread holds through the same object gets an error.
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
///   mode, or another thread holds it by this object; or the wait would never
///   end, where the Platform can tell
/// - invalid_argument: the object has no path; the file is not a regular one;
///   or options contradict each other
/// - is_a_directory, not_a_directory: not as open_options::directory says
/// - not_supported: the system cannot lock this file, or not in this way; or
///   the path named another file 64 times in a row, up to the deadline
/// - too_many_symbolic_link_levels: the path is a symbolic link
/// - timed_out: lock() or lock_shared(), where the policy gave up
/// - the errors of the system calls; never EINTR, and never for a busy lock
///
/// System calls, of an acquire that need not wait, on POSIX: 1, and 1 for
/// verify_path, which is 2 after a change of the file and for
/// remove_on_release; 3 more if the file is not open yet.
///
/// Units: any duration, and a time point of any clock. A negative or NaN
/// duration is one attempt. A wait of 292 years or more is unbounded.
template <class Platform, class BackoffPolicy>
class basic_file_lock
    : private detail::counted_lock<detail::checked_platform_t<Platform>,
                                   BackoffPolicy>,
      public detail::lock_members<basic_file_lock<Platform, BackoffPolicy>>,
      public detail::conversion_members<
          basic_file_lock<Platform, BackoffPolicy>>,
      public detail::hold_members<basic_file_lock<Platform, BackoffPolicy>>,
      private detail::require_platform<Platform>,
      private detail::require_backoff_policy<BackoffPolicy> {
public:
  /// The template arguments, and the clock of all waits.
  /// @{
  using platform_type = Platform;
  using backoff_policy_type = BackoffPolicy;
  using native_handle_type =
      typename detail::checked_platform_t<Platform>::native_handle_type;
  using clock = detail::clock_t<Platform>;
  /// @}

  /// Makes a lock without a path: each acquire of it is invalid_argument.
  basic_file_lock() = default;

  /// Keeps the path and opens no file. Effects: makes a relative path absolute,
  /// so a later change of the working directory does not matter.
  /// Throws: the error of std::filesystem::absolute; the policy's exceptions.
  /// \param options How the file is opened, at the first acquire or open().
  /// @{
  explicit basic_file_lock(std::filesystem::path path, BackoffPolicy policy,
                           open_options options = {})
      : core(detail::kept_path<Platform>(std::move(path)), std::move(policy),
             options) {}
  template <class Policy = BackoffPolicy,
            class = std::enable_if_t<std::is_default_constructible_v<Policy>>>
  explicit basic_file_lock(std::filesystem::path path,
                           open_options options = {})
      : basic_file_lock(std::move(path), Policy(), options) {}
  /// @}

  /// Takes ownership of a handle that is already open. Preconditions: `handle`
  /// is locked as `held` says, on the bytes of `options.range`, and no other
  /// lock owns it. Effects: a forked child closes the handle. Its close-on-exec
  /// flag stays as it is. The lock has no path, is not verified and is never
  /// reopened. After a throw the caller still owns the handle. Error
  /// conditions: bad_file_descriptor: it is not open; invalid_argument: it is
  /// invalid_handle. System calls: on POSIX 2.
  basic_file_lock(adopt_handle_t, native_handle_type handle, lock_mode held,
                  BackoffPolicy policy = {}, open_options options = {})
      : core(std::filesystem::path(), std::move(policy), options) {
    detail::failure failed;
    core::adopt(handle, held, failed);
    detail::throw_if(failed, path());
  }

  /// Moves path, file, hold and policy: `other` then has no path.
  basic_file_lock(basic_file_lock&& other) = default;
  /// Releases, closes and moves. If the policy's move throws, it has no path.
  basic_file_lock& operator=(basic_file_lock&& other) = default;

  /// Calls close().
  ~basic_file_lock() = default;

  /// Opens the file, and takes no lock. Effects: creates the file if need be.
  /// Does nothing if it is open. Error conditions: as an acquire;
  /// resource_unavailable_try_again: a lease on the file is being called back.
  /// System calls: on POSIX 3 or more.
  /// @{
  void open() {
    detail::failure failed;
    open(failed);
    detail::throw_if(failed, path());
  }
  void open(std::error_code& ec) noexcept {
    detail::error_code_form(ec, [&](detail::failure& failed) { open(failed); });
  }
  /// @}

  /// Counts one release: the last one releases the lock. Effects: releases in
  /// whatever mode the lock is held. Does nothing if it is not held. After an
  /// error the lock is released all the same: the file is closed. unlock()
  /// ignores the error, since a guard's destructor calls it; unlock(ec) reports
  /// it. Synchronization: synchronizes with the acquire that it lets in. Error
  /// conditions: those of the system call; operation_not_permitted: the owner
  /// is another thread, on a Platform whose owner is a thread; nothing changes.
  /// A file that cannot be removed, for open_options::remove_on_release, is no
  /// error. System calls: 1; on POSIX 3 more where the file is removed, and
  /// another 2 for a lock that is held shared.
  /// @{
  void unlock() noexcept {
    std::error_code ignored;
    unlock(ignored);
  }
  void unlock(std::error_code& ec) noexcept {
    ec.clear();
    core::unlock(ec);
  }
  void unlock_shared() noexcept { unlock(); }
  void unlock_shared(std::error_code& ec) noexcept { unlock(ec); }
  /// @}

  /// Ends all holds and closes the file. Effects: ignores errors. The next
  /// acquire opens the file again. On a Platform whose owner is a thread,
  /// another thread cannot release: the lock is then free when its owner ends.
  /// Synchronization: as unlock(). System calls: on POSIX 1 or 2.
  void close() noexcept { core::close(); }

  /// \returns The absolute path. Empty if the lock has none.
  const std::filesystem::path& path() const noexcept { return core::path(); }

  /// \returns The open handle. Platform::invalid_handle if there is none.
  native_handle_type native_handle() const noexcept {
    return core::file().native();
  }

  /// Gives up ownership of the handle. Effects: leaves the handle as it is,
  /// locked if the lock is held. Afterwards this object is closed. A forked
  /// child keeps the handle. Removes no file. \returns The handle, or
  /// invalid_handle.
  [[nodiscard]] native_handle_type release() noexcept {
    return core::release();
  }

  /// \returns Whether this object holds the lock exclusively.
  bool owns_lock() const noexcept {
    return core::file().mode() == lock_mode::exclusive;
  }

  /// \returns Whether this object holds the lock shared.
  bool owns_lock_shared() const noexcept {
    return core::file().mode() == lock_mode::shared;
  }

  /// \returns Whether the held lock still guards its path. False if it is not
  /// held; if the file was deleted, renamed or replaced; or if the hold of a
  /// service was lost, as far as this process knows. If the lock has no path,
  /// or the Platform cannot compare: only whether it is held. On NFS, a hold
  /// that ended with the lease is false with posix_ofd_traits, while another
  /// owner has it, and not noticed with other Platforms. The answer may be out
  /// of date when you read it. System calls: on POSIX 2, 1 more with
  /// posix_ofd_traits, and 1 more for a file without a device, as on NFS.
  bool still_valid() const noexcept { return core::still_valid(); }

  /// \returns Whether the last owner died with the lock that is held. That
  /// exclusive owner ended without a release, so what the lock guards may be
  /// half done. False if this object does not hold the lock. A release or a
  /// downgrade clears this. A shared owner sees it too, but cannot clear it.
  /// Needs a Platform that can tell, such as marked<P>. System calls: those of
  /// Platform::previous_owner_died.
  bool previous_owner_died() const noexcept {
    return core::previous_owner_died();
  }

  /// \returns Whether the file is open.
  bool is_open() const noexcept { return core::file().is_open(); }

  /// Exchanges path, file, hold and policy.
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

  /// \returns The process that holds the lock by another object. Nothing if
  /// nobody holds it, or the system cannot tell. Opens a closed file for the
  /// question, but does not create it. With a Platform whose owner is a
  /// process, a closed file stays closed, and the answer is nothing. The answer
  /// may be out of date when you read it: use it in messages, not in decisions.
  /// Never blocks.
  std::optional<process_id> holder() const noexcept {
    return core::holder(lock_mode::exclusive);
  }

private:
  // A base, because lock_members, conversion_members and hold_members call its
  // members as those of this class.
  using core =
      detail::counted_lock<detail::checked_platform_t<Platform>, BackoffPolicy>;

  friend class detail::lock_members<basic_file_lock>;
  friend class detail::conversion_members<basic_file_lock>;
  friend class detail::hold_members<basic_file_lock>;
  friend class detail::asynchronous_access;

  void open(detail::failure& failed) noexcept {
    if (!is_open()) core::open_file(failed);
  }
};

/// Deduces the lock of this system. A policy replaces the default one.
/// @{
basic_file_lock(std::filesystem::path)->basic_file_lock<>;
basic_file_lock(std::filesystem::path, open_options)->basic_file_lock<>;
template <class BackoffPolicy>
basic_file_lock(std::filesystem::path, BackoffPolicy, open_options = {})
    -> basic_file_lock<native_traits, BackoffPolicy>;
/// @}

} // namespace v1
} // namespace filelock

#endif
