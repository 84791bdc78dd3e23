// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// file_mutex: a mutex for threads and processes, on a file.

#ifndef FILELOCK_FILE_MUTEX_HPP
#define FILELOCK_FILE_MUTEX_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/absolute_path.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/detail/lock/lock_members.hpp>
#include <filelock/detail/mutex/mutex_gate.hpp>
#include <filelock/detail/mutex/mutex_parts.hpp>
#include <filelock/detail/mutex/mutex_phases.hpp>
#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/detail/mutex/mutex_turn.hpp>
#include <filelock/detail/mutex/shared_hold.hpp>
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
inline namespace v1 {

/// A mutex for threads and for processes. Threads share one object. It excludes
/// the other objects on the same path; those of this process only where
/// Platform::excludes_same_process.  Models Lockable, TimedLockable,
/// SharedLockable and SharedTimedLockable. Cannot be copied or moved.
///
/// Among the threads, readers and writers take turns. A reader joins the
/// readers of this process that are inside, unless the hold is closed to them.
/// A hold is closed now and then so that a writer gets in. Writers pass the
/// file lock on among themselves: detail/mutex/mutex_phases.hpp. One thread
/// waits for the file, as Platform and BackoffPolicy say, the others for it.
///
/// Preconditions: those of std::shared_mutex. A thread that acquires holds
/// nothing through this object; a thread that releases holds the lock in that
/// mode. When the object is destroyed, no thread uses it or holds its lock. A
/// policy does not fork a child that returns from the policy.
///
/// In a forked child the object is like a newly made one. Synchronization: an
/// acquire synchronizes with the release that let it in, by this object or
/// another on the same file, in this process or in another.
///
/// Throws, error conditions, system calls and units: as basic_file_lock. The
/// policy paces the wait for the file alone, and sees the elapsed time of that
/// wait. A deadline bounds both waits together.
template <class Platform, class BackoffPolicy>
class basic_file_mutex
    : public detail::lock_members<basic_file_mutex<Platform, BackoffPolicy>>,
      private detail::require_platform<Platform>,
      private detail::require_backoff_policy<BackoffPolicy>,
      private detail::file_mutex_parts<Platform, BackoffPolicy> {
  using parts = detail::file_mutex_parts<Platform, BackoffPolicy>;

public:
  /// The template arguments, and the clock of all waits.
  /// @{
  using platform_type = Platform;
  using backoff_policy_type = BackoffPolicy;
  using clock = detail::clock_t<Platform>;
  /// @}

  /// How long readers join a hold while a writer waits.
  static constexpr std::chrono::milliseconds joining_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          detail::shared_hold::joining_time);
  /// How long threads at least pass the file lock on. Then the object checks
  /// whether another process waits.
  static constexpr std::chrono::milliseconds passing_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          detail::mutex_phases::passing_time);
  /// How long the file lock stays free, at least: after a hold that was closed
  /// to readers, before this process takes it shared again; and after its
  /// threads passed it on until another process waited.
  static constexpr std::chrono::milliseconds yielding_time =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          detail::mutex_phases::yielding_time);

  /// Keeps the path, made absolute. Throws: as the basic_file_lock constructor.
  /// \param options How the file is opened, at the first acquire.
  /// @{
  explicit basic_file_mutex(std::filesystem::path path, BackoffPolicy policy,
                            open_options options = {})
      : parts(detail::kept_path<Platform>(std::move(path)), std::move(policy),
              options) {}
  template <class Policy = BackoffPolicy,
            class = std::enable_if_t<std::is_default_constructible_v<Policy>>>
  explicit basic_file_mutex(std::filesystem::path path,
                            open_options options = {})
      : basic_file_mutex(std::move(path), Policy(), options) {}
  /// @}

  /// Not movable either: threads know its address.
  /// @{
  basic_file_mutex(const basic_file_mutex&) = delete;
  basic_file_mutex& operator=(const basic_file_mutex&) = delete;
  /// @}

  /// Closes the file. Preconditions: no thread uses the mutex, or holds it.
  /// exit() may destroy one that threads wait for: it stays as it is.
  ~basic_file_mutex() = default;

  /// Releases the lock, or passes it on to another thread. Preconditions: this
  /// thread holds the lock exclusively. Effects: does nothing in a forked child
  /// whose parent acquired, unless the child acquired too. After an error the
  /// lock is released all the same: the file is closed. unlock() ignores the
  /// error, since a guard's destructor calls it; unlock(ec) reports it.
  /// Synchronization: synchronizes with the acquire that it lets in. Error
  /// conditions and system calls: as basic_file_lock::unlock().
  /// @{
  void unlock() noexcept {
    std::error_code ignored;
    unlock(ignored);
  }
  void unlock(std::error_code& ec) noexcept {
    ec.clear();
    if (!gate_.is_current() || passes_on()) return;
    const end_of_hold end(gate_.get(), lock_mode::exclusive);
    detail::release_held(core_, ec);
  }
  /// @}

  /// Releases a shared hold. Preconditions: this thread holds the lock shared.
  /// Effects: as unlock(), but the file lock is held until the last reader of
  /// this process releases. System calls of the other readers: none.
  /// @{
  void unlock_shared() noexcept {
    std::error_code ignored;
    unlock_shared(ignored);
  }
  void unlock_shared(std::error_code& ec) noexcept {
    ec.clear();
    if (!gate_.is_current() || !gate_.get().leave()) return;
    const end_of_hold end(gate_.get(), lock_mode::shared);
    detail::release_held(core_, ec);
  }
  /// @}

  /// \returns As basic_file_lock. Preconditions: this thread holds the lock.
  /// \returns As basic_file_lock.
  /// @{
  bool still_valid() const noexcept { return core_.still_valid(); }
  bool previous_owner_died() const noexcept {
    return core_.previous_owner_died();
  }
  /// @}

  /// \returns The process that holds the lock, by any object. Otherwise as
  /// basic_file_lock::holder(). Opens the file for the question, and does not
  /// create it.
  std::optional<process_id> holder() const noexcept {
    return core_.holder_by_path(lock_mode::exclusive);
  }

  /// \returns The absolute path.
  const std::filesystem::path& path() const noexcept { return core_.path(); }

private:
  friend class detail::lock_members<basic_file_mutex>;
  friend class detail::asynchronous_access;
  using action = detail::entry::action;
  using gate = detail::mutex_gate<clock>;
  using end_of_hold = typename gate::end_of_hold;

  using turn = detail::mutex_turn<typename parts::core_type, gate>;

  // Called by lock_members.
  template <class Deadline>
  wait_outcome acquire(lock_mode mode, const Deadline& deadline,
                       const canceller& stop, detail::failure& failed) {
    const action first = ask_and_look(
        [&] { return gate_.get().enter(mode, Deadline::reads_clock); });
    if (first == action::acquire)
      return turn(core_, gate_.get(), mode).acquire(deadline, stop, failed);
    if (detail::is_inside(first)) return wait_outcome::acquired;
    if constexpr (Deadline::reads_clock)
      return wait_and_acquire(mode, deadline, stop, failed);
    else
      return wait_outcome::timed_out;
  }

  template <class Deadline>
  FILELOCK_NOINLINE wait_outcome wait_and_acquire(lock_mode mode,
                                                  const Deadline& deadline,
                                                  const canceller& stop,
                                                  detail::failure& failed) {
    detail::wait_clock<clock, Deadline> wait(deadline);
    action answer;
    {
      const auto release = [this] {
        std::error_code ignored;
        detail::release_held(core_, ignored);
      };
      typename gate::template waiter<decltype(release)> waiter(
          gate_.get(), mode, stop, release);
      std::chrono::nanoseconds remaining;
      do {
        remaining = wait.read().remaining;
        answer = ask_and_look([&] {
          return waiter.ask((std::min)(remaining, longest_sleep<Deadline>));
        });
      } while (answer == action::wait && remaining > remaining.zero() &&
               !waiter.is_stopped());
      if (answer == action::wait)
        return waiter.is_stopped() ? wait_outcome::stopped
                                   : wait_outcome::timed_out;
    }
    if (detail::is_inside(answer)) return wait_outcome::acquired;
    // Before a clock is read: it may throw.
    turn mine(core_, gate_.get(), mode);
    return mine.acquire(detail::rest_of(deadline, wait.read().elapsed), stop,
                        failed);
  }

  /// Calls `ask()` again after each look at the file: whether another process
  /// waits, or whether the path still names the file of a hold that a reader
  /// has joined; if not, the reader leaves.
  /// \returns What the last `ask()` returned.
  template <class Ask>
  action ask_and_look(Ask ask) {
    for (;;) {
      const action answer = ask();
      if (answer == action::look) {
        gate_.get().looked(core_.is_awaited());
      } else if (answer == action::join && core_.options().verify_path &&
                 !core_.still_valid()) {
        gate_.get().close();
        unlock_shared();
      } else {
        return answer;
      }
    }
  }

  /// \returns Whether another thread has the file lock now, or will. It is a
  /// thread of this process.
  bool passes_on() noexcept {
    // The lock of a thread cannot be passed on, nor where each acquire
    // compares.
    if (Platform::ownership == lock_ownership::thread ||
        core_.options().compare_always)
      return false;
    // The next owner sees what a release would have cleared.
    constexpr bool tells_deaths = detail::has_previous_owner_died_v<Platform>;
    return gate_.get().passes_on(tells_deaths, [this] {
      if constexpr (tells_deaths)
        if (core_.previous_owner_died()) return false;
      return (!core_.options().verify_path || core_.still_valid()) &&
             !core_.is_awaited_by_others();
    });
  }

  /// Reads a clock now and then that no condition variable knows.
  template <class Deadline>
  static constexpr std::chrono::nanoseconds
      longest_sleep = gate::tools::sleeps_by_clock
                          ? Deadline::longest_slice
                          : std::chrono::nanoseconds(std::chrono::seconds(1));

  using parts::core_;
  using parts::gate_;
};

/// Deduces the mutex of this system. A policy replaces the default one.
/// @{
basic_file_mutex(std::filesystem::path)->basic_file_mutex<>;
basic_file_mutex(std::filesystem::path, open_options)->basic_file_mutex<>;
template <class BackoffPolicy>
basic_file_mutex(std::filesystem::path, BackoffPolicy, open_options = {})
    -> basic_file_mutex<native_traits, BackoffPolicy>;
/// @}

/// The mutex of this system, paced by default_backoff.
using file_mutex = basic_file_mutex<>;

} // namespace v1
} // namespace filelock

#endif
