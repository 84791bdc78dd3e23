// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// file_mutex: one lock on a file that the threads of a process share.

#ifndef FILELOCK_FILE_MUTEX_HPP
#define FILELOCK_FILE_MUTEX_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/absolute_path.hpp>
#include <filelock/detail/lock/error_forms.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/lock_members.hpp>
#include <filelock/detail/mutex/mutex_gate.hpp>
#include <filelock/detail/mutex/mutex_phases.hpp>
#include <filelock/detail/mutex/renewed_after_fork.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/native_traits.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {

/// A mutex for the threads of this process, other objects on the same path and
/// other processes alike: one object that many threads share. Other objects in
/// this process only where Platform::excludes_same_process. Models Lockable,
/// TimedLockable, SharedLockable and SharedTimedLockable. Neither copied nor
/// moved.
///
/// Among the threads, readers and writers take turns. Readers join a hold that
/// is shared, for joining_time; then the file lock is given back. The first
/// thread of a hold waits for the file, as Platform and BackoffPolicy say, and
/// the others wait for that thread.
///
/// Preconditions: as of std::shared_mutex. Whoever acquires holds nothing by
/// this object; whoever releases holds the lock in that mode; nobody uses the
/// object when it is destroyed, or holds by it.
///
/// After a fork, the object of the child is as new, whatever the threads of the
/// parent did with it.
///
/// Synchronization: an acquire synchronizes with the release that let it in, by
/// this object or another on the same file, in this process or in another.
///
/// Throws, error conditions, system calls and units: as basic_file_lock. The
/// policy paces the wait for the file alone, and its elapsed time is of that
/// wait; a deadline bounds both waits together.
template <class Platform, class BackoffPolicy>
class basic_file_mutex
    : public detail::lock_members<basic_file_mutex<Platform, BackoffPolicy>>,
      private detail::require_platform<Platform>,
      private detail::require_backoff_policy<BackoffPolicy> {
public:
  /// What the template was given, and the clock that waits are measured in.
  /// @{
  using platform_type = Platform;
  using backoff_policy_type = BackoffPolicy;
  using clock = detail::clock_t<Platform>;
  /// @}

  /// For how long readers join the first reader of a hold.
  static constexpr std::chrono::milliseconds joining_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          detail::mutex_phases::joining_time);
  /// For how long the file lock stays free, at least, before this process takes
  /// it shared again, where a reader came too late to join.
  static constexpr std::chrono::milliseconds yielding_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          detail::mutex_phases::yielding_time);

  /// Effects: none on the file; a relative path is made absolute.
  /// \param options How the file is opened, at the first acquire.
  /// @{
  explicit basic_file_mutex(std::filesystem::path path, BackoffPolicy policy,
                            open_options options = {})
      : core_(detail::absolute_path(std::move(path)), std::move(policy),
              options) {}
  template <class Policy = BackoffPolicy,
            class = std::enable_if_t<std::is_default_constructible_v<Policy>>>
  explicit basic_file_mutex(std::filesystem::path path,
                            open_options options = {})
      : basic_file_mutex(std::move(path), Policy(), options) {}
  /// @}

  /// Not moved either: threads know its address.
  /// @{
  basic_file_mutex(const basic_file_mutex&) = delete;
  basic_file_mutex& operator=(const basic_file_mutex&) = delete;
  /// @}

  /// Effects: closes the file. Preconditions: no thread uses the mutex, or
  /// holds it.
  ~basic_file_mutex() = default;

  /// Preconditions: this thread holds the lock exclusively.
  /// Effects: releases. Nothing in a forked child whose parent acquired, unless
  /// the child has too. After an error the lock is released all the same: the
  /// file is closed.
  /// Synchronization: synchronizes with the acquire that it lets in.
  /// Throws: on an error of the system call, and so a guard whose destructor
  /// meets one ends the program; unlock(ec) does not.
  /// System calls: as of basic_file_lock::unlock().
  /// @{
  void unlock() {
    if (!gate_.is_current()) return;
    const end_of_hold end(gate_.get(), lock_mode::exclusive);
    detail::throwing_form(*this,
                          [&](std::error_code& ec) { release_file(ec); });
  }
  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    ec.clear();
    if (!gate_.is_current()) return;
    const end_of_hold end(gate_.get(), lock_mode::exclusive);
    release_file(ec);
  }
  /// @}

  /// Preconditions: this thread holds the lock shared.
  /// Effects: as unlock(), but the file lock is held until the last reader of
  /// this process has released. System calls, of another reader: none.
  /// @{
  void unlock_shared() {
    if (!gate_.is_current() || !gate_.get().leave()) return;
    const end_of_hold end(gate_.get(), lock_mode::shared);
    detail::throwing_form(*this,
                          [&](std::error_code& ec) { release_file(ec); });
  }
  void unlock_shared(std::error_code& ec) noexcept {
    ec.clear();
    if (!gate_.is_current() || !gate_.get().leave()) return;
    const end_of_hold end(gate_.get(), lock_mode::shared);
    release_file(ec);
  }
  /// @}

  /// \returns The absolute path.
  const std::filesystem::path& path() const noexcept { return core_.path(); }

private:
  friend class detail::lock_members<basic_file_mutex>;
  using action = detail::entry::action;
  using gate = detail::mutex_gate<clock>;
  using end_of_hold = typename gate::end_of_hold;

  /// The turn with the file, which its end passes on unless it is kept.
  class turn {
  public:
    turn(basic_file_mutex& mutex, lock_mode mode) noexcept
        : mutex_(mutex), mode_(mode) {}

    ~turn() {
      if (is_kept_) return;
      std::error_code ignored;
      mutex_.release_file(ignored);
      // Not in a child that the policy has forked: its gate is another.
      if (mutex_.gate_.is_current()) mutex_.gate_.get().failed(mode_);
    }

    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    template <class Deadline>
    wait_outcome acquire(const Deadline& deadline, const canceller& stop,
                         std::error_code& ec) {
      const wait_outcome outcome =
          mutex_.core_.acquire(mode_, deadline, stop, ec);
      if (outcome == wait_outcome::acquired) keep();
      return outcome;
    }

  private:
    void keep() {
      const bool is_forked_child = !mutex_.gate_.is_current();
      gate& gate = mutex_.gate_.get();
      if (is_forked_child) gate.enter(mode_); // nobody else is there
      if (mode_ == lock_mode::shared) gate.acquired_shared();
      is_kept_ = true;
    }

    basic_file_mutex& mutex_;
    lock_mode mode_;
    bool is_kept_ = false;
  };

  // What lock_members stands on.
  template <class Deadline>
  wait_outcome acquire(lock_mode mode, const Deadline& deadline,
                       const canceller& stop, std::error_code& ec) {
    const action first = stay_or_leave([&] { return gate_.get().enter(mode); });
    if (first == action::acquire)
      return turn(*this, mode).acquire(deadline, stop, ec);
    if (first == action::join) return wait_outcome::acquired;
    if constexpr (Deadline::reads_clock)
      return wait_and_acquire(mode, deadline, stop, ec);
    else
      return wait_outcome::timed_out;
  }

  template <class Deadline>
  FILELOCK_NOINLINE wait_outcome wait_and_acquire(lock_mode mode,
                                                  const Deadline& deadline,
                                                  const canceller& stop,
                                                  std::error_code& ec) {
    detail::wait_clock<clock, Deadline> wait(deadline);
    action answer;
    {
      typename gate::waiter waiter(gate_.get(), mode, stop);
      std::chrono::nanoseconds remaining;
      do {
        remaining = wait.read().remaining;
        answer = stay_or_leave([&] {
          return waiter.ask((std::min)(remaining, longest_sleep<Deadline>));
        });
      } while (answer == action::wait && remaining > remaining.zero() &&
               !waiter.is_stopped());
      if (answer == action::wait)
        return waiter.is_stopped() ? wait_outcome::stopped
                                   : wait_outcome::timed_out;
    }
    if (answer == action::join) return wait_outcome::acquired;
    turn mine(*this, mode); // before a clock is read: it may throw
    return mine.acquire(detail::rest_of(deadline, wait.read().elapsed), stop,
                        ec);
  }

  /// \returns What `ask()` does. A reader that has joined a hold of a file
  /// which the path no longer names leaves, and asks again.
  template <class Ask>
  action stay_or_leave(Ask ask) {
    for (;;) {
      const action answer = ask();
      if (answer != action::join || !core_.options().verify_path ||
          core_.still_valid())
        return answer;
      gate_.get().close();
      std::error_code ignored;
      unlock_shared(ignored);
    }
  }

  FILELOCK_ALWAYS_INLINE void release_file(std::error_code& ec) noexcept {
    if (core_.file().mode() != lock_mode::unlocked) core_.unlock(ec);
  }

  /// A clock that is not the condition variable's is looked at now and then.
  template <class Deadline>
  static constexpr std::chrono::nanoseconds
      longest_sleep = std::is_same_v<clock, std::chrono::steady_clock>
                          ? Deadline::longest_slice
                          : std::chrono::nanoseconds(std::chrono::seconds(1));

  // Used by the thread whose turn it is, or by readers to read.
  detail::lock_core<Platform, BackoffPolicy> core_;
  detail::renewed_after_fork<gate> gate_;
};

/// A path alone, or with options, gives the mutex of this system; a policy
/// gives that mutex with the policy.
/// @{
basic_file_mutex(std::filesystem::path)->basic_file_mutex<>;
basic_file_mutex(std::filesystem::path, open_options)->basic_file_mutex<>;
template <class BackoffPolicy>
basic_file_mutex(std::filesystem::path, BackoffPolicy, open_options = {})
    -> basic_file_mutex<native_traits, BackoffPolicy>;
/// @}

/// The mutex of this system, paced by default_backoff.
using file_mutex = basic_file_mutex<>;

} // namespace filelock

#endif
