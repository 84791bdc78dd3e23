// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Who of the threads of one process has the turn with the file lock that they
/// share: the logic of a file_mutex, without I/O, threads or clocks.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP

#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstddef>

namespace filelock::detail {

/// What a thread that asks for the lock has to do.
struct entry {
  enum class action {
    acquire, ///< the file lock, alone; then call acquired() or failed()
    join,    ///< nothing: the thread holds the lock with other readers
    wait     ///< ask again when woken, or after `length`
  };
  action what;
  std::chrono::nanoseconds length = unbounded;
};

/// Whom a change concerns.
enum class wake { nobody, one_writer, one_reader, all_readers };

/// Whoever is told `acquire` is the owner: until it calls back, every other
/// thread waits, and none but the owner touches the file. So the owner needs no
/// permission to wait for the file, or to release it.
///
/// Readers and writers take turns: when a hold ends, those who wait for the
/// other mode go first. Readers join a shared hold for `joining_time`; if one
/// comes too late, the file lock stays free for `yielding_time` before this
/// process takes it shared again, as another process, which the kernel has to
/// wake first, would lose every race for it.
class mutex_phases {
public:
  /// \param now is called as `nanoseconds()`, where the time matters.
  template <class Now>
  entry enter(lock_mode mode, Now now) {
    const bool reads = mode == lock_mode::shared;
    if (phase_ == phase::free && has_turn(mode)) {
      entry result{entry::action::acquire};
      if (reads && yields_) result = after_yielding(now());
      if (result.what == entry::action::acquire) phase_ = phase::owned;
      return result;
    }
    if (phase_ == phase::shared && reads) {
      if (can_be_joined_ && is_within(joining_time, now())) {
        ++readers_;
        return {entry::action::join};
      }
      is_reader_late_ = true;
    }
    return {entry::action::wait};
  }

  /// The thread, which was told to wait, waits: it counts for the others.
  void begin_wait(lock_mode mode) noexcept { ++waiting(mode); }
  /// The thread has been let in.
  void end_wait(lock_mode mode) noexcept { --waiting(mode); }
  /// The thread has given up; what it may have been woken for is for another.
  wake abandon_wait(lock_mode mode) noexcept {
    --waiting(mode);
    return phase_ == phase::free ? next() : wake::nobody;
  }

  /// The owner holds the file lock shared. (Where it holds it exclusively
  /// nothing changes for the others.)
  wake acquired_shared(std::chrono::nanoseconds now) noexcept {
    phase_ = phase::shared;
    readers_ = 1;
    since_ = now;
    can_be_joined_ = true;
    yields_ = false;
    return waiting_readers_ != 0 ? wake::all_readers : wake::nobody;
  }

  /// The owner could not acquire the file lock.
  wake failed(lock_mode mode) noexcept { return end_turn(mode); }

  /// The file is not the one that is wanted by now: nobody joins any more.
  void close() noexcept { can_be_joined_ = false; }

  /// A reader has done.
  /// \returns Whether it was the last. Then it is the owner, and releases the
  /// file lock; then calls released().
  bool leave() noexcept {
    if (--readers_ != 0) return false;
    phase_ = phase::owned;
    return true;
  }

  /// The owner has released the file lock.
  template <class Now>
  wake released(lock_mode mode, Now now) {
    if (is_reader_late_) yields_ = true;
    is_reader_late_ = false;
    if (yields_) since_ = now();
    return end_turn(mode);
  }

  static constexpr std::chrono::nanoseconds joining_time =
      std::chrono::milliseconds(20);
  static constexpr std::chrono::nanoseconds yielding_time =
      std::chrono::milliseconds(1);

private:
  enum class phase { free, owned, shared };

  static lock_mode other(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? lock_mode::exclusive : lock_mode::shared;
  }

  std::size_t& waiting(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? waiting_readers_ : waiting_writers_;
  }

  bool has_turn(lock_mode mode) noexcept {
    return turn_ == mode || waiting(turn_) == 0;
  }

  // A clock that was set back begins nothing anew.
  bool is_within(std::chrono::nanoseconds length,
                 std::chrono::nanoseconds now) const noexcept {
    return now >= since_ && time_between(since_, now) < length;
  }

  entry after_yielding(std::chrono::nanoseconds now) const noexcept {
    if (!is_within(yielding_time, now)) return {entry::action::acquire};
    return {entry::action::wait, yielding_time - (now - since_)};
  }

  wake end_turn(lock_mode mode) noexcept {
    phase_ = phase::free;
    turn_ = other(mode);
    return next();
  }

  wake next() noexcept {
    const lock_mode mode = waiting(turn_) != 0 ? turn_ : other(turn_);
    if (waiting(mode) == 0) return wake::nobody;
    return mode == lock_mode::shared ? wake::one_reader : wake::one_writer;
  }

  phase phase_ = phase::free;
  lock_mode turn_ = lock_mode::exclusive;
  bool can_be_joined_ = false;  // the shared hold
  bool is_reader_late_ = false; // for the shared hold
  bool yields_ = false;         // to other processes
  std::size_t readers_ = 0;
  std::size_t waiting_readers_ = 0;
  std::size_t waiting_writers_ = 0;
  std::chrono::nanoseconds since_{}; // it was acquired shared, or released
};

} // namespace filelock::detail

#endif
