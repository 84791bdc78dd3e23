// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The content of a lock file that names its owner. The format is documented in
/// doc/recipes/owner_record.md, and never changes without the version in it.

#ifndef FILELOCK_DETAIL_OWNER_FORMAT_HPP
#define FILELOCK_DETAIL_OWNER_FORMAT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

/// 256 bytes, so that a new owner replaces all of the last one's by one write,
/// and the file neither grows nor shrinks:
///
/// - byte 0: a space. Windows lets nobody read it while the lock is held.
/// - the number of the process and a newline: a PID file, by
///   https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03s15.html, whose
///   readers skip the space and the lines that follow
/// - the text and a newline
/// - spaces, up to the newline at byte 229
/// - the signature and a checksum of all bytes between byte 0 and itself
struct owner_format {
  static constexpr std::size_t size = 256;
  static constexpr std::size_t longest_text = 200;
  using bytes = std::array<char, size>;

  struct fields {
    std::int64_t process;
    std::string_view text;
  };

  /// \returns The content. Nothing if the process is not positive, or if the
  /// text is too long or has control characters, which could reach a terminal.
  static std::optional<bytes> encode(const fields& from) noexcept {
    if (from.process <= 0 || from.text.size() > longest_text)
      return std::nullopt;
    bytes result;
    result.fill(' ');
    char* next = write_number(result.data() + 1, from.process);
    *next++ = '\n';
    for (const char each : from.text) {
      if (is_control(each)) return std::nullopt;
      *next++ = each;
    }
    *next = '\n';
    result[signature_at - 1] = '\n';
    signature.copy(result.data() + signature_at, signature.size());
    write_checksum(result);
    return result;
  }

  /// \param content The bytes of the file. The first one may be missing.
  /// \returns Nothing unless encode() has made them. The text is a part of
  /// `content`.
  static std::optional<fields> decode(const bytes& content) noexcept {
    const std::string_view lines(content.data() + 1, size - 1);
    const std::size_t number_end = lines.find('\n');
    if (number_end == lines.npos) return std::nullopt;
    const std::size_t text_end = lines.find('\n', number_end + 1);
    if (text_end == lines.npos) return std::nullopt;
    const fields result{
        read_number(lines.substr(0, number_end)),
        lines.substr(number_end + 1, text_end - number_end - 1)};
    const std::optional<bytes> again = encode(result);
    if (!again || std::string_view(again->data() + 1, size - 1) != lines)
      return std::nullopt;
    return result;
  }

  /// \returns Whether encode() made the content, damaged or not. A write that
  /// is cut off may damage it, or a loss of power, which leaves zeros on some
  /// file systems.
  static bool is_signed(const bytes& content) noexcept {
    const std::string_view all(content.data(), size);
    return all.substr(signature_at, signature.size()) == signature ||
           all.find_first_not_of('\0') == all.npos;
  }

private:
  static constexpr std::string_view signature = "filelock owner 1 ";
  static constexpr std::size_t checksum_digits = 8;
  static constexpr std::size_t checksum_at = size - 1 - checksum_digits;
  static constexpr std::size_t signature_at = checksum_at - signature.size();
  static constexpr std::size_t most_digits =
      std::numeric_limits<std::int64_t>::digits10 + 1;
  static_assert(1 + most_digits + 1 + longest_text + 1 < signature_at,
                "the longest content has room");

  static bool is_control(char unit) noexcept {
    return static_cast<unsigned char>(unit) < ' ' || unit == 0x7f;
  }

  static char* write_number(char* to, std::int64_t number) noexcept {
    char digits[most_digits];
    std::size_t count = 0;
    for (; number != 0; number /= 10)
      digits[count++] = static_cast<char>('0' + number % 10);
    while (count != 0)
      *to++ = digits[--count];
    return to;
  }

  /// \returns 0 if `digits` is no number that encode() would write.
  static std::int64_t read_number(std::string_view digits) noexcept {
    constexpr std::int64_t most = (std::numeric_limits<std::int64_t>::max)();
    std::int64_t result = 0;
    for (const char each : digits) {
      const int digit = each - '0';
      if (digit < 0 || digit > 9 || result > (most - digit) / 10) return 0;
      result = result * 10 + digit;
    }
    return result;
  }

  // FNV-1a of 32 bits, https://www.rfc-editor.org/rfc/rfc9923, in hexadecimal.
  static void write_checksum(bytes& content) noexcept {
    std::uint32_t sum = 2166136261U;
    for (std::size_t i = 1; i != checksum_at; ++i)
      sum = (sum ^ static_cast<unsigned char>(content[i])) * 16777619U;
    for (std::size_t i = 0; i != checksum_digits; ++i)
      content[checksum_at + i] = "0123456789abcdef"[sum >> (28 - 4 * i) & 0xf];
    content[size - 1] = '\n';
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
