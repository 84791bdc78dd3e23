// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The places of the queue of fifo<P>: bytes far beyond the data. A waiter has
/// a place as long as it locks that byte, so the kernel frees the place of a
/// process that ends.

#ifndef FILELOCK_DETAIL_FIFO_PLACES_HPP
#define FILELOCK_DETAIL_FIFO_PLACES_HPP

#include <filelock/detail/lock/passing_error.hpp>
#include <filelock/detail/platform/platform_traits.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

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

/// \returns The first place above the bytes of a lock. Nothing if they reach to
/// the end.
constexpr std::optional<std::uint64_t>
place_above(const byte_range& taken) noexcept {
  if (taken.length == 0 || taken.offset > last_place - 2 ||
      taken.length > last_place - 2 - taken.offset)
    return std::nullopt;
  const std::uint64_t end = taken.offset + taken.length;
  return end < first_place ? first_place : (end + 2) / 2 * 2;
}

/// \returns A place that is most likely above all others. It need not be: see
/// take_place. The nanoseconds since 1970 fit in until 2116.
template <class P>
std::uint64_t place_of_now() noexcept {
  // Machines that share the file agree on the time of the day, but not on the
  // time of the steady clock.
  using clock =
      std::conditional_t<std::is_same_v<clock_t<P>, std::chrono::steady_clock>,
                         std::chrono::system_clock, clock_t<P>>;
  const std::chrono::nanoseconds now = clock::now().time_since_epoch();
  return first_place + static_cast<std::uint64_t>(now.count()) %
                           (last_place - first_place) / 2 * 2;
}

/// Calls `function`, and again as long as a signal interrupts it.
template <class Function>
auto call_again(std::error_code& ec, Function function) noexcept {
  for (;;) {
    auto result = function();
    if (!was_interrupted(ec)) return result;
  }
}

/// \returns Whether an owner that `mode` excludes has a place. True if `ec` is
/// set.
template <class P>
bool is_queue_taken(handle_t<P> handle, lock_mode mode,
                    std::error_code& ec) noexcept {
  const auto found = call_again(ec, [&] {
    return P::conflicting_range(handle, lock_request{mode, all_places}, ec);
  });
  return found || ec;
}

/// A place of the queue.
struct queue_place {
  std::uint64_t number;
  bool is_taken; ///< otherwise it must be waited for
};

/// Takes a place at the end of the queue, without waiting. The place is above
/// all places of owners that `mode` excludes. Another process may take a higher
/// one before this one is taken. Both then arrived at the same time.
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

/// \returns The last locked byte before `place`, if there is one. An owner that
/// `mode` excludes has locked it. P reports one lock of many, not the last one.
template <class P>
std::optional<std::uint64_t>
last_byte_before(handle_t<P> handle, lock_mode mode, std::uint64_t place,
                 std::error_code& ec) noexcept {
  const std::uint64_t end = place - 1;
  std::uint64_t begin = first_place;
  // Looks for a lock of a byte from `from` on, and then looks only behind it.
  const auto find = [&](std::uint64_t from) {
    const auto found = call_again(ec, [&] {
      return P::conflicting_range(handle,
                                  lock_request{mode, {from, end - from}}, ec);
    });
    if (!found || ec) return false;
    const bool is_before_end = found->length != 0 && found->offset < end &&
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

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
