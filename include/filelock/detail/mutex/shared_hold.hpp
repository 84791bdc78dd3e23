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
class shared_hold {
public:
  static constexpr std::chrono::nanoseconds joining_time =
      std::chrono::milliseconds(20);
  static constexpr std::chrono::nanoseconds unseen_time =
      std::chrono::seconds(1);
  static constexpr std::size_t most_generations = 2;
  /// How long the answer "no other process waits" is valid.
  static constexpr std::chrono::nanoseconds looking_time =
      std::chrono::milliseconds(1);

  /// Effects: begins a hold, with one reader.
  void begin(std::chrono::nanoseconds now, const void* thread) noexcept {
    *this = shared_hold();
    readers_.begin(thread);
    since_ = now;
    opened_at_ = now;
  }

  /// \returns What a reader does: join, look or wait.
  entry enter(std::chrono::nanoseconds now, bool can_wait, bool writer_is_here,
              const void* thread) noexcept {
    const bool writer_waits = writer_is_here || is_awaited_elsewhere_;
    if (closed_until_ && now >= *closed_until_) {
      closed_until_.reset();
      opened_at_ = now;
    }
    if (!closed_until_ && !is_within(joining_time, opened_at_, now)) {
      if (!writer_waits && !has_looked(now)) return {entry::action::look};
      if (writer_waits)
        close_for_a_while(since_, now);
      else if (is_prolonged_for(unseen_time, now) && can_wait)
        close_for_a_while(*prolonged_since_, now);
    }
    // A reader that cannot wait joins, unless a writer is known to wait.
    if (closed_until_ && (can_wait || writer_waits))
      return {entry::action::wait, *closed_until_ - now};
    readers_.add(thread);
    return {entry::action::join};
  }

  /// Notes whether another process was seen to wait for the file lock.
  void looked(bool is_awaited, std::chrono::nanoseconds now) noexcept {
    is_awaited_elsewhere_ = is_awaited;
    looked_at_ = now;
  }

  /// \returns Whether nobody is left.
  bool leave(const void* thread) noexcept { return readers_.remove(thread); }

  /// \returns Whether the hold was closed at least once.
  bool was_closed() const noexcept { return was_closed_; }

private:
  bool has_looked(std::chrono::nanoseconds now) const noexcept {
    return looked_at_ && is_within(looking_time, *looked_at_, now);
  }

  /// \returns Whether only new readers have prolonged the hold for `length`.
  bool is_prolonged_for(std::chrono::nanoseconds length,
                        std::chrono::nanoseconds now) noexcept {
    if (readers_.ended_generations() < most_generations) return false;
    if (!prolonged_since_) prolonged_since_ = now;
    return time_between(*prolonged_since_, now) >= length;
  }

  void close_for_a_while(std::chrono::nanoseconds since,
                         std::chrono::nanoseconds now) noexcept {
    const std::chrono::nanoseconds age = time_between(since, now);
    closed_until_ = now + lesser(age / 4, unbounded - now);
    was_closed_ = true;
  }

  readers_inside readers_;
  std::chrono::nanoseconds since_{};
  std::chrono::nanoseconds opened_at_{};
  std::optional<std::chrono::nanoseconds> prolonged_since_;
  std::optional<std::chrono::nanoseconds> closed_until_;
  std::optional<std::chrono::nanoseconds> looked_at_;
  bool is_awaited_elsewhere_ = false; // at the last look
  bool was_closed_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
