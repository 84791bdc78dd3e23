// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Locks of the server that the tests of a program share.

#ifndef FILELOCK_TEST_SUPPORT_POSTGRES_LOCKS_HPP
#define FILELOCK_TEST_SUPPORT_POSTGRES_LOCKS_HPP

#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

#include "postgres_server.hpp"

namespace test {

struct of_shared_server {
  static std::string connection() {
    return shared_postgres_server().connection();
  }
};

using postgres = filelock::postgres_traits<of_shared_server>;
using postgres_lock = filelock::basic_file_lock<postgres>;

/// For a busy machine, where a cancel takes long. A session that is dropped for
/// that waits in the server until the lock is free.
struct of_patient_client : of_shared_server {
  static std::chrono::seconds cancel_patience() {
    return std::chrono::seconds(50);
  }
};
using patient_postgres = filelock::postgres_traits<of_patient_client>;

/// For a suite: skips its cases where there is no server.
inline boost::test_tools::assertion_result
has_postgres(boost::unit_test::test_unit_id suite) {
  const std::string name =
      boost::unit_test::framework::get(suite, boost::unit_test::TUT_ANY)
          .full_name();
  return has_postgres_server(name.c_str());
}

/// \returns How many advisory locks there are in the server.
inline std::string advisory_locks() {
  return shared_postgres_server().ask(
      "select count(*) from pg_locks where locktype = 'advisory'");
}

/// \returns Whether so many sessions come to wait for a lock.
inline bool wait_until_server_sees_waiters(int count) {
  return wait_until_seen([count] {
    return shared_postgres_server().ask(
               "select count(*) from pg_locks where locktype = 'advisory' and "
               "not granted") == std::to_string(count);
  });
}

} // namespace test

#endif
