// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The content of a lock file that numbers its owners. The format is documented
/// in doc/concepts/numbers.md, and never changes without the version in it.

#ifndef FILELOCK_DETAIL_COUNTED_TOKEN_SLOT_HPP
#define FILELOCK_DETAIL_COUNTED_TOKEN_SLOT_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

/// One of the two places of a number in the file. Odd numbers stand in the
/// first slot, even ones in the second. 55 bytes:
///
/// - the signature
/// - the number in 20 decimal digits, and a space
/// - the checksum of all bytes before it, in 16 hexadecimal digits
/// - a newline
struct token_slot {
  static constexpr std::size_t size = 55;
  /// The distance of the two slots. A write of one that is cut off by a loss of
  /// power does not damage the other: disks write sectors of at most 4096
  /// bytes.
  static constexpr std::uint64_t distance = 4096;
  using bytes = std::array<char, size>;

  static constexpr std::uint64_t offset_of(std::uint64_t number) noexcept {
    return number % 2 == 1 ? 0 : distance;
  }

  static bytes encode(std::uint64_t number) noexcept {
    bytes result;
    signature.copy(result.data(), signature.size());
    for (std::size_t i = 0; i != digits; ++i, number /= 10)
      result[space_at - 1 - i] = static_cast<char>('0' + number % 10);
    result[space_at] = ' ';
    // FNV-1a of 64 bits: https://www.rfc-editor.org/rfc/rfc9923
    std::uint64_t sum = 0xcbf29ce484222325;
    for (std::size_t i = 0; i != checksum_at; ++i)
      sum = (sum ^ static_cast<unsigned char>(result[i])) * 0x100000001b3;
    for (std::size_t i = 0; i != checksum_digits; ++i)
      result[checksum_at + i] = "0123456789abcdef"[sum >> (60 - 4 * i) & 0xf];
    result[size - 1] = '\n';
    return result;
  }

  /// \returns The number; nothing unless encode() has made the content.
  static std::optional<std::uint64_t>
  decode(std::string_view content) noexcept {
    if (content.size() != size) return std::nullopt;
    constexpr std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)();
    std::uint64_t number = 0;
    for (std::size_t i = signature.size(); i != space_at; ++i) {
      const int digit = content[i] - '0';
      if (digit < 0 || digit > 9) return std::nullopt;
      const auto value = static_cast<std::uint64_t>(digit);
      if (number > (most - value) / 10) return std::nullopt;
      number = number * 10 + value;
    }
    const bytes again = encode(number);
    if (content != std::string_view(again.data(), size)) return std::nullopt;
    return number;
  }

  /// \returns Whether the content may be what the first write of a number has
  /// left that was cut off: the beginning of a slot, and then at most zeros,
  /// which a loss of power leaves on some file systems.
  static bool is_unfinished(std::string_view content) noexcept {
    const std::size_t written = content.find_last_not_of('\0') + 1;
    const std::size_t compared = (std::min)(written, signature.size());
    return content.substr(0, compared) == signature.substr(0, compared);
  }

private:
  static constexpr std::string_view signature = "filelock token 1 ";
  static constexpr std::size_t digits = 20;
  static constexpr std::size_t checksum_digits = 16;
  static constexpr std::size_t space_at = signature.size() + digits;
  static constexpr std::size_t checksum_at = space_at + 1;
  static_assert(checksum_at + checksum_digits + 1 == size,
                "a newline follows the checksum");
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
