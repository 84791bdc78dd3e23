// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Numbers on the command line: whole ones, times and sizes.

#ifndef FILELOCK_EXAMPLE_FLOCK_NUMBERS_HPP
#define FILELOCK_EXAMPLE_FLOCK_NUMBERS_HPP

#include "messages.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace flock_program {

/// \returns `text` without the white space and the plus sign before a number,
/// which strtol(3) and strtod(3) skip.
inline std::string_view without_plus(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\n\v\f\r");
  text.remove_prefix(begin == text.npos ? 0 : begin);
  const bool has_plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  text.remove_prefix(has_plus ? 1 : 0);
  return text;
}

/// \returns The whole number `text`, from 0 to `most`. \throws usage_error
inline int parse_integer(std::string_view text, int most, const char* what) {
  const std::string said = std::string(what) + ": '" + std::string(text) + "'";
  text = without_plus(text);
  int result = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), result);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    throw usage_error(said);
  if (error != std::errc() || result < 0 || result > most)
    throw usage_error(said + ": it must be from 0 to " + std::to_string(most));
  return result;
}

/// Splits `text` in a number that is not negative, and what follows it.
/// \returns Whether there is such a number.
inline bool split_number(std::string text, long double& number,
                         std::string& unit) {
  text = without_plus(text);
  // strtold would also take a minus sign, "inf" and "nan".
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string::npos || digit != text.find_first_not_of('.'))
    return false;
  char* end = nullptr;
  number = std::strtold(text.c_str(), &end);
  unit = end;
  return std::isfinite(number);
}

/// \returns The time `text`: in seconds, or with the unit ms, s, m, h or d.
/// \throws usage_error
inline std::chrono::nanoseconds parse_duration(const std::string& text) {
  struct named_unit {
    const char* name;
    long double seconds;
  };
  constexpr named_unit units[] = {{"", 1},   {"s", 1},     {"ms", 0.001L},
                                  {"m", 60}, {"h", 3'600}, {"d", 86'400}};
  long double number = 0;
  std::string unit;
  const bool is_number = split_number(text, number, unit);
  for (const named_unit& each : units) {
    if (!is_number || unit != each.name) continue;
    const long double result = number * each.seconds * 1e9L;
    using std::chrono::nanoseconds;
    // The lock takes so long a time for one without end.
    if (result >= static_cast<long double>((nanoseconds::max)().count()))
      return (nanoseconds::max)();
    return nanoseconds(static_cast<nanoseconds::rep>(result));
  }
  throw usage_error("invalid timeout: '" + text +
                    "': it is a number, and the unit ms, s, m, h or d");
}

/// \returns The number of bytes `text`. K, M, G, T, P and E are powers of 1024,
/// as are KiB, MiB ...; KB, MB ... are powers of 1000. \throws usage_error
inline std::uint64_t parse_size(const std::string& text, const char* what) {
  long double number = 0;
  std::string unit;
  const std::string said = std::string(what) + ": '" + text + "'";
  if (!split_number(text, number, unit)) throw usage_error(said);
  if (!unit.empty()) {
    const std::string rest = unit.substr(1);
    const std::size_t power = std::string("KMGTPE").find(unit.front());
    if (power == std::string::npos ||
        !(rest.empty() || rest == "iB" || rest == "B"))
      throw usage_error(said);
    for (std::size_t i = 0; i <= power; ++i)
      number *= rest == "B" ? 1000 : 1024;
  }
  // off_t has a sign.
  if (number >= 9223372036854775808.0L) throw usage_error(said + ": too large");
  return static_cast<std::uint64_t>(number);
}

} // namespace flock_program

#endif
