// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// postgres_traits keeps the laws of a Platform.

#include <filelock/testing/platform_laws.hpp>

#include <boost/test/unit_test.hpp>

#include <libpq-fe.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "support/postgres_locks.hpp"

namespace {

// The laws go on with a session after a cancel.
using postgres = test::patient_postgres;

} // namespace

// tag::tools[]
template <>
struct filelock::law_tools<postgres> {
  static void end_session(postgres::native_handle_type session) {
    test::shared_postgres_server().ask("select pg_terminate_backend(" +
                                       std::to_string(session->backend()) +
                                       ", 10000)");
  }
};
// end::tools[]

BOOST_AUTO_TEST_SUITE(remote_postgres_laws,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(the_laws_of_a_platform) {
  // tag::laws[]
  const filelock::law_report report =
      filelock::check_platform_laws<postgres>("laws", std::chrono::minutes(1));
  BOOST_TEST(report.broken == "");
  // end::laws[]
  // A session has no copies, and its lock is no file.
  BOOST_TEST(report.untried ==
             "fact: mandatory: law_tools has no may_write()\n"
             "fact: ownership: law_tools has no duplicate()\n"
             "holder tells the owner or nothing: law_tools has no "
             "process_owner\n");
}

BOOST_AUTO_TEST_SUITE_END()
