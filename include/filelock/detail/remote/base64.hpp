// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Base64, in which etcd's JSON gateway writes keys and values.

#ifndef FILELOCK_DETAIL_REMOTE_BASE64_HPP
#define FILELOCK_DETAIL_REMOTE_BASE64_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

inline constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// \returns The bytes in base64, with padding: RFC 4648, section 4.
inline std::string to_base64(std::string_view bytes) {
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j != 3; ++j) {
      bits <<= 8U;
      if (j < group.size()) bits |= static_cast<unsigned char>(group[j]);
    }
    for (std::size_t j = 0; j != 4; ++j)
      result +=
          j <= group.size() ? base64_digits[bits >> (18U - 6U * j) & 63U] : '=';
  }
  return result;
}

/// \returns The bytes; nothing if `text` is not in base64.
inline std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string result;
  result.reserve(text.size() / 4 * 3);
  for (std::size_t padding = 0; padding != 2; ++padding)
    if (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::uint32_t bits = 0;
  unsigned count = 0; // of the bits that no byte has yet
  for (const char each : text) {
    const std::size_t digit = base64_digits.find(each);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    result += static_cast<char>(bits >> count & 255U);
  }
  return result;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
