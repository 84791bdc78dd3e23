// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// fifo<P>: a Platform that serves its waiters in the order of arrival, across
/// processes.

#ifndef FILELOCK_PLATFORM_FIFO_HPP
#define FILELOCK_PLATFORM_FIFO_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/layer.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/detail/wait/poll.hpp>
#include <filelock/fwd.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class P>
using conflicting_range_expression = decltype(P::conflicting_range(
    std::declval<const typename P::native_handle_type&>(),
    std::declval<const lock_request&>(), std::declval<std::error_code&>()));
template <class P, class = void>
inline constexpr bool has_conflicting_range_v = false;
template <class P>
inline constexpr bool has_conflicting_range_v<
    P, std::void_t<conflicting_range_expression<P>>> =
    std::is_same_v<conflicting_range_expression<P>, std::optional<byte_range>>;

// ---- The bytes: the lower half guards, each even one above is a place ----

inline constexpr std::uint64_t first_place = std::uint64_t(1) << 62;
inline constexpr std::uint64_t last_place = first_place * 2 - 2;
inline constexpr byte_range guarded_bytes{0, first_place};
inline constexpr byte_range all_places{first_place, 0};

/// The guarded bytes, and the places before `place`. The odd byte between them
/// and `place` stays free: the kernel would merge two adjacent locks, and would
/// wake a waiter for that.
constexpr byte_range bytes_before(std::uint64_t place) noexcept {
  return {0, place - 1};
}

/// \returns The first place above the bytes of a lock; nothing if they reach to
/// the end.
constexpr std::optional<std::uint64_t>
place_above(const byte_range& taken) noexcept {
  if (taken.length == 0 || taken.offset > last_place - 2 ||
      taken.length > last_place - 2 - taken.offset)
    return std::nullopt;
  const std::uint64_t end = taken.offset + taken.length;
  return end < first_place ? first_place : (end + 2) / 2 * 2;
}

/// \returns A place that is most likely above all that were taken before. It
/// need not be: see take_place. The nanoseconds since 1970 fit in until 2116.
template <class P>
std::uint64_t place_of_now() noexcept {
  // Machines that share the file agree on the time of the day, but not on the
  // time of the steady clock.
  using clock =
      std::conditional_t<std::is_same_v<clock_t<P>, std::chrono::steady_clock>,
                         std::chrono::system_clock, clock_t<P>>;
  const std::chrono::nanoseconds now = clock::now().time_since_epoch();
  return first_place +
         static_cast<std::uint64_t>(now.count()) % (last_place - first_place) /
             2 * 2;
}

// ---- The queue ----

/// Effects: calls `function`, and again as long as a signal interrupts it.
template <class Function>
auto call_again(std::error_code& ec, Function function) noexcept {
  for (;;) {
    auto result = function();
    if (!was_interrupted(ec)) return result;
  }
}

/// \returns Whether an owner that `mode` excludes has a place; true if `ec` is
/// set.
template <class P>
bool is_queue_taken(handle_t<P> handle, lock_mode mode,
                    std::error_code& ec) noexcept {
  const auto found = call_again(ec, [&] {
    return P::conflicting_range(handle, lock_request{mode, all_places}, ec);
  });
  return found || ec;
}

struct queue_place {
  std::uint64_t number;
  bool is_taken; ///< otherwise it is awaited
};

/// Effects: takes a place above all places of owners that `mode` excludes, and
/// does not wait. Another process may take a higher one before this one is
/// taken. Both then arrived at the same time.
/// \returns The place. It is not taken after an error, or if an owner holds all
/// bytes up to the end: one that does not use fifo<P>.
template <class P>
queue_place take_place(handle_t<P> handle, lock_mode mode,
                       std::error_code& ec) noexcept {
  std::uint64_t place = place_of_now<P>();
  for (;;) {
    const auto above = call_again(ec, [&] {
      return P::conflicting_range(handle, lock_request{mode, {place, 0}}, ec);
    });
    if (ec) return {place, false};
    if (above) {
      const std::optional<std::uint64_t> next = place_above(*above);
      if (!next) return {place, false};
      place = *next;
    } else {
      const bool is_taken = call_again(ec, [&] {
        return P::try_lock(handle, lock_request{mode, {place, 1}}, ec);
      });
      if (is_taken || ec) return {place, is_taken};
    }
  }
}

/// \returns The last byte before `place` that is locked by an owner that `mode`
/// excludes, if there is one. P tells one lock of many, not the last one.
template <class P>
std::optional<std::uint64_t> last_byte_before(handle_t<P> handle,
                                              lock_mode mode,
                                              std::uint64_t place,
                                              std::error_code& ec) noexcept {
  const std::uint64_t end = place - 1;
  std::uint64_t begin = first_place;
  /// Effects: looks for a lock of a byte from `from` on, and then looks only
  /// behind it. \returns Whether there is one.
  const auto find = [&](std::uint64_t from) {
    const auto found = call_again(ec, [&] {
      return P::conflicting_range(handle,
                                  lock_request{mode, {from, end - from}}, ec);
    });
    if (!found || ec) return false;
    const bool is_before_end =
        found->length != 0 && found->offset < end &&
        found->length < end - found->offset;
    begin = is_before_end ? found->offset + found->length : end;
    return true;
  };
  if (!find(begin)) return std::nullopt;
  // The last owner has most likely come a moment ago.
  for (std::uint64_t span = 1 << 13; begin < end && !ec;) {
    const bool is_in_span = span < end - begin;
    if (find(is_in_span ? end - span : begin)) {
      span = end;
    } else if (is_in_span) {
      span *= 2;
    } else {
      break;
    }
  }
  return begin - 1;
}

/// Effects: takes a place, and waits for all bytes before it, by
/// `wait(request)`, which returns whether they are locked. After that this
/// owner excludes all that wait behind it. Otherwise it holds nothing.
/// \returns Whether the lock is held.
template <class P, class Wait>
bool lock_in_turn(handle_t<P> handle, lock_mode mode, std::error_code& ec,
                  Wait wait) noexcept {
  const queue_place place = take_place<P>(handle, mode, ec);
  bool goes_on =
      !ec && (place.is_taken || wait(lock_request{mode, {place.number, 1}}));
  const lock_request before{mode, bytes_before(place.number)};
  while (goes_on) {
    const auto last = last_byte_before<P>(handle, mode, place.number, ec);
    if (ec) break;
    if (!last) {
      if (wait(before)) return true;
      break;
    }
    // One release wakes one waiter. If that was not a release but the end of a
    // waiter, others are still before this one.
    goes_on = wait(lock_request{mode, {*last, 1}});
    if (goes_on &&
        call_again(ec, [&] { return P::try_lock(handle, before, ec); }))
      return true;
    goes_on = goes_on && !ec;
  }
  std::error_code ignored;
  P::unlock(handle, lock_request{mode, {}}, ignored);
  return false;
}

/// Effects: waits for bytes, in the way of P.
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

/// \returns Whether the request is for the whole file.
inline bool has_a_queue(const lock_request& request,
                        std::error_code& ec) noexcept {
  if (!request.range.is_whole_file())
    ec = std::make_error_code(std::errc::not_supported);
  return !ec;
}

// ---- The optional members ----

template <class P>
struct fifo_convert : P {
  static bool convert(handle_t<P> handle, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    const bool is_converted =
        P::convert(handle, lock_request{from.mode, guarded_bytes},
                   lock_request{to.mode, guarded_bytes}, ec);
    // A place that is held exclusively would stop readers.
    std::error_code ignored;
    if (is_converted ? to.mode == lock_mode::shared : !P::atomic_conversion)
      P::unlock(handle, lock_request{from.mode, all_places}, ignored);
    return is_converted;
  }
};

template <class P>
struct fifo_holder : P {
  static std::optional<process_id>
  holder(handle_t<P> handle, const lock_request& request) noexcept {
    return P::holder(handle, lock_request{request.mode, guarded_bytes});
  }
};

template <class P>
using fifo_optional_members =
    layer<fifo_convert, has_convert_v<P>,
          layer<fifo_holder, has_holder_v<P>, P>>;

} // namespace detail

/// The Platform P, whose waiters are served in the order of arrival, across
/// processes. TODO
template <class P>
struct fifo : detail::fifo_optional_members<P> {
  static_assert(P::byte_ranges, "fifo<P>: P must lock ranges of bytes: its "
                                "byte_ranges must be true");
  static_assert(P::ownership == lock_ownership::open_file_description ||
                    P::ownership == lock_ownership::handle,
                "fifo<P>: the owner of a lock of P must be an open file, not a "
                "process or a thread");
  static_assert(detail::has_conflicting_range_v<P>,
                "fifo<P>: P must have std::optional<byte_range> "
                "conflicting_range(handle, request, ec)");

  /// The clock of P.
  using clock = detail::clock_t<P>;
  /// The queue is that of the whole file.
  static constexpr bool byte_ranges = false;

  /// Effects: attempts to take the lock once, but not before an owner that
  /// waits. \returns Whether it was taken: false with `ec` clear if another
  /// owner holds it or waits for it. System calls: 2, and 1 if an owner waits.
  static bool try_lock(const typename P::native_handle_type& handle,
                       const lock_request& request,
                       std::error_code& ec) noexcept {
    return detail::has_a_queue(request, ec) &&
           !detail::is_queue_taken<P>(handle, request.mode, ec) &&
           P::try_lock(handle,
                       lock_request{request.mode, detail::guarded_bytes}, ec);
  }

  /// Effects: queues, and waits until the lock is taken. System calls: 3.
  static void lock(const typename P::native_handle_type& handle,
                   const lock_request& request, std::error_code& ec) noexcept {
    if (!detail::has_a_queue(request, ec)) return;
    detail::lock_in_turn<P>(
        handle, request.mode, ec, [&](const lock_request& awaited) noexcept {
          return detail::lock_bytes<P>(handle, awaited, ec);
        });
  }

  /// Effects: queues, and waits until the lock is taken, until `end`, or until
  /// the cancel. Then it leaves the queue. \returns Whether it was taken.
  static bool lock_until(const typename P::native_handle_type& handle,
                         const lock_request& request,
                         const typename clock::time_point& end, canceller& stop,
                         std::error_code& ec) noexcept {
    return detail::has_a_queue(request, ec) &&
           detail::lock_in_turn<P>(
               handle, request.mode, ec,
               [&](const lock_request& awaited) noexcept {
                 return detail::lock_bytes_until<P>(handle, awaited, end, stop,
                                                    ec);
               });
  }

  /// Effects: releases the lock, with the place. System calls: 1.
  static void unlock(const typename P::native_handle_type& handle,
                     const lock_request& request,
                     std::error_code& ec) noexcept {
    P::unlock(handle, request, ec);
  }

  /// Hidden, because queued<fifo<P>> would not queue. Write fifo<queued<P>>.
  static int lock_cancellably(const typename P::native_handle_type&,
                              const lock_request&) = delete;
};

} // namespace v1
} // namespace filelock

#endif
