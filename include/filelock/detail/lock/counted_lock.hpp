// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A lock_core that one thread at a time may hold several times.

#ifndef FILELOCK_DETAIL_LOCK_COUNTED_LOCK_HPP
#define FILELOCK_DETAIL_LOCK_COUNTED_LOCK_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/conversion.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/counted_hold.hpp>
#include <filelock/detail/lock/failure.hpp>
#include <filelock/detail/lock/lock_conversion.hpp>
#include <filelock/detail/lock/lock_core.hpp>
#include <filelock/lock_request.hpp>

#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Platform, class BackoffPolicy>
class counted_lock : public lock_core<Platform, BackoffPolicy> {
public:
  using core = lock_core<Platform, BackoffPolicy>;
  using native_type = typename core::native_type;
  using core::core;
  using core::file;

  /// \returns The mode in which this process holds the lock through this
  /// object.
  lock_mode mode() const noexcept { return file().mode(); }

  void adopt(const native_type& handle, lock_mode held, failure& failed) {
    if (core::adopt(handle, held, failed) && held != lock_mode::unlocked)
      hold_.begin();
  }

  template <class Deadline>
  wait_outcome acquire(lock_mode mode, const Deadline& deadline,
                       const canceller& stop, failure& failed) {
    if (!hold_.is_free()) {
      if (hold_.is_reserved()) return refuse_reserved(failed);
      if (is_held()) return acquire_again(mode, failed);
    }
    const wait_outcome outcome = core::acquire(mode, deadline, stop, failed);
    if (outcome == wait_outcome::acquired) hold_.begin();
    return outcome;
  }

  template <class Deadline>
  conversion convert(lock_mode to, const Deadline& deadline,
                     const canceller& stop, failure& failed) {
    if (is_held() && hold_.count() > 1 && mode() != to)
      failed.set(std::errc::resource_deadlock_would_occur,
                 "filelock: this object holds the lock more than once, so the "
                 "outer guards would lose their mode");
    if (failed)
      return mode() == lock_mode::shared ? conversion::refused_still_shared
                                         : conversion::refused_released;
    return lock_conversion<Platform, BackoffPolicy>(*this, to, failed)
        .run(deadline, stop);
  }

  FILELOCK_ALWAYS_INLINE void unlock(std::error_code& ec) noexcept {
    if constexpr (Platform::ownership == lock_ownership::thread)
      if (is_held() && !hold_.is_of_this_thread()) {
        ec = std::make_error_code(std::errc::operation_not_permitted);
        return;
      }
    if (hold_.end_one() && mode() != lock_mode::unlocked) core::unlock(ec);
  }

  /// Reserves this object for an asynchronous operation that acquires.
  /// \returns Whether it is reserved; otherwise `failed` is set.
  bool reserve(failure& failed) noexcept {
    if (hold_.is_reserved()) {
      refuse_reserved(failed);
    } else if (is_held()) {
      failed.set(std::errc::resource_deadlock_would_occur,
                 "filelock: this object holds the lock already");
    } else {
      const process_origin here = process_origin::here(failed.code());
      if (!failed) hold_.reserve(here);
    }
    return !failed;
  }

  /// Ends the reservation.
  /// \param has_acquired Whether this object holds the lock now, for any
  /// thread.
  void end_reservation(bool has_acquired) noexcept {
    if (has_acquired)
      hold_.begin_for_any_thread();
    else
      hold_.end();
  }

  void close() noexcept {
    hold_.end();
    core::close();
  }

  native_type release() noexcept {
    hold_.end();
    return file().release();
  }

private:
  // A hold of the parent does not count in a forked child. The mode is read
  // last: the thread that holds the lock has set it before.
  bool is_held() const noexcept {
    return hold_.is_held() && mode() != lock_mode::unlocked;
  }

  FILELOCK_NOINLINE static wait_outcome
  refuse_reserved(failure& failed) noexcept {
    failed.set(std::errc::resource_deadlock_would_occur,
               "filelock: an asynchronous operation waits for the lock through "
               "this object; use an object for each, or a file_mutex");
    return wait_outcome::failed;
  }

  FILELOCK_NOINLINE wait_outcome acquire_again(lock_mode mode,
                                               failure& failed) {
    if (!hold_.is_of_this_thread()) {
      failed.set(
          std::errc::resource_deadlock_would_occur,
          "filelock: another thread, or an asynchronous operation, holds "
          "the lock through this object; use a file_mutex to share it");
      return wait_outcome::failed;
    }
    if (this->mode() != mode) {
      failed.set(std::errc::resource_deadlock_would_occur,
                 "filelock: this object holds the lock in the other mode; "
                 "try_upgrade() and downgrade() convert it");
      return wait_outcome::failed;
    }
    if (!file().is_held()) {
      failed.set(std::errc::connection_aborted,
                 "filelock: the hold of this object is lost: its session or "
                 "its lease has ended");
      return wait_outcome::failed;
    }
    hold_.add_one();
    return wait_outcome::acquired;
  }

  counted_hold hold_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
