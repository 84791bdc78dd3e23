// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The statements about one advisory lock of PostgreSQL.

#ifndef FILELOCK_DETAIL_REMOTE_POSTGRES_STATEMENT_HPP
#define FILELOCK_DETAIL_REMOTE_POSTGRES_STATEMENT_HPP

#include <filelock/lock_request.hpp>

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>

namespace filelock {
inline namespace v1 {
namespace detail {

/// https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
class postgres_statement {
public:
  // A time-out of the server's configuration would end a wait, or the session,
  // that this library bounds by itself; older servers do not know all of them.
  // A commit that does not wait for the disk would let a crash repeat a token:
  // https://www.postgresql.org/docs/current/wal-async-commit.html
  static constexpr const char* begin_session =
      "select pg_backend_pid(), pg_is_in_recovery(), "
      "set_config('synchronous_commit', 'local', false), "
      "(select count(set_config(name, '0', false)) from pg_settings "
      "where name in ('statement_timeout', 'lock_timeout', "
      "'idle_session_timeout', 'transaction_timeout'))";

  // The record that it writes has its own place in the log of the server, and
  // is on the disk once the statement has ended. The name of the segment begins
  // with the timeline.
  static constexpr const char* new_token =
      "select left(pg_walfile_name(l), 8), (l - '0/0')::text from "
      "pg_logical_emit_message(true, 'filelock', '') l";

  static postgres_statement try_lock(std::int64_t key, lock_mode mode) {
    return {"select pg_try_advisory_lock%s(%" PRId64 ")", suffix(mode), key};
  }
  static postgres_statement lock(std::int64_t key, lock_mode mode) {
    return {"select pg_advisory_lock%s(%" PRId64 ")", suffix(mode), key};
  }
  static postgres_statement unlock(std::int64_t key, lock_mode mode) {
    return {"select pg_advisory_unlock%s(%" PRId64 ")", suffix(mode), key};
  }

  /// A session's own locks do not exclude each other, and a CASE has an order.
  static postgres_statement upgrade(std::int64_t key) {
    return {"select case when pg_try_advisory_lock(%" PRId64
            ") then pg_advisory_unlock_shared(%" PRId64 ") else false end",
            key, key};
  }

  /// The form that waits is granted at once, as nobody else holds the lock. The
  /// one that tries is refused if somebody waits.
  static postgres_statement downgrade(std::int64_t key) {
    return {"select case when pg_advisory_lock_shared(%" PRId64
            ") is null then false else pg_advisory_unlock(%" PRId64 ") end",
            key, key};
  }

  /// The owner of a lock that conflicts with one in `mode`. A user that is no
  /// superuser does not get the address of another user's session.
  static postgres_statement holder(std::int64_t key, lock_mode mode) {
    const auto bits = static_cast<std::uint64_t>(key);
    return {"select coalesce(a.application_name, ''), "
            "coalesce(host(a.client_addr), case when a.client_port = -1 then "
            "'the server' end, ''), l.pid "
            "from pg_locks l left join pg_stat_activity a on a.pid = l.pid "
            "where l.locktype = 'advisory' and l.granted and l.database = "
            "(select oid from pg_database where datname = current_database()) "
            "and l.classid = %" PRIu64 " and l.objid = %" PRIu64
            " and l.objsubid = 1 and l.pid <> pg_backend_pid()%s limit 1",
            bits >> 32, bits & 0xFFFFFFFF,
            mode == lock_mode::shared ? " and l.mode = 'ExclusiveLock'" : ""};
  }

  const char* text() const noexcept { return text_.data(); }

private:
  template <class... Arguments>
  postgres_statement(const char* format, Arguments... arguments) {
    std::snprintf(text_.data(), text_.size(), format, arguments...);
  }

  static const char* suffix(lock_mode mode) noexcept {
    return mode == lock_mode::shared ? "_shared" : "";
  }

  std::array<char, 640> text_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
