// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// postgres_traits: locks of a PostgreSQL server, for many machines. Needs
/// libpq: CMake links filelock::postgres, b2 /filelock//postgres.

#ifndef FILELOCK_REMOTE_POSTGRES_HPP
#define FILELOCK_REMOTE_POSTGRES_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/no_throw.hpp>
#include <filelock/detail/remote/postgres_session.hpp>
#include <filelock/detail/remote/postgres_tag.hpp>
#include <filelock/detail/remote/wait_for_descriptor.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

namespace filelock {
inline namespace v1 {
namespace detail {

template <class Tag>
class postgres_category_of final : public postgres_category {
  std::string server() const override {
    return postgres_words(std::string(Tag::connection())).server();
  }
};

} // namespace detail

/// \returns The category of the errors of postgres_traits<Tag>. Its messages
/// name the server, and never the password. Its values are SQLSTATEs, as
/// numbers, and reasons of its own; each has a std::errc.
template <class Tag>
const std::error_category& postgres_category() noexcept {
  static const detail::postgres_category_of<Tag> category;
  return category;
}

/// A Platform: session-level advisory locks of a PostgreSQL server, 10 or
/// later. A lock is a name, and its key is the first 64 bits, big endian, of
/// SHA-256 of the name's bytes, as a signed number. All users of one database
/// share the keys.
/// \tparam Tag says by static functions which server to use:
/// `connection()` returns the words of the connection, as libpq reads them, as
/// a `const char*`, a std::string or a std::string_view; it may be called by
/// any thread, at any time. Two may be missing: `patience()` returns for
/// how long the server may be silent, 10 s, and `cancel_patience()` for how
/// long it may be so when a wait is cancelled, 40 ms.
template <class Tag>
struct postgres_traits {
  /// A session; null where there is none.
  using native_handle_type = detail::postgres_session*;
  /// Deadlines are measured in it.
  using clock = std::chrono::steady_clock;

  /// What open() returns where it fails.
  // NOLINTNEXTLINE(misc-misplaced-const): the pointer is the constant
  static constexpr native_handle_type invalid_handle = nullptr;
  /// The facts. The tests hold them to the server: see platform_laws.
  /// @{
  static constexpr lock_ownership ownership = lock_ownership::handle;
  static constexpr bool mandatory = false;
  static constexpr bool excludes_same_process = true;
  static constexpr bool atomic_conversion = true;
  static constexpr bool byte_ranges = false;
  static constexpr bool locks_names = true;
  /// @}

  static_assert(detail::tells_connection_v<Tag>,
                "postgres_traits: Tag must have a static connection() that "
                "returns the words of a connection, such as \"host=db\"");

  /// Connects to the server, and checks it.
  /// Effects: waits at most for Tag::patience(). Every byte of `name` counts. A
  /// forked child closes the connection, even one that is being made, and says
  /// nothing to the server.
  /// \returns The session; invalid_handle where `ec` is set.
  /// Error conditions:
  /// - std::errc::invalid_argument: libpq does not understand the words
  /// - std::errc::host_unreachable: the host has no address
  /// - std::errc::connection_refused: nobody listens, or it refuses
  /// - std::errc::permission_denied: the user or the password is refused
  /// - std::errc::not_supported: a pooler, or a standby
  /// - std::errc::no_lock_available: the server has too many sessions
  /// - std::errc::timed_out: no answer
  ///
  /// System calls: some 40.
  static native_handle_type open(const std::filesystem::path& name,
                                 const open_options& options,
                                 std::error_code& ec) noexcept {
    canceller never;
    return open_until(name, options, (clock::time_point::max)(), never, ec);
  }

  /// Connects as part of a wait: until `deadline` or `stop`. \returns The
  /// session. At the end of the wait invalid_handle, with `ec` clear. Error
  /// conditions and system calls: as open().
  static native_handle_type open_until(const std::filesystem::path& name,
                                       const open_options&,
                                       const clock::time_point& deadline,
                                       canceller& stop,
                                       std::error_code& ec) noexcept {
    const detail::stop_descriptor stopped(stop, ec);
    if (ec) return invalid_handle;
    return detail::without_exceptions(ec, [&]() -> native_handle_type {
      auto session = std::make_unique<detail::postgres_session>(
          name.native(), detail::postgres_session::patience{
                             detail::patience_of<Tag>::get(),
                             detail::cancel_patience_of<Tag>::get()});
      const detail::postgres_answer answer = session->connect(
          std::string(Tag::connection()), {deadline, stopped.get()});
      set(ec, answer.error);
      return answer.is_yes ? session.release() : invalid_handle;
    });
  }

  /// Takes leave of the server, which releases what is held.
  static void close(native_handle_type session) noexcept { delete session; }

  /// Attempts to take the lock once, by one statement.
  /// \returns Whether it was taken: false with `ec` clear if another owner
  /// holds it, or waits for it.
  /// Error conditions: std::errc::not_supported: a range;
  /// std::errc::timed_out: no answer, so the session was ended; those of
  /// is_loss(); SQLSTATEs. System calls: 3.
  static bool try_lock(native_handle_type session, const lock_request& request,
                       std::error_code& ec) noexcept {
    return is_usable(session, request, ec) &&
           is_yes(session->try_lock(request.mode), ec);
  }

  /// Attempts as part of a wait: until `deadline` or `stop`. Effects: without
  /// an answer by then, ends the session, so nothing is held. Returns, error
  /// conditions and system calls: as try_lock().
  static bool attempt_until(native_handle_type session,
                            const lock_request& request,
                            const clock::time_point& deadline, canceller& stop,
                            std::error_code& ec) noexcept {
    return is_usable(session, request, ec) &&
           within(deadline, stop, ec, [&](const detail::wait_bounds& bounds) {
             return session->try_lock(request.mode, bounds);
           });
  }

  /// Waits in the server's queue until the lock is taken.
  /// Error conditions: as try_lock(); std::errc::operation_canceled: an
  /// administrator cancelled the wait. System calls: 3.
  static void lock(native_handle_type session, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (is_usable(session, request, ec))
      is_yes(session->lock(request.mode, {(clock::time_point::max)()}), ec);
  }

  /// Waits as lock(), until `deadline` or `stop`. Effects: cancels the wait
  /// then. A grant that comes with the cancel is kept at the deadline, and
  /// given back after a stop. If the server does not take the cancel within
  /// Tag::cancel_patience(), the session is ended.
  /// \returns Whether the lock was taken. Error conditions: as lock(). System
  /// calls: 3; 3 more where a stop can be requested, and some 20 for a cancel.
  static bool lock_until(native_handle_type session,
                         const lock_request& request,
                         const clock::time_point& deadline, canceller& stop,
                         std::error_code& ec) noexcept {
    return is_usable(session, request, ec) &&
           within(deadline, stop, ec, [&](const detail::wait_bounds& bounds) {
             return session->lock(request.mode, bounds);
           });
  }

  /// Releases, by one statement. System calls: 3. Error conditions: as
  /// try_lock(); std::errc::operation_not_permitted: it was not held.
  static void unlock(native_handle_type session, const lock_request& request,
                     std::error_code& ec) noexcept {
    if (is_usable(session, request, ec))
      is_yes(session->unlock(request.mode), ec);
  }

  /// Changes the mode, by one statement. \returns Whether the lock has the new
  /// mode. System calls: 3.
  /// Effects: releases nothing in between. An upgrade is refused if another
  /// owner holds the lock or waits for it. Error conditions: as try_lock().
  static bool convert(native_handle_type session, const lock_request& from,
                      const lock_request& to, std::error_code& ec) noexcept {
    return is_usable(session, from, ec) &&
           is_yes(session->convert(to.mode), ec);
  }

  /// \returns Whether the session lives, as far as is known. It reads what the
  /// server said last.
  /// Preconditions: locked. System calls: 1 or more.
  static bool holds(native_handle_type session, const lock_request&) noexcept {
    return session->is_alive();
  }

  /// \returns Whether `ec` says that the session has ended.
  static bool is_loss(const std::error_code& ec) noexcept {
    return ec.category() == postgres_category<Tag>() &&
           detail::is_postgres_loss(ec.value());
  }

  /// \returns A canceller that is requested when the session ends. The first
  /// call starts a thread, which watches the connection until the object closes
  /// it.
  static canceller loss(native_handle_type session) noexcept {
    std::error_code ignored; // no thread: the next call tells the loss
    return detail::without_exceptions(
        ignored, [session] { return canceller(session->lost()); });
  }

  /// \returns The number of the hold. 0 after a loss. Its upper bits are the
  /// server's timeline. Below is the place of a record that is written into the
  /// server's log for this hold, and flushed.
  /// System calls: 3 for the first call of a hold; then none.
  static std::uint64_t token(native_handle_type session) noexcept {
    return session->token();
  }

  /// \returns The process that holds the lock. Nothing unless the owner is a
  /// process of this machine, and uses this library.
  static std::optional<process_id>
  holder(native_handle_type session, const lock_request& request) noexcept {
    std::error_code ignored;
    return detail::without_exceptions(
        ignored, [&] { return owner(session, request).local_process(); });
  }

  /// \returns Words that name the owner: "process 12 of db1". Empty if nobody
  /// holds the lock, or there is no answer.
  static std::string holder_name(native_handle_type session,
                                 const lock_request& request) noexcept {
    std::error_code ignored;
    return detail::without_exceptions(
        ignored, [&] { return owner(session, request).name(); });
  }

private:
  static detail::postgres_owner owner(native_handle_type session,
                                      const lock_request& request) {
    return session->holder(request.mode, std::string(Tag::connection()));
  }

  static void set(std::error_code& ec, int error) noexcept {
    if (error != 0) ec.assign(error, postgres_category<Tag>());
  }

  static bool is_yes(const detail::postgres_answer& answer,
                     std::error_code& ec) noexcept {
    set(ec, answer.error);
    return answer.is_yes;
  }

  template <class Ask>
  static bool within(const clock::time_point& deadline, canceller& stop,
                     std::error_code& ec, Ask ask) noexcept {
    const detail::stop_descriptor stopped(stop, ec);
    return !ec && is_yes(ask({deadline, stopped.get()}), ec);
  }

  static bool is_usable(native_handle_type session, const lock_request& request,
                        std::error_code& ec) noexcept {
    if (!session)
      ec = std::make_error_code(std::errc::bad_file_descriptor);
    else if (!request.range.is_whole_file())
      ec = std::make_error_code(std::errc::not_supported);
    return !ec;
  }
};

} // namespace v1
} // namespace filelock

#endif
