// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Decides which thread of a process uses the file lock that they share. The
/// logic of a file_mutex, without I/O, threads or clocks.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP

#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/detail/mutex/shared_hold.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A thread that gets the answer `acquire` is the owner. Until it calls back,
/// every other thread waits, and only the owner uses the file. So the owner
/// needs no permission to wait for the file, or to release it.
///
/// Readers and writers take turns: when a hold ends, the waiters of the other
/// mode go first. Which readers share a hold, shared_hold says.
///
/// A writer passes the file lock on if other writers wait, and no reader. The
/// file lock is then kept until a thread takes it: the first that comes, which
/// need not be the one that was woken. To let in only that one would cost a
/// switch of threads for each hold. After `passing_time`, the owner checks that
/// no other process waits and that the path still names the file. If either is
/// not so, it gives the file lock away. A process that polls cannot be seen to
/// wait, so the file lock is given away after `most_checks` in any case.
///
/// After a hold that was closed to readers, and after a file lock that was
/// given away, the file stays free for `yielding_time`. Without that, another
/// process, which the kernel has to wake first, would lose every race for it.
class mutex_phases {
public:
  static constexpr std::chrono::nanoseconds passing_time =
      std::chrono::milliseconds(5);
  static constexpr int most_checks = 5;
  // Longer than a pause of default_backoff, so that a process that polls finds
  // the file free.
  static constexpr std::chrono::nanoseconds yielding_time =
      std::chrono::milliseconds(2);

  /// \param now is called as `nanoseconds()` if the time matters.
  /// \param can_wait Whether the thread can follow the answer to wait.
  /// \param thread Any address that no other thread has.
  template <class Now>
  entry enter(lock_mode mode, Now now, bool can_wait, const void* thread) {
    const bool reads = mode == lock_mode::shared;
    if (phase_ == phase::free && has_turn(mode)) {
      entry result{entry::action::acquire};
      if (yields_ && (reads || (writers_yield_ && can_wait)))
        result = after_yielding(now());
      if (result.what == entry::action::acquire) begin_owning();
      return result;
    }
    if (phase_ == phase::kept && !reads) {
      phase_ = phase::owned;
      return {entry::action::take};
    }
    if (phase_ == phase::shared && reads && can_be_joined_)
      return readers_.enter(now(), can_wait, waiting_writers_ != 0, thread);
    return {entry::action::wait};
  }

  /// Notes that a thread became the owner without asking, to write.
  void begin_owning() noexcept {
    phase_ = phase::owned;
    passing_since_.reset();
    checks_ = 0;
    if (writers_yield_) yields_ = false; // the others have had their time
    writers_yield_ = false;
  }

  /// Notes whether another process was seen to wait for the file lock.
  void looked(bool is_awaited, std::chrono::nanoseconds now) noexcept {
    if (phase_ == phase::shared) readers_.looked(is_awaited, now);
  }

  // ---- Waiters ----

  /// Counts the thread as a waiter, after the answer to wait.
  void begin_wait(lock_mode mode) noexcept { ++waiting(mode); }

  /// Notes that a waiter is going to ask again. It was woken, or has slept for
  /// long enough.
  void resumed(lock_mode mode) noexcept {
    if (mode == lock_mode::exclusive) writer_is_woken_ = false;
  }

  /// Ends the wait of a thread that was let in.
  void end_wait(lock_mode mode) noexcept { --waiting(mode); }

  /// Ends the wait of a thread that gives up, and passes on its wake-up. Then
  /// takes_what_is_left() is called.
  wake abandon_wait(lock_mode mode) noexcept {
    resumed(mode);
    --waiting(mode);
    if (phase_ == phase::kept && waiting_writers_ != 0) return wake_writer();
    // Those that are kept out for the sake of writers may join.
    if (phase_ == phase::shared && waiting_writers_ == 0 &&
        waiting_readers_ != 0)
      return wake::all_readers;
    return phase_ == phase::free ? next() : wake::nobody;
  }

  /// \returns Whether the file lock was kept for threads that have all given
  /// up. If so, the caller becomes the owner, releases it and calls released().
  bool takes_what_is_left() noexcept {
    if (phase_ != phase::kept || waiting_writers_ != 0) return false;
    phase_ = phase::owned;
    return true;
  }

  bool has_waiters() const noexcept {
    return waiting_readers_ + waiting_writers_ != 0;
  }

  /// \returns Whether a new object would decide alike.
  bool is_unused() const noexcept {
    return phase_ == phase::free && !yields_ && !has_waiters();
  }

  // ---- The owner ----

  /// Notes that the owner holds the file lock shared. An exclusive hold changes
  /// nothing for the other threads.
  wake acquired_shared(std::chrono::nanoseconds now,
                       const void* thread) noexcept {
    phase_ = phase::shared;
    readers_.begin(now, thread);
    can_be_joined_ = true;
    yields_ = false;
    return waiting_readers_ != 0 ? wake::all_readers : wake::nobody;
  }

  /// Notes that the owner could not acquire the file lock.
  wake failed(lock_mode mode) noexcept { return end_turn(mode); }

  /// The owner is about to end its exclusive hold.
  /// \param checks_first Whether even the first pass needs a check.
  template <class Now>
  ending end_exclusive(Now now, bool checks_first) {
    if (!can_pass()) return ending::release;
    const std::chrono::nanoseconds time = now();
    if (!passing_since_) {
      passing_since_ = time;
      if (checks_first) return ending::check;
    }
    if (!is_within(passing_time, *passing_since_, time)) return ending::check;
    phase_ = phase::kept;
    return ending::pass;
  }

  /// \param may_pass Whether no other process waits, and the path names the
  /// file.
  ending checked(bool may_pass, std::chrono::nanoseconds now) noexcept {
    gives_away_ = !may_pass || ++checks_ == most_checks;
    if (gives_away_ || !can_pass()) return ending::release;
    passing_since_ = now;
    phase_ = phase::kept;
    return ending::pass;
  }

  /// The owner has passed the file lock on.
  wake passed() noexcept {
    return writer_is_woken_ ? wake::nobody : wake_writer();
  }

  /// Closes the hold to readers. The path names another file now.
  void close() noexcept { can_be_joined_ = false; }

  /// Ends the hold of one reader.
  /// \param now is called as `nanoseconds()` if the time matters.
  /// \returns Whether it was the last one. If so, it becomes the owner,
  /// releases the file lock and calls released().
  template <class Now>
  bool leave(const void* thread, Now now) {
    if (!readers_.leave(thread, now)) return false;
    phase_ = phase::owned;
    gives_way_ = readers_.was_closed();
    return true;
  }

  /// Notes that the owner has released the file lock.
  template <class Now>
  wake released(lock_mode mode, Now now) {
    if (gives_way_ || gives_away_) yields_ = true;
    writers_yield_ = gives_away_;
    gives_way_ = false;
    gives_away_ = false;
    if (yields_) released_at_ = now();
    return end_turn(mode);
  }

private:
  enum class phase { free, owned, shared, kept };

  static lock_mode other(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? lock_mode::exclusive : lock_mode::shared;
  }

  std::size_t& waiting(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? waiting_readers_ : waiting_writers_;
  }

  bool has_turn(lock_mode mode) noexcept {
    return turn_ == mode || waiting(turn_) == 0;
  }

  bool can_pass() const noexcept {
    return waiting_writers_ != 0 && waiting_readers_ == 0;
  }

  entry after_yielding(std::chrono::nanoseconds now) const noexcept {
    if (!is_within(yielding_time, released_at_, now))
      return {entry::action::acquire};
    return {entry::action::wait, yielding_time - (now - released_at_)};
  }

  wake wake_writer() noexcept {
    writer_is_woken_ = true;
    return wake::one_writer;
  }

  wake end_turn(lock_mode mode) noexcept {
    phase_ = phase::free;
    turn_ = other(mode);
    return next();
  }

  wake next() noexcept {
    const lock_mode mode = waiting(turn_) != 0 ? turn_ : other(turn_);
    if (waiting(mode) == 0) return wake::nobody;
    return mode == lock_mode::shared ? wake::one_reader : wake_writer();
  }

  phase phase_ = phase::free;
  lock_mode turn_ = lock_mode::exclusive;
  bool can_be_joined_ = false;   // the shared hold, by readers
  bool gives_way_ = false;       // of readers, to other processes
  bool gives_away_ = false;      // of writers, to other processes
  bool yields_ = false;          // readers do, to other processes
  bool writers_yield_ = false;   // too
  bool writer_is_woken_ = false; // and has not asked yet
  int checks_ = 0;
  shared_hold readers_;
  std::size_t waiting_readers_ = 0;
  std::size_t waiting_writers_ = 0;
  std::chrono::nanoseconds released_at_{};
  std::optional<std::chrono::nanoseconds> passing_since_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
