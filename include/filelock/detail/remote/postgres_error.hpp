// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The errors of PostgreSQL as error codes.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_ERROR_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_ERROR_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The value of an error code: one of these, or a SQLSTATE that the server
/// sent, as a number.
struct postgres_errc {
  enum : int {
    none,
    bad_connection_words,
    host_not_found,
    no_connection,
    no_password,
    no_answer,
    session_lost,
    pooled,
    standby,
    not_held,
    bad_answer,
    first_sqlstate = 100,
  };
};

/// https://www.postgresql.org/docs/current/errcodes-appendix.html
class sqlstate {
public:
  static constexpr std::size_t length = 5;

  /// \returns The error code's value; 0 if it is no SQLSTATE.
  static constexpr int to_value(std::string_view text) noexcept {
    if (text.size() != length) return 0;
    int result = 0;
    for (const char each : text) {
      const std::size_t digit = digits.find(each);
      if (digit == std::string_view::npos) return 0;
      result = result * base + static_cast<int>(digit);
    }
    return postgres_errc::first_sqlstate + result;
  }

  static std::string to_text(int value) {
    std::string result(length, '0');
    int rest = value - postgres_errc::first_sqlstate;
    for (auto each = result.rbegin(); each != result.rend(); ++each) {
      *each = digits[static_cast<std::size_t>(rest % base)];
      rest /= base;
    }
    return result;
  }

  static constexpr bool is_in_class(int value, std::string_view text) noexcept {
    constexpr int states_of_a_class = base * base * base;
    const auto first = static_cast<int>(digits.find(text[0]));
    const auto second = static_cast<int>(digits.find(text[1]));
    return value >= postgres_errc::first_sqlstate &&
           (value - postgres_errc::first_sqlstate) / states_of_a_class ==
               first * base + second;
  }

private:
  static constexpr std::string_view digits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static constexpr int base = 36;
};

/// \returns Whether the session has ended, or the error ends it.
inline bool is_postgres_loss(int value) noexcept {
  return value == postgres_errc::session_lost ||
         sqlstate::is_in_class(value, "08") ||
         value == sqlstate::to_value("57P01") || // by an administrator
         value == sqlstate::to_value("57P02") || // a crash
         value == sqlstate::to_value("57P03") || // the server goes down
         value == sqlstate::to_value("57P04") || // the database was dropped
         value == sqlstate::to_value("57P05");   // idle for too long
}

/// The one place that maps the errors of PostgreSQL.
inline std::errc postgres_condition(int value) noexcept {
  switch (value) {
  case postgres_errc::bad_connection_words:
    return std::errc::invalid_argument;
  case postgres_errc::host_not_found:
    return std::errc::host_unreachable;
  case postgres_errc::no_connection:
    return std::errc::connection_refused;
  case postgres_errc::no_password:
    return std::errc::permission_denied;
  case postgres_errc::no_answer:
    return std::errc::timed_out;
  case postgres_errc::pooled:
  case postgres_errc::standby:
    return std::errc::not_supported;
  case postgres_errc::not_held:
    return std::errc::operation_not_permitted;
  case postgres_errc::bad_answer:
    return std::errc::protocol_error;
  default:
    break;
  }
  if (value == sqlstate::to_value("57P03"))
    return std::errc::connection_refused;
  if (is_postgres_loss(value)) return std::errc::connection_reset;
  if (value == sqlstate::to_value("57014"))
    return std::errc::operation_canceled;
  if (value == sqlstate::to_value("40P01"))
    return std::errc::resource_deadlock_would_occur;
  if (value == sqlstate::to_value("3D000")) // no such database
    return std::errc::no_such_file_or_directory;
  if (value == sqlstate::to_value("42501") ||
      sqlstate::is_in_class(value, "28"))
    return std::errc::permission_denied;
  // Too many connections, or locks.
  if (sqlstate::is_in_class(value, "53")) return std::errc::no_lock_available;
  return std::errc::io_error;
}

inline std::string postgres_words_of(int value) {
  switch (value) {
  case postgres_errc::bad_connection_words:
    return "the words of the connection are wrong";
  case postgres_errc::host_not_found:
    return "the host is not found";
  case postgres_errc::no_connection:
    return "no connection: no server listens there, or it refuses";
  case postgres_errc::no_password:
    return "it asks for a password, and there is none";
  case postgres_errc::no_answer:
    return "it does not answer";
  case postgres_errc::session_lost:
    return "the session was lost";
  case postgres_errc::pooled:
    return "a pooler such as pgbouncer answers, which may swap the session "
           "that holds the lock: connect to the server itself";
  case postgres_errc::standby:
    return "it is a standby, whose locks exclude nobody elsewhere: connect to "
           "the primary";
  case postgres_errc::not_held:
    return "the session does not hold the lock";
  case postgres_errc::bad_answer:
    return "it does not answer as PostgreSQL does";
  default:
    break;
  }
  std::string result = "SQLSTATE " + sqlstate::to_text(value);
  if (is_postgres_loss(value)) result += ": the session was ended";
  if (sqlstate::is_in_class(value, "28"))
    result += ": the user or the password is refused";
  if (value == sqlstate::to_value("57014"))
    result += ": somebody cancelled the wait";
  if (sqlstate::is_in_class(value, "53"))
    result += ": it has too many connections, or locks";
  return result;
}

class postgres_category : public std::error_category {
public:
  const char* name() const noexcept override { return "filelock.postgres"; }
  std::string message(int value) const override {
    return "PostgreSQL (" + server() + "): " + postgres_words_of(value);
  }
  std::error_condition
  default_error_condition(int value) const noexcept override {
    return std::make_error_condition(postgres_condition(value));
  }

private:
  virtual std::string server() const = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
