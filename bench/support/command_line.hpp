// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_COMMAND_LINE_HPP
#define FILELOCK_BENCH_SUPPORT_COMMAND_LINE_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace bench {

/// The options of a program, each of which is taken once.
class command_line {
public:
  struct wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  command_line(int count, char** arguments)
      : rest_(arguments + 1, arguments + count) {}

  /// \returns Whether the option is there.
  bool take(std::string_view option) {
    const auto place = std::find(rest_.begin(), rest_.end(), option);
    if (place == rest_.end()) return false;
    rest_.erase(place);
    return true;
  }

  /// \returns What stands behind the option, if it is there.
  std::optional<std::string> take_text(std::string_view option) {
    const auto place = std::find(rest_.begin(), rest_.end(), option);
    if (place == rest_.end()) return std::nullopt;
    if (place + 1 == rest_.end())
      throw wrong(std::string(option) + " needs a value");
    std::string value(*(place + 1));
    rest_.erase(place, place + 2);
    return value;
  }

  /// \returns The number behind the option, which is not negative.
  template <class Number>
  Number take_number(std::string_view option, Number otherwise) {
    const std::optional<std::string> text = take_text(option);
    if (!text) return otherwise;
    Number value{};
    const char* const end = text->data() + text->size();
    const std::from_chars_result result =
        std::from_chars(text->data(), end, value);
    if (result.ec != std::errc() || result.ptr != end || !(value >= Number{}))
      throw wrong(std::string(option) + ": not a number: " + *text);
    return value;
  }

  /// \returns What has not been taken, for another reader of options.
  std::vector<std::string> take_rest() {
    std::vector<std::string> result(rest_.begin(), rest_.end());
    rest_.clear();
    return result;
  }

  /// Throws where something has not been taken.
  void expect_no_more() const {
    if (!rest_.empty())
      throw wrong("not an option: " + std::string(rest_.front()));
  }

private:
  std::vector<std::string_view> rest_;
};

} // namespace bench

#endif
