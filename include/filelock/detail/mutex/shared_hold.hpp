// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Decides which readers join a shared hold of a file_mutex.

#ifndef FILELOCK_DETAIL_MUTEX_SHARED_HOLD_HPP
#define FILELOCK_DETAIL_MUTEX_SHARED_HOLD_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/mutex/mutex_steps.hpp>
#include <filelock/detail/mutex/readers_inside.hpp>
#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A hold that readers of one process have in common.
///
/// A reader that finds readers inside joins them. Otherwise two readers would
/// deadlock if the first waits for the second. But readers that overlap would
/// starve writers. So the hold is closed to new readers now and then: after
/// readers could join for `joining_time`, while a writer waits, here or in a
/// process that can be seen to wait. It stays closed for a quarter of the time
/// that it has lasted, then it is open again for `joining_time`. However long
/// the readers read, the closed time grows longer than that, and all of them
/// leave during it. A reader that waits for the end of the closed time waits
/// for a bounded time.
///
/// A process that polls cannot be seen. For its sake a hold is also closed when
/// no waiter is known, but only if new readers alone prolong it. That is so
/// when the generations after the first `most_generations` add up to
/// `unseen_time`. A generation that was more than twice as long as its
/// predecessor counts as twice as long, since a reader that stays for long does
/// not make the others late.
class shared_hold {
public:
  static constexpr std::chrono::nanoseconds joining_time =
      std::chrono::milliseconds(20);
  static constexpr std::chrono::nanoseconds unseen_time =
      std::chrono::seconds(1);
  static constexpr std::size_t most_generations = 2;
  /// How long the answer to "does another process wait?" is valid.
  static constexpr std::chrono::nanoseconds looking_time =
      std::chrono::milliseconds(1);
  /// How long a reader waits for another process without another look.
  static constexpr std::chrono::nanoseconds believing_time =
      std::chrono::milliseconds(10);

  /// Begins a hold, with one reader.
  void begin(std::chrono::nanoseconds now, const void* thread) noexcept {
    *this = shared_hold();
    readers_.begin(thread);
    since_ = now;
    opened_at_ = now;
    generation_since_ = now;
  }

  /// \returns What a reader does: join, look or wait.
  entry enter(std::chrono::nanoseconds now, bool can_wait, bool writer_is_here,
              const void* thread) noexcept {
    if (closed_until_ && now >= *closed_until_) {
      closed_until_.reset();
      opened_at_ = now;
    }
    const bool may_close =
        closed_until_ || !is_within(joining_time, opened_at_, now);
    if (may_close && !writer_is_here && !has_looked(now))
      return {entry::action::look};
    const bool writer_waits = writer_is_here || is_awaited_elsewhere_;
    // Who it was closed for may have given up.
    if (closed_until_ && !is_closed_for_unseen_ && !writer_waits)
      closed_until_.reset();
    if (may_close && !closed_until_) {
      is_closed_for_unseen_ = !writer_waits;
      if (writer_waits)
        close(now, time_between(since_, now));
      else if (prolonged_ >= unseen_time && can_wait)
        close(now, prolonged_);
    }
    // A reader that cannot wait joins, unless a writer is known to wait.
    if (closed_until_ && (can_wait || writer_waits))
      return {entry::action::wait, longest_wait(now, writer_is_here)};
    readers_.add(thread);
    return {entry::action::join};
  }

  /// Notes whether another process was seen to wait for the file lock.
  void looked(bool is_awaited, std::chrono::nanoseconds now) noexcept {
    is_awaited_elsewhere_ = is_awaited;
    looked_at_ = now;
  }

  /// \param now is called as `nanoseconds()` if the time matters.
  /// \returns Whether nobody is left.
  template <class Now>
  bool leave(const void* thread, Now now) {
    const std::size_t before = readers_.ended_generations();
    const bool is_last = readers_.remove(thread);
    if (readers_.ended_generations() != before) end_generation(now());
    return is_last;
  }

  /// \returns Whether the hold was closed at least once.
  bool was_closed() const noexcept { return was_closed_; }

private:
  bool has_looked(std::chrono::nanoseconds now) const noexcept {
    return looked_at_ && is_within(looking_time, *looked_at_, now);
  }

  void close(std::chrono::nanoseconds now,
             std::chrono::nanoseconds age) noexcept {
    closed_until_ = now + lesser(age / 4, unbounded - now);
    was_closed_ = true;
  }

  std::chrono::nanoseconds longest_wait(std::chrono::nanoseconds now,
                                        bool writer_is_here) const noexcept {
    const std::chrono::nanoseconds rest = *closed_until_ - now;
    const bool looks_again = is_awaited_elsewhere_ && !writer_is_here;
    return looks_again ? lesser(rest, believing_time) : rest;
  }

  void end_generation(std::chrono::nanoseconds now) noexcept {
    const std::chrono::nanoseconds length =
        time_between(generation_since_, now);
    if (readers_.ended_generations() > most_generations)
      prolonged_ +=
          lesser(length / 2 <= last_length_ ? length : 2 * last_length_,
                 unbounded - prolonged_);
    last_length_ = length;
    generation_since_ = now;
  }

  readers_inside readers_;
  std::chrono::nanoseconds since_{};
  std::chrono::nanoseconds opened_at_{};
  std::chrono::nanoseconds generation_since_{};
  std::chrono::nanoseconds last_length_{}; // of a generation
  std::chrono::nanoseconds prolonged_{};   // for how long, by relief
  std::optional<std::chrono::nanoseconds> closed_until_;
  std::optional<std::chrono::nanoseconds> looked_at_;
  bool is_awaited_elsewhere_ = false; // at the last look
  bool is_closed_for_unseen_ = false;
  bool was_closed_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
