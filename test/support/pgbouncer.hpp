// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A pooler before a server of the tests, in transaction mode.

#ifndef FILELOCK_TEST_SUPPORT_PGBOUNCER_HPP
#define FILELOCK_TEST_SUPPORT_PGBOUNCER_HPP

#include "child_process.hpp"
#include "other_user.hpp"
#include "postgres_server.hpp"
#include "skipped.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace test {

inline bool has_pgbouncer(const char* what) {
  std::error_code ec;
  if (std::filesystem::exists("/usr/sbin/pgbouncer", ec)) return true;
  skipped(what, "pgbouncer is not installed");
  return false;
}

class pgbouncer {
public:
  explicit pgbouncer(const postgres_server& server)
      : port_(free_port()), file_(server.folder() / "pgbouncer.ini") {
    std::ofstream(file_) << "[databases]\npostgres = host=127.0.0.1 port="
                         << server.port() << " user=locker password='"
                         << postgres_server::password
                         << "'\n[pgbouncer]\npool_mode = transaction\n"
                            "auth_type = any\nlisten_addr = 127.0.0.1\n"
                            "ignore_startup_parameters = extra_float_digits\n"
                            "unix_socket_dir =\nlisten_port = "
                         << port_ << "\nadmin_users = admin\n";
    process_.emplace(child_process::forked([&](line_channel&) -> std::string {
      if (!give_up_root()) return "no other user";
      ::execl("/usr/sbin/pgbouncer", "pgbouncer", "-q", file_.c_str(),
              static_cast<char*>(nullptr));
      return "cannot execute pgbouncer";
    }));
    wait_until_seen(
        [&] { return ::PQping(connection().c_str()) == PQPING_OK; });
  }

  std::string connection() const {
    return "host=127.0.0.1 dbname=postgres user=locker sslmode=disable port=" +
           std::to_string(port_);
  }

  /// \returns The answers of two sessions that live at the same time.
  std::string ask_by_two_sessions(const std::string& statement) const {
    std::string result;
    ::PGconn* const first = ::PQconnectdb(connection().c_str());
    ::PGconn* const second = ::PQconnectdb(connection().c_str());
    for (::PGconn* const each : {first, second}) {
      ::PGresult* const answer = ::PQexec(each, statement.c_str());
      result += ::PQntuples(answer) == 1 ? ::PQgetvalue(answer, 0, 0)
                                         : ::PQerrorMessage(each);
      ::PQclear(answer);
    }
    ::PQfinish(first);
    ::PQfinish(second);
    return result;
  }

private:
  int port_;
  std::filesystem::path file_;
  std::optional<child_process> process_;
};

} // namespace test

#endif
