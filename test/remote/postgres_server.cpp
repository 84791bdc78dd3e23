// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// The server of the tests, and what its SQL says of the keys.

#include <filelock/detail/remote/sha_256.hpp>

#include <boost/test/unit_test.hpp>

#include <libpq-fe.h>

#include <cstdint>
#include <string>

#include "support/postgres_server.hpp"

BOOST_AUTO_TEST_SUITE(remote_postgres_server)

BOOST_AUTO_TEST_CASE(sql_computes_the_same_key) {
  if (!test::has_postgres_server("the key")) return;
  const std::string connection = test::shared_postgres_server().connection();
  ::PGconn* const session = ::PQconnectdb(connection.c_str());
  BOOST_TEST((::PQstatus(session) == CONNECTION_OK), ::PQerrorMessage(session));
  // This line stands in the manual.
  ::PGresult* const result = ::PQexec(
      session, "select ('x' || encode(substr(sha256('jobs/build'), 1, 8), "
               "'hex'))::bit(64)::bigint");
  const std::string answer =
      ::PQntuples(result) == 1 ? ::PQgetvalue(result, 0, 0) : "none";
  BOOST_TEST(answer ==
             std::to_string(static_cast<std::int64_t>(
                 filelock::detail::sha_256::first_64_bits("jobs/build"))));
  ::PQclear(result);
  ::PQfinish(session);
}

BOOST_AUTO_TEST_SUITE_END()
