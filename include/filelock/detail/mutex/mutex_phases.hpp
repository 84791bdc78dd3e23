// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Decides which thread of a process uses the file lock that they share. The
/// logic of a file_mutex, without I/O, threads or clocks.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_PHASES_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/mutex/readers_inside.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The next step of a thread that asks for the lock.
struct entry {
  enum class action {
    acquire, ///< take the file lock; then call acquired_shared() or failed()
    join,    ///< nothing: the thread holds the lock with other readers
    look,    ///< see if another process waits; call looked(), ask again
    wait     ///< ask again when woken, or after `length`
  };
  action what;
  std::chrono::nanoseconds length = unbounded;
};

/// The threads to wake after a change.
enum class wake { nobody, one_writer, one_reader, all_readers };

/// A thread that gets the answer `acquire` is the owner. Until it calls back,
/// every other thread waits, and only the owner uses the file. So the owner
/// needs no permission to wait for the file, or to release it.
///
/// Readers and writers take turns: when a hold ends, the waiters of the other
/// mode go first.
///
/// A reader that finds readers inside joins them. Otherwise two readers would
/// deadlock if the first waits for the second. But readers that overlap would
/// starve writers. So the hold is closed to new readers now and then: after
/// readers could join for `joining_time`, if a writer waits, here or in a
/// process that can be seen to wait. It stays closed for a quarter of the time
/// that it has lasted, then it is open again for `joining_time`. However long
/// the readers read, the closed time grows longer than that, and all of them
/// leave during it. A reader that waits for the end of the closed time waits
/// for a bounded time.
///
/// A process that polls cannot be seen. For its sake a hold is closed in the
/// same way that nobody is known to wait for, but only if it is prolonged by
/// nothing but new readers: after `most_generations`, each of which has been
/// relieved by the next one, it counts from there and is first closed after
/// `unseen_time`.
///
/// After a hold that was closed, the file lock stays free for `yielding_time`.
/// Without that, another process, which the kernel has to wake first, would
/// lose every race for it.
class mutex_phases {
public:
  static constexpr std::chrono::nanoseconds joining_time =
      std::chrono::milliseconds(20);
  static constexpr std::chrono::nanoseconds unseen_time =
      std::chrono::seconds(1);
  static constexpr std::size_t most_generations = 2;
  static constexpr std::chrono::nanoseconds yielding_time =
      std::chrono::milliseconds(1);
  /// How long the answer "no other process waits" is valid.
  static constexpr std::chrono::nanoseconds looking_time =
      std::chrono::milliseconds(1);

  /// \param now is called as `nanoseconds()` if the time matters.
  /// \param can_wait Whether the thread can follow the answer to wait.
  /// \param thread Any address that no other thread has.
  template <class Now>
  entry enter(lock_mode mode, Now now, bool can_wait, const void* thread) {
    const bool reads = mode == lock_mode::shared;
    if (phase_ == phase::free && has_turn(mode)) {
      entry result{entry::action::acquire};
      if (reads && yields_) result = after_yielding(now());
      if (result.what == entry::action::acquire) phase_ = phase::owned;
      return result;
    }
    if (phase_ == phase::shared && reads && can_be_joined_)
      return enter_beside_readers(now(), can_wait, thread);
    return {entry::action::wait};
  }

  /// Notes whether another process was seen to wait for the file lock.
  void looked(bool is_awaited, std::chrono::nanoseconds now) noexcept {
    if (phase_ != phase::shared) return;
    is_awaited_elsewhere_ = is_awaited;
    looked_at_ = now;
  }

  /// Counts the thread as a waiter, after the answer to wait.
  void begin_wait(lock_mode mode) noexcept { ++waiting(mode); }

  /// Ends the wait of a thread that was let in.
  void end_wait(lock_mode mode) noexcept { --waiting(mode); }

  /// Ends the wait of a thread that gives up, and passes on its wake-up.
  wake abandon_wait(lock_mode mode) noexcept {
    --waiting(mode);
    return phase_ == phase::free ? next() : wake::nobody;
  }

  bool has_waiters() const noexcept {
    return waiting_readers_ + waiting_writers_ != 0;
  }

  /// Notes that the owner holds the file lock shared. An exclusive hold changes
  /// nothing for the other threads.
  wake acquired_shared(std::chrono::nanoseconds now,
                       const void* thread) noexcept {
    phase_ = phase::shared;
    readers_.begin(thread);
    prolonged_since_.reset();
    since_ = now;
    opened_at_ = now;
    closed_until_.reset();
    looked_at_.reset();
    is_awaited_elsewhere_ = false;
    can_be_joined_ = true;
    yields_ = false;
    return waiting_readers_ != 0 ? wake::all_readers : wake::nobody;
  }

  /// Notes that the owner could not acquire the file lock.
  wake failed(lock_mode mode) noexcept { return end_turn(mode); }

  /// The path names another file now, so no reader may join any more.
  void close() noexcept { can_be_joined_ = false; }

  /// Ends the hold of one reader.
  /// \returns Whether it was the last one. If so, it becomes the owner,
  /// releases the file lock and calls released().
  bool leave(const void* thread) noexcept {
    if (!readers_.remove(thread)) return false;
    phase_ = phase::owned;
    return true;
  }

  /// Notes that the owner has released the file lock.
  template <class Now>
  wake released(lock_mode mode, Now now) {
    if (was_closed_) yields_ = true;
    was_closed_ = false;
    if (yields_) since_ = now();
    return end_turn(mode);
  }

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

  bool writer_waits() const noexcept {
    return waiting_writers_ != 0 || is_awaited_elsewhere_;
  }

  bool has_looked(std::chrono::nanoseconds now) const noexcept {
    return looked_at_ && is_within(looking_time, *looked_at_, now);
  }

  entry enter_beside_readers(std::chrono::nanoseconds now, bool can_wait,
                             const void* thread) {
    if (closed_until_ && now >= *closed_until_) {
      closed_until_.reset();
      opened_at_ = now;
    }
    if (!closed_until_ && !is_within(joining_time, opened_at_, now)) {
      if (!writer_waits() && !has_looked(now)) return {entry::action::look};
      if (writer_waits())
        close_until_later(since_, now);
      else if (is_prolonged_for(unseen_time, now) && can_wait)
        close_until_later(*prolonged_since_, now);
    }
    // A reader that cannot wait joins, unless a writer is known to wait.
    if (closed_until_ && (can_wait || writer_waits()))
      return {entry::action::wait, *closed_until_ - now};
    readers_.add(thread);
    return {entry::action::join};
  }

  /// \returns Whether only new readers have prolonged the hold for `length`.
  bool is_prolonged_for(std::chrono::nanoseconds length,
                        std::chrono::nanoseconds now) noexcept {
    if (readers_.ended_generations() < most_generations) return false;
    if (!prolonged_since_) prolonged_since_ = now;
    return time_between(*prolonged_since_, now) >= length;
  }

  void close_until_later(std::chrono::nanoseconds since,
                         std::chrono::nanoseconds now) noexcept {
    const std::chrono::nanoseconds age = time_between(since, now);
    closed_until_ = now + lesser(age / 4, unbounded - now);
    was_closed_ = true;
  }

  // If the clock was set back, nothing is prolonged.
  static bool is_within(std::chrono::nanoseconds length,
                        std::chrono::nanoseconds since,
                        std::chrono::nanoseconds now) noexcept {
    return now >= since && time_between(since, now) < length;
  }

  entry after_yielding(std::chrono::nanoseconds now) const noexcept {
    if (!is_within(yielding_time, since_, now)) return {entry::action::acquire};
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
  bool can_be_joined_ = false;        // the shared hold, by readers
  bool was_closed_ = false;           // at least once in this hold
  bool is_awaited_elsewhere_ = false; // at the last look
  bool yields_ = false;               // to other processes
  readers_inside readers_;
  std::size_t waiting_readers_ = 0;
  std::size_t waiting_writers_ = 0;
  std::chrono::nanoseconds since_{}; // the shared acquire, or the release
  std::chrono::nanoseconds opened_at_{};
  std::optional<std::chrono::nanoseconds> prolonged_since_;
  std::optional<std::chrono::nanoseconds> closed_until_;
  std::optional<std::chrono::nanoseconds> looked_at_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
