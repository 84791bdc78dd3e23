// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// One connection to PostgreSQL, whose calls all end by a time or a stop.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_CONNECTION_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_CONNECTION_HPP

#include <filelock/detail/remote/postgres_error.hpp>
#include <filelock/detail/remote/postgres_words.hpp>
#include <filelock/detail/remote/unshared_socket.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string_view>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Its address must not change: libpq keeps it. Used by one thread at a time.
class postgres_connection {
public:
  /// How a call has ended. `failed`: error() says why. After `timed_out` and
  /// `stopped` the call is still under way.
  enum class outcome { done, failed, timed_out, stopped };

  postgres_connection() = default;
  postgres_connection(const postgres_connection&) = delete;
  postgres_connection& operator=(const postgres_connection&) = delete;
  ~postgres_connection() { close(); }

  /// Connects to the server. Preconditions: not connected. \throws
  /// std::bad_alloc, std::system_error.
  outcome connect(postgres_words words, const wait_bounds& bounds) {
    if (!words.is_valid()) return fail(postgres_errc::bad_connection_words);
    words.add_defaults();
    wait_end end = wait_end::ready;
    if (const int error = words.look_up_hosts(bounds, end)) return fail(error);
    if (end != wait_end::ready) return outcome_of(end);
    for (int attempts = 1;; ++attempts) {
      const outcome reached = connect_once(words, bounds);
      if (reached != outcome::done || !socket_.may_be_copied()) return reached;
      close();
      if (attempts == most_attempts) return fail(postgres_errc::no_connection);
    }
  }

  /// Sends a statement, and waits for its answer.
  outcome run(const char* statement, const wait_bounds& bounds) noexcept {
    result_.reset();
    error_ = postgres_errc::none;
    if (is_lost_ || !::PQsendQuery(get(), statement)) return lose();
    return await(bounds);
  }

  /// Waits for the answer of a statement that was sent.
  outcome await(const wait_bounds& bounds) noexcept {
    for (;;) {
      const int unsent = ::PQflush(get());
      while (unsent >= 0 && !::PQisBusy(get())) {
        result next(::PQgetResult(get()), &::PQclear);
        if (!next) return error_ ? end_of_failed() : outcome::done;
        note_error_of(*next);
        result_ = std::move(next);
      }
      if (unsent < 0) return lose();
      const auto events =
          static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN);
      const wait_end end = wait_for_descriptor(socket(), events, bounds);
      if (end != wait_end::ready) return outcome_of(end);
      if (!::PQconsumeInput(get())) return lose();
    }
  }

  /// \returns The column of the first row of the answer. Empty if there is
  /// none. It lives until the next statement.
  std::string_view value(int column) const noexcept {
    if (!result_ || ::PQntuples(result_.get()) == 0 ||
        ::PQnfields(result_.get()) <= column)
      return {};
    return ::PQgetvalue(result_.get(), 0, column);
  }

  int error() const noexcept { return error_; }
  ::PGconn* get() const noexcept { return connection_.get(); }
  int socket() const noexcept { return ::PQsocket(get()); }

  /// \returns Whether the session is not known to have ended. Between two
  /// statements, looks at what the server has said. System calls: 1.
  bool is_alive() noexcept {
    const wait_bounds at_once{std::chrono::steady_clock::time_point()};
    while (!is_lost_ &&
           wait_for_descriptor(socket(), POLLIN, at_once) == wait_end::ready) {
      if (!::PQconsumeInput(get())) is_lost_ = true;
      ::PQisBusy(get()); // reads the notices
    }
    return !is_lost_;
  }

  bool is_lost() const noexcept { return is_lost_; }

  /// Ends the session, and what is under way: the server gives back all of its
  /// locks, at the latest when it looks at the connection.
  void drop() noexcept {
    is_lost_ = true;
    if (connection_ && socket() >= 0) ::shutdown(socket(), SHUT_RDWR);
  }

private:
  using result = std::unique_ptr<::PGresult, void (*)(::PGresult*)>;
  using connection = std::unique_ptr<::PGconn, void (*)(::PGconn*)>;

  static outcome outcome_of(wait_end end) noexcept {
    return end == wait_end::stopped ? outcome::stopped : outcome::timed_out;
  }

  // A fork waits for a call of libpq that opens a socket, if that is short. One
  // more attempt serves where it was not.
  static constexpr int most_attempts = 8;

  outcome connect_once(const postgres_words& words, const wait_bounds& bounds) {
    const auto arguments = words.arguments();
    call([&] {
      connection_.reset(::PQconnectStartParams(arguments.first.data(),
                                               arguments.second.data(), 0));
    });
    if (!connection_) return fail(postgres_errc::no_connection);
    if (!is_connected()) return fail(refusal_at_start());
    // Only the message has the SQLSTATE of a refused connection.
    ::PQsetErrorVerbosity(get(), PQERRORS_VERBOSE);
    ::PQsetNoticeReceiver(get(), &take_notice, this);
    return finish_connecting(bounds);
  }

  /// Calls libpq, which may open and close a socket.
  /// \throws std::system_error: no memory.
  template <class Call>
  void call(Call libpq) {
    std::error_code ec;
    socket_.follow(
        libpq, [this] { return connection_ ? socket() : -1; }, ec);
    if (ec) throw std::system_error(ec);
  }

  void close() noexcept {
    connection_.reset();
    socket_.remove_closed();
  }

  bool is_connected() const noexcept {
    return ::PQstatus(get()) != CONNECTION_BAD;
  }

  outcome fail(int error) noexcept {
    error_ = error;
    return outcome::failed;
  }

  /// What the server said before the end is the better reason.
  outcome lose() noexcept {
    is_lost_ = true;
    return fail(error_ && is_postgres_loss(error_)
                    ? error_
                    : int{postgres_errc::session_lost});
  }

  outcome end_of_failed() noexcept {
    if (!is_connected() || is_postgres_loss(error_)) return lose();
    return outcome::failed;
  }

  outcome finish_connecting(const wait_bounds& bounds) {
    auto next = PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
      const auto events =
          static_cast<short>(next == PGRES_POLLING_WRITING ? POLLOUT : POLLIN);
      const wait_end end = wait_for_descriptor(socket(), events, bounds);
      if (end != wait_end::ready) return outcome_of(end);
      call([&] { next = ::PQconnectPoll(get()); });
      if (next == PGRES_POLLING_FAILED) return fail(refusal());
    }
    ::PQsetErrorVerbosity(get(), PQERRORS_DEFAULT);
    // Else a statement could wait for a server that does not read.
    if (::PQsetnonblocking(get(), 1) != 0) return lose();
    return outcome::done;
  }

  /// \returns Why libpq has not begun to connect. A socket of this machine is
  /// connected at once. An attempt with words that are wrong says nothing when
  /// it is made again.
  int refusal_at_start() {
    bool is_begun = false;
    call([&] { is_begun = ::PQresetStart(get()); });
    return is_begun || *::PQerrorMessage(get()) != '\0'
               ? postgres_errc::no_connection
               : postgres_errc::bad_connection_words;
  }

  /// \returns Why there is no connection.
  int refusal() const noexcept {
    if (const int state = state_in(::PQerrorMessage(get()))) return state;
    return ::PQconnectionNeedsPassword(get()) ? postgres_errc::no_password
                                              : postgres_errc::no_connection;
  }

  /// \returns The last SQLSTATE in a message like "FATAL:  28P01: ...", whose
  /// first word is translated; 0 if there is none.
  static int state_in(std::string_view message) noexcept {
    constexpr std::string_view before = ":  ";
    int result = 0;
    for (std::size_t at = message.find(before); at != message.npos;
         at = message.find(before, at + 1)) {
      const std::string_view rest = message.substr(at + before.size());
      if (rest.size() > sqlstate::length && rest[sqlstate::length] == ':')
        if (const int state =
                sqlstate::to_value(rest.substr(0, sqlstate::length)))
          result = state;
    }
    return result;
  }

  static int state_of(const ::PGresult& answer) noexcept {
    const char* const state = ::PQresultErrorField(&answer, PG_DIAG_SQLSTATE);
    return state ? sqlstate::to_value(state) : 0;
  }

  void note_error_of(const ::PGresult& answer) noexcept {
    const ::ExecStatusType status = ::PQresultStatus(&answer);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || error_)
      return;
    error_ = state_of(answer);
    if (!error_)
      error_ = is_connected() ? postgres_errc::bad_answer
                              : postgres_errc::session_lost;
  }

  /// Between two statements the server says that it ends the session as a
  /// notice that is fatal. Other notices are for no program; libpq would print
  /// them.
  static void take_notice(void* self, const ::PGresult* notice) noexcept {
    const char* const severity =
        ::PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (!severity || (std::strcmp(severity, "FATAL") != 0 &&
                      std::strcmp(severity, "PANIC") != 0))
      return;
    auto& connection = *static_cast<postgres_connection*>(self);
    connection.is_lost_ = true;
    connection.error_ = state_of(*notice);
  }

  connection connection_{nullptr, &::PQfinish};
  unshared_socket socket_;
  result result_{nullptr, &::PQclear};
  int error_ = postgres_errc::none;
  bool is_lost_ = false;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
