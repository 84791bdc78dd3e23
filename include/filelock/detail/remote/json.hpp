// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Reads JSON: as much as the answers of a service need.

#ifndef FILELOCK_DETAIL_REMOTE_JSON_HPP
#define FILELOCK_DETAIL_REMOTE_JSON_HPP

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

// Boost.JSON came with Boost 1.75, and one source of a program has to compile
// it, or link it: both would burden the users of a header.

/// A value of a JSON text: RFC 8259.
class json_value {
public:
  /// \returns Whether `text` is one JSON value. `result` is that value then.
  /// \throws std::bad_alloc if there is no memory.
  static bool parse(std::string_view text, json_value& result) {
    json_value read;
    reader from{text};
    if (!from.value(read, 0)) return false;
    from.skip_spaces();
    if (!from.rest.empty()) return false;
    result = std::move(read);
    return true;
  }

  /// \returns The member of an object. A null value where there is none.
  const json_value& operator[](std::string_view name) const noexcept {
    if (kind_ == kind::object)
      for (const json_value& each : parts_)
        if (each.name_ == name) return each;
    return none();
  }

  /// \returns The elements of an array; of anything else none.
  const std::vector<json_value>& elements() const noexcept {
    static const std::vector<json_value> none;
    return kind_ == kind::array ? parts_ : none;
  }

  /// \returns The first element of an array. A null value where there is none.
  const json_value& front() const noexcept {
    return elements().empty() ? json_value::none() : elements().front();
  }

  bool is_null() const noexcept { return kind_ == kind::null; }
  bool is_object() const noexcept { return kind_ == kind::object; }
  bool is_true() const noexcept {
    return kind_ == kind::other && text_ == "true";
  }

  /// \returns The characters of a string; of anything else none.
  std::string_view text() const noexcept {
    return kind_ == kind::string ? std::string_view(text_) : std::string_view();
  }

  /// \returns A whole number, which may be written as a string: so the JSON of
  /// Protocol Buffers writes those of 64 bits. Of anything else zero, which is
  /// the value of a number that Protocol Buffers leave out.
  std::int64_t integer() const noexcept {
    if (kind_ != kind::string && kind_ != kind::other) return 0;
    std::int64_t result = 0;
    const char* const end = text_.data() + text_.size();
    const auto read = std::from_chars(text_.data(), end, result);
    return read.ec == std::errc() && read.ptr == end ? result : 0;
  }

private:
  static const json_value& none() noexcept {
    static const json_value null;
    return null;
  }

  enum class kind { null, other, string, array, object }; // other: as written

  struct reader {
    static constexpr int deepest = 32;

    // NOLINTNEXTLINE(misc-no-recursion): to `deepest` levels
    bool value(json_value& into, int depth) {
      skip_spaces();
      if (rest.empty() || depth == deepest) return false;
      switch (rest.front()) {
      case '"':
        into.kind_ = kind::string;
        return string(into.text_);
      case '{':
        into.kind_ = kind::object;
        return parts(into, '}', depth);
      case '[':
        into.kind_ = kind::array;
        return parts(into, ']', depth);
      default:
        return word(into);
      }
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    bool parts(json_value& into, char end, int depth) {
      rest.remove_prefix(1);
      if (skip(end)) return true;
      do {
        json_value& part = into.parts_.emplace_back();
        if (end == '}') {
          skip_spaces();
          if (rest.empty() || rest.front() != '"' || !string(part.name_) ||
              !skip(':'))
            return false;
        }
        if (!value(part, depth + 1)) return false;
      } while (skip(','));
      return skip(end);
    }

    bool word(json_value& into) {
      std::size_t size = 0;
      while (size != rest.size() && is_of_word(rest[size]))
        ++size;
      into.text_ = rest.substr(0, size);
      rest.remove_prefix(size);
      if (into.text_ == "null") return true;
      into.kind_ = kind::other;
      return into.text_ == "true" || into.text_ == "false" ||
             is_number(into.text_);
    }

    static bool is_of_word(char c) noexcept {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '+' || c == '.' || c == 'E';
    }
    static bool is_number(const std::string& text) noexcept {
      const std::size_t digit = text.find_first_not_of('-');
      return digit <= 1 && text[digit] >= '0' && text[digit] <= '9' &&
             text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    }

    bool string(std::string& into) {
      rest.remove_prefix(1);
      while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"') return true;
        if (static_cast<unsigned char>(c) < 0x20) return false;
        if (c != '\\')
          into += c;
        else if (!escaped(into))
          return false;
      }
      return false;
    }

    bool escaped(std::string& into) {
      constexpr std::string_view letters = "\"\\/bfnrt";
      constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
      if (rest.empty()) return false;
      const char letter = rest.front();
      rest.remove_prefix(1);
      if (letter == 'u') return unicode(into);
      const std::size_t which = letters.find(letter);
      if (which == std::string_view::npos) return false;
      into += meanings[which];
      return true;
    }

    // Half of a surrogate pair is written as it is: only messages have them.
    bool unicode(std::string& into) {
      if (rest.size() < 4) return false;
      unsigned code = 0;
      const auto read = std::from_chars(rest.data(), rest.data() + 4, code, 16);
      if (read.ec != std::errc() || read.ptr != rest.data() + 4) return false;
      rest.remove_prefix(4);
      if (code < 0x80) {
        into += static_cast<char>(code);
      } else if (code < 0x800) {
        into += static_cast<char>(0xc0U | code >> 6U);
        into += static_cast<char>(0x80U | (code & 63U));
      } else {
        into += static_cast<char>(0xe0U | code >> 12U);
        into += static_cast<char>(0x80U | (code >> 6U & 63U));
        into += static_cast<char>(0x80U | (code & 63U));
      }
      return true;
    }

    bool skip(char c) noexcept {
      skip_spaces();
      if (rest.empty() || rest.front() != c) return false;
      rest.remove_prefix(1);
      return true;
    }
    void skip_spaces() noexcept {
      const std::size_t size = rest.find_first_not_of(" \t\r\n");
      rest.remove_prefix(size == std::string_view::npos ? rest.size() : size);
    }

    std::string_view rest;
  };

  kind kind_ = kind::null;
  std::string name_;
  std::string text_;
  std::vector<json_value> parts_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
