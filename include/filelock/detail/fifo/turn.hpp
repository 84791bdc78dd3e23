// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A wait in the queue of fifo<P>.

#ifndef FILELOCK_DETAIL_FIFO_TURN_HPP
#define FILELOCK_DETAIL_FIFO_TURN_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/fifo/places.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/poll.hpp>
#include <filelock/lock_request.hpp>

#include <cstdint>
#include <optional>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The logic of one wait in the queue: it does everything but wait. The caller
/// waits: a thread that blocks, or a simulation.
template <class P>
class queue_turn {
public:
  /// \param mode of the lock. Preconditions: `handle` holds nothing.
  queue_turn(handle_t<P> handle, lock_mode mode) noexcept
      : handle_(handle), mode_(mode) {}

  /// Takes a place at first. Later goes on, after the bytes that were asked for
  /// last are locked.
  /// \returns The bytes to wait for. Nothing if the lock is held, or if `ec` is
  /// set. A caller that does not go on calls leave().
  std::optional<lock_request> next(std::error_code& ec) noexcept {
    switch (awaited_) {
    case bytes::none:
      return arrive(ec);
    case bytes::place:
      return look_ahead(ec);
    case bytes::last:
      return after_last(ec);
    default:
      return std::nullopt;
    }
  }

  /// Gives up the place, and all that was locked.
  void leave() noexcept {
    std::error_code ignored;
    P::unlock(handle_, lock_request{mode_, {}}, ignored);
  }

private:
  enum class bytes { none, place, last, all_before };

  std::optional<lock_request> arrive(std::error_code& ec) noexcept {
    const queue_place taken = take_place<P>(handle_, mode_, ec);
    place_ = taken.number;
    if (ec) return std::nullopt;
    if (taken.is_taken) return look_ahead(ec);
    awaited_ = bytes::place;
    return lock_request{mode_, {place_, 1}};
  }

  // One release wakes one waiter: the one whose place is next.
  std::optional<lock_request> look_ahead(std::error_code& ec) noexcept {
    const auto last = last_byte_before<P>(handle_, mode_, place_, ec);
    if (ec) return std::nullopt;
    awaited_ = last ? bytes::last : bytes::all_before;
    return last ? lock_request{mode_, {*last, 1}} : all_before();
  }

  std::optional<lock_request> after_last(std::error_code& ec) noexcept {
    const bool is_held =
        call_again(ec, [&] { return P::try_lock(handle_, all_before(), ec); });
    if (is_held || ec) return std::nullopt;
    // That waiter gave up, or died, or another one has come in between. If this
    // waiter kept bytes before the other's place, each would wait for the
    // other.
    P::unlock(handle_, all_before(), ec);
    return ec ? std::nullopt : look_ahead(ec);
  }

  lock_request all_before() const noexcept {
    return {mode_, bytes_before(place_)};
  }

  handle_t<P> handle_;
  lock_mode mode_;
  bytes awaited_ = bytes::none;
  std::uint64_t place_ = 0;
};

/// Queues, and waits by `wait(request)`. That returns whether the bytes are
/// locked.
/// \returns Whether the lock is held; otherwise nothing is.
template <class P, class Wait>
bool lock_in_turn(handle_t<P> handle, lock_mode mode, std::error_code& ec,
                  Wait wait) noexcept {
  queue_turn<P> turn(handle, mode);
  bool goes_on = true;
  while (goes_on) {
    const std::optional<lock_request> awaited = turn.next(ec);
    if (!awaited && !ec) return true;
    goes_on = awaited && wait(*awaited);
  }
  turn.leave();
  return false;
}

/// Waits for bytes, as P does it.
template <class P>
bool lock_bytes_until(handle_t<P> handle, const lock_request& request,
                      const typename clock_t<P>::time_point& end,
                      canceller& stop, std::error_code& ec) noexcept {
  if constexpr (has_lock_until_v<P>) {
    for (;;) {
      if (P::lock_until(handle, request, end, stop, ec)) return true;
      const bool was_signal = was_interrupted(ec);
      // A wait that ends early must not cost the place.
      if (ec || stop.requested() || (!was_signal && clock_t<P>::now() >= end))
        return false;
    }
  } else {
    return poll<P>(handle, request, end, stop, default_backoff(), ec) ==
           wait_outcome::acquired;
  }
}

template <class P>
bool lock_bytes(handle_t<P> handle, const lock_request& request,
                std::error_code& ec) noexcept {
  if constexpr (has_lock_v<P>) {
    do
      P::lock(handle, request, ec);
    while (was_interrupted(ec));
    return !ec;
  } else {
    canceller never;
    const auto end = (clock_t<P>::time_point::max)();
    return lock_bytes_until<P>(handle, request, end, never, ec);
  }
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
