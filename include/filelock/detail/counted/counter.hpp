// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads the number of the last exclusive owner in a lock file, and writes the
/// next one. Both need the lock.

#ifndef FILELOCK_DETAIL_COUNTED_COUNTER_HPP
#define FILELOCK_DETAIL_COUNTED_COUNTER_HPP

#include <filelock/detail/counted/token_slot.hpp>
#include <filelock/detail/platform/platform_traits.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What the two slots say.
struct counted_content {
  /// The greatest number; 0 in an empty file.
  std::uint64_t newest = 0;
  /// Whether no slot is damaged. A damaged one may have had the next number.
  bool is_whole = true;
};

/// A slot as it was read. Its number is 0 where it is empty.
struct read_slot {
  token_slot::bytes bytes;
  std::size_t length = 0;
  std::optional<std::uint64_t> number;

  std::string_view content() const noexcept { return {bytes.data(), length}; }
};

/// Reads the slot of odd or of even numbers, as `like` is.
template <class P>
read_slot read_slot_of(std::uint64_t like, handle_t<P> handle,
                       std::error_code& ec) noexcept {
  read_slot result;
  const std::uint64_t offset = token_slot::offset_of(like);
  // A short read need not mean the end of the file: read(2).
  while (!ec && result.length != token_slot::size) {
    const std::size_t more = P::read_bytes(
        handle, offset + result.length, result.bytes.data() + result.length,
        token_slot::size - result.length, ec);
    if (more == 0) break;
    result.length += more;
  }
  result.number = result.length == 0 ? std::optional<std::uint64_t>(0)
                                     : token_slot::decode(result.content());
  if (result.number && *result.number != 0 &&
      token_slot::offset_of(*result.number) != offset)
    result.number.reset();
  return result;
}

/// Error conditions: invalid_argument: the file has other content, or both
/// slots are damaged.
template <class P>
counted_content read_counter(handle_t<P> handle, std::error_code& ec) noexcept {
  const read_slot odd = read_slot_of<P>(1, handle, ec);
  const read_slot even = ec ? read_slot() : read_slot_of<P>(2, handle, ec);
  if (ec) return {};
  const std::uint64_t a = odd.number.value_or(0);
  const std::uint64_t b = even.number.value_or(0);
  if (odd.number && even.number) return {(std::max)(a, b), true};
  const bool is_own =
      a != 0 || b != 0 ||
      (even.length == 0 && token_slot::is_unfinished(odd.content()));
  if (!is_own) ec = std::make_error_code(std::errc::invalid_argument);
  return {(std::max)(a, b), false};
}

/// Writes the number. \tparam is_synced Whether it is on the disk afterwards.
template <class P, bool is_synced>
void write_number(std::uint64_t number, handle_t<P> handle,
                  std::error_code& ec) noexcept {
  if (ec) return;
  const token_slot::bytes slot = token_slot::encode(number);
  P::write_bytes(handle, token_slot::offset_of(number), slot.data(),
                 slot.size(), ec);
  if constexpr (is_synced)
    if (!ec) P::sync_content(handle, ec);
}

/// Writes the next number, over the older one of the two. If a slot is damaged,
/// writes the number that it may have had, and then the next one.
/// \returns The number; 0 if `ec` is set.
///
/// So when a number n is given, n and n - 1 stand in the slots, and with
/// `is_synced` they are on the disk. Processes that die after that write
/// greater numbers over both, and a loss of power may leave each slot as it
/// was, with a greater number, or damaged. If n is gone, because its slot is
/// damaged, the other slot has at least n - 1.
template <class P, bool is_synced>
std::uint64_t next_number(handle_t<P> handle, std::error_code& ec) noexcept {
  const counted_content found = read_counter<P>(handle, ec);
  if (ec) return 0;
  constexpr std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)();
  if (found.newest > most - 2) {
    ec = std::make_error_code(std::errc::value_too_large);
    return 0;
  }
  std::uint64_t next = found.newest + 1;
  if (!found.is_whole) write_number<P, is_synced>(next++, handle, ec);
  write_number<P, is_synced>(next, handle, ec);
  return ec ? 0 : next;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
