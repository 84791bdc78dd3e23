// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Servers that answer, and refuse: passwords, databases, poolers and standbys.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <signal.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

#include "support/pgbouncer.hpp"
#include "support/temporary_folder.hpp"
#include "support/told_postgres.hpp"

using namespace std::chrono_literals;
using test::refusal_of;
using test::told;
using test::told_lock;

BOOST_AUTO_TEST_SUITE(remote_postgres_refusals,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(a_wrong_password) {
  std::string words = test::shared_postgres_server().connection();
  words.replace(words.find("a secret"), 8, "no secret");
  const std::error_code ec = refusal_of(words);
  BOOST_TEST((ec == std::errc::permission_denied), ec.message());
  BOOST_TEST(ec.message().find("28P01") != std::string::npos);
  BOOST_TEST(ec.message().find("secret") == std::string::npos);
  words.resize(words.find("password"));
  const std::error_code none = refusal_of(words + "passfile=/no/such/file");
  BOOST_TEST((none == std::errc::permission_denied), none.message());
}

BOOST_AUTO_TEST_CASE(no_such_database) {
  std::string words = test::shared_postgres_server().connection();
  words += " dbname=none";
  const std::error_code ec = refusal_of(words);
  BOOST_TEST((ec == std::errc::no_such_file_or_directory), ec.message());
}

BOOST_AUTO_TEST_CASE(too_many_sessions) {
  auto& server = test::shared_postgres_server();
  server.ask("create role limited login connection limit 0 password 'a'");
  const std::error_code ec = refusal_of(
      "host=127.0.0.1 dbname=postgres user=limited password=a port=" +
      std::to_string(server.port()));
  BOOST_TEST((ec == std::errc::no_lock_available), ec.message());
}

BOOST_AUTO_TEST_CASE(a_host_by_its_name_and_by_a_list) {
  auto& server = test::shared_postgres_server();
  std::string words = server.connection();
  words.replace(words.find("127.0.0.1"), 9, "localhost");
  told::words = words;
  BOOST_TEST(told_lock("by name").try_lock());
  // Nobody listens on the first one.
  const std::string port = "port=" + std::to_string(server.port());
  words.replace(words.find(port), port.size(),
                "port=" + std::to_string(test::free_port()) + ',' +
                    std::to_string(server.port()));
  words.replace(words.find("localhost"), 9, "127.0.0.1,localhost");
  told::words = words;
  BOOST_TEST(told_lock("by list").try_lock());
}

BOOST_AUTO_TEST_CASE(a_host_of_a_service) {
  auto& server = test::shared_postgres_server();
  const test::temporary_folder folder;
  std::ofstream(folder / "services")
      << "[locks]\nhost=localhost\ndbname=postgres\nuser=locker\nport="
      << server.port() << "\npassword=" << server.password << '\n';
  ::setenv("PGSERVICEFILE", (folder / "services").c_str(), 1);
  told::words = "service=locks";
  BOOST_TEST(told_lock("by service").try_lock());
  ::unsetenv("PGSERVICEFILE");
}

// What the pooler does to locks by hand, and that this library refuses it.
BOOST_AUTO_TEST_CASE(a_pooler_in_transaction_mode) {
  if (!test::has_pgbouncer("a pooler")) return;
  const test::pgbouncer pooler(test::shared_postgres_server());
  const std::string attempt = "select pg_try_advisory_lock(7)";
  const std::string answers = pooler.ask_by_two_sessions(attempt);
  BOOST_TEST(answers == "tt"); // both of them "hold" it
  const std::error_code ec = refusal_of(pooler.connection());
  BOOST_TEST((ec == std::errc::not_supported), ec.message());
  BOOST_TEST(ec.message().find("pooler") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_standby_and_its_promotion) {
  test::postgres_server primary;
  told::words = primary.connection();
  told_lock lock("promoted");
  lock.lock();
  const std::uint64_t early = lock.token();
  lock.unlock();
  // The copy lacks what the primary writes from now on.
  primary.stop(SIGINT);
  test::postgres_server standby = test::postgres_server::standby_of(primary);
  primary.start();
  lock.lock();
  primary.ask("create table t as select generate_series(1, 100000)");
  const std::uint64_t late = lock.token();
  BOOST_TEST(late > early);
  lock.close();
  primary.stop(SIGQUIT);

  const std::error_code ec = refusal_of(standby.connection());
  BOOST_TEST((ec == std::errc::not_supported), ec.message());
  BOOST_TEST(ec.message().find("standby") != std::string::npos);
  standby.promote();
  told_lock after("promoted");
  after.lock();
  BOOST_TEST(after.token() > late);
}

BOOST_AUTO_TEST_SUITE_END()
