// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A session with PostgreSQL that locks one name.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_SESSION_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_SESSION_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/remote/postgres_cancel.hpp>
#include <filelock/detail/remote/postgres_connection.hpp>
#include <filelock/detail/remote/postgres_owner.hpp>
#include <filelock/detail/remote/postgres_statement.hpp>
#include <filelock/detail/remote/sha_256.hpp>
#include <filelock/detail/remote/socket_watch.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/lock_request.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What a call of a session found. `error` is a value of postgres_errc.
struct postgres_answer {
  bool is_yes = false;
  int error = 0;
};

class postgres_session {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How long the server may be silent.
  struct patience {
    std::chrono::nanoseconds with_answer; ///< that no lock keeps from coming
    std::chrono::nanoseconds with_cancel; ///< after a deadline or a stop
  };

  postgres_session(std::string_view name, const patience& how_long)
      : postgres_session(
            static_cast<std::int64_t>(sha_256::first_64_bits(name)), how_long) {
  }

  /// Releases first: the server needs a moment to see that a connection ends.
  ~postgres_session() {
    watch_.stop();
    if (held_ != lock_mode::unlocked && !connection_.is_lost()) unlock(held_);
  }
  postgres_session(const postgres_session&) = delete;
  postgres_session& operator=(const postgres_session&) = delete;

  /// \returns Whether it is connected by the end of `bounds`.
  /// \throws std::bad_alloc, std::system_error.
  postgres_answer connect(const std::string& words, const wait_bounds& bounds) {
    const wait_bounds patient = no_later_than_patience(bounds);
    outcome reached = connection_.connect(postgres_words(words), patient);
    if (reached == outcome::done)
      reached = connection_.run(postgres_statement::begin_session, patient);
    if (reached != outcome::done) return not_done(reached, bounds);
    // A pooler gives itself a number, and tells that one.
    if (connection_.value(0) !=
        std::to_string(::PQbackendPID(connection_.get())))
      return {false, postgres_errc::pooled};
    if (connection_.value(1) != "f") return {false, postgres_errc::standby};
    return {true, 0};
  }

  /// One attempt. If there is no answer by the end of `bounds`, the session is
  /// ended, and the answer is no.
  postgres_answer try_lock(lock_mode mode, const wait_bounds& bounds) noexcept {
    token_ = 0;
    return note_mode(ask(postgres_statement::try_lock(key_, mode), bounds),
                     mode);
  }

  postgres_answer try_lock(lock_mode mode) noexcept {
    return try_lock(mode, without_bounds());
  }

  /// Waits in the server's queue. At the end of `bounds` the wait is cancelled.
  /// A grant that comes just then is kept, or after a stop given back.
  postgres_answer lock(lock_mode mode, const wait_bounds& bounds) noexcept {
    token_ = 0;
    outcome reached =
        connection_.run(postgres_statement::lock(key_, mode).text(), bounds);
    const bool is_stopped = reached == outcome::stopped;
    if (is_stopped || reached == outcome::timed_out) {
      reached = end_wait();
      if (reached != outcome::done && reached != outcome::failed) {
        connection_.drop();
        return note({false, 0});
      }
      if (connection_.error() == sqlstate::to_value("57014")) return {};
    }
    if (reached == outcome::failed) return note({false, connection_.error()});
    held_ = mode;
    if (!is_stopped) return {true, 0};
    return {false, unlock(mode).error};
  }

  postgres_answer unlock(lock_mode mode) noexcept {
    token_ = 0;
    held_ = lock_mode::unlocked;
    const postgres_answer answer =
        ask(postgres_statement::unlock(key_, mode), without_bounds());
    if (!answer.is_yes && !answer.error)
      return {false, postgres_errc::not_held};
    return answer;
  }

  postgres_answer convert(lock_mode to) noexcept {
    token_ = 0;
    return note_mode(ask(to == lock_mode::shared
                             ? postgres_statement::downgrade(key_)
                             : postgres_statement::upgrade(key_),
                         without_bounds()),
                     to);
  }

  bool is_alive() noexcept { return note_end(connection_.is_alive()); }

  std::shared_ptr<cancel_source> lost() {
    if (!watch_.is_running() && is_alive())
      watch_.start(connection_.socket(), lost_);
    return lost_;
  }

  /// \returns A number that is greater than all before. 0 if the server gives
  /// none.
  std::uint64_t token() noexcept {
    if (token_ == 0) {
      const postgres_answer answer = run(postgres_statement::new_token);
      if (answer.is_yes) token_ = token_of_answer();
    }
    return token_;
  }

  /// \returns The owner of a lock that conflicts with `mode`. Nobody if there
  /// is none, or no answer.
  /// \throws std::bad_alloc if there is no memory.
  postgres_owner holder(lock_mode mode) {
    if (!run(postgres_statement::holder(key_, mode).text()).is_yes) return {};
    return postgres_owner(connection_.value(0), connection_.value(1),
                          connection_.value(2));
  }

  /// \returns The owner of the name of this session. The session may have
  /// ended: a wait that is given up can end it.
  postgres_owner holder(lock_mode mode, const std::string& words) {
    if (is_alive()) return holder(mode);
    postgres_session another(key_, patience_);
    if (!another.connect(words, without_bounds()).is_yes) return {};
    return another.holder(mode);
  }

  /// \returns The process of the server that serves this session.
  int backend() const noexcept { return ::PQbackendPID(connection_.get()); }

private:
  using outcome = postgres_connection::outcome;

  postgres_session(std::int64_t key, const patience& how_long)
      : key_(key),
        patience_(how_long),
        lost_(std::make_shared<cancel_source>()) {}

  // A server that has taken a cancel lives, and ends the wait soon.
  static constexpr std::chrono::seconds patience_with_cancelled_wait{1};

  static wait_bounds without_bounds() noexcept { return {(time_point::max)()}; }

  wait_bounds no_later_than_patience(const wait_bounds& bounds) const noexcept {
    return {lesser(bounds.end, saturated_sum(std::chrono::steady_clock::now(),
                                             patience_.with_answer)),
            bounds.stop};
  }

  /// \returns Why a call has not ended: by its bounds, or for want of patience.
  postgres_answer not_done(outcome reached,
                           const wait_bounds& bounds) noexcept {
    if (reached == outcome::failed) return note({false, connection_.error()});
    connection_.drop();
    const bool is_bound = reached == outcome::stopped ||
                          std::chrono::steady_clock::now() >= bounds.end;
    return note({false, is_bound ? 0 : int{postgres_errc::no_answer}});
  }

  postgres_answer run(const char* statement) noexcept {
    return run(statement, without_bounds());
  }
  postgres_answer run(const char* statement,
                      const wait_bounds& bounds) noexcept {
    const outcome reached =
        connection_.run(statement, no_later_than_patience(bounds));
    return reached == outcome::done ? postgres_answer{true, 0}
                                    : not_done(reached, bounds);
  }

  postgres_answer ask(const postgres_statement& question,
                      const wait_bounds& bounds) noexcept {
    postgres_answer answer = run(question.text(), bounds);
    if (answer.is_yes) answer.is_yes = connection_.value(0) == "t";
    return answer;
  }

  /// Cancels the wait that is under way.
  outcome end_wait() noexcept {
    const time_point end =
        saturated_sum(std::chrono::steady_clock::now(), patience_.with_cancel);
    try {
      const postgres_cancel cancel(connection_.get());
      if (!cancel.is_over({end})) return outcome::timed_out;
      return connection_.await(
          {saturated_sum(end, patience_with_cancelled_wait)});
    } catch (...) { // no thread, no memory
      return outcome::timed_out;
    }
  }

  std::uint64_t token_of_answer() const noexcept {
    const auto number = [](std::string_view text, int base) {
      std::uint64_t result = 0;
      const auto [end, error] =
          std::from_chars(text.data(), text.data() + text.size(), result, base);
      return error == std::errc() && end == text.data() + text.size() ? result
                                                                      : 0;
    };
    // Two records are more than 16 bytes apart.
    const std::uint64_t place = number(connection_.value(1), 10) >> 4;
    const std::uint64_t timeline = number(connection_.value(0), 16);
    constexpr int bits_of_place = 52;
    if (place >> bits_of_place != 0 || timeline >> (64 - bits_of_place) != 0)
      return 0;
    return timeline << bits_of_place | place;
  }

  postgres_answer note(postgres_answer answer) noexcept {
    note_end(!connection_.is_lost());
    return answer;
  }

  postgres_answer note_mode(postgres_answer answer, lock_mode mode) noexcept {
    if (answer.is_yes) held_ = mode;
    return answer;
  }

  bool note_end(bool is_alive) noexcept {
    if (!is_alive) lost_->request();
    return is_alive;
  }

  std::int64_t key_;
  patience patience_;
  std::shared_ptr<cancel_source> lost_;
  postgres_connection connection_;
  socket_watch watch_; // ends before the connection does
  lock_mode held_ = lock_mode::unlocked;
  std::uint64_t token_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
