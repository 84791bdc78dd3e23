// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What a file_mutex tells its threads to do next.

#ifndef FILELOCK_DETAIL_MUTEX_MUTEX_STEPS_HPP
#define FILELOCK_DETAIL_MUTEX_MUTEX_STEPS_HPP

#include <filelock/detail/saturation.hpp>

#include <chrono>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The next step of a thread that asks for the lock.
struct entry {
  enum class action {
    acquire, ///< take the file lock; then call acquired_shared() or failed()
    take,    ///< nothing: another thread of this process has passed it on
    join,    ///< nothing: the thread holds the lock with other readers
    look,    ///< see if another process waits; call looked(), ask again
    wait     ///< ask again when woken, or after `length`
  };
  action what;
  std::chrono::nanoseconds length = unbounded;
};

/// \returns Whether the thread holds the lock.
constexpr bool is_inside(entry::action action) noexcept {
  return action == entry::action::take || action == entry::action::join;
}

/// The next step of a thread that ends its exclusive hold.
enum class ending {
  release, ///< release the file lock, then call released()
  pass,    ///< nothing: the next thread takes it
  check    ///< see if the file lock may be passed on; call checked()
};

/// The threads to wake after a change.
enum class wake { nobody, one_writer, one_reader, all_readers };

/// \returns Whether `now` is less than `length` after `since`. If the clock was
/// set back, it is not: nothing is prolonged.
constexpr bool is_within(std::chrono::nanoseconds length,
                         std::chrono::nanoseconds since,
                         std::chrono::nanoseconds now) noexcept {
  return now >= since && time_between(since, now) < length;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
