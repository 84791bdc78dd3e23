// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// A server whose settings would break what the library promises, and a user
// without rights.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "support/told_postgres.hpp"

using namespace std::chrono_literals;
using test::told;
using test::told_lock;

namespace {

struct odd_server {
  odd_server()
      : server({"statement_timeout = 1s", "lock_timeout = 1s",
                "idle_session_timeout = 1s", "synchronous_commit = off",
                "default_transaction_read_only = on", "wal_level = minimal",
                "max_wal_senders = 0"}) {
    told::words = server.connection();
  }
  test::postgres_server server;
};

odd_server& shared_odd_server() {
  static odd_server server;
  return server;
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_settings,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(timeouts_of_the_server_end_neither_holds_nor_waits) {
  shared_odd_server();
  told_lock owner("patient"), waiter("patient");
  owner.lock();
  std::thread wait([&] { waiter.lock(); });
  std::this_thread::sleep_for(1500ms); // over all of them
  BOOST_TEST(owner.still_valid());
  owner.unlock();
  wait.join();
  BOOST_TEST(waiter.still_valid());
}

// Else the server would commit, answer, and write to its disk later.
BOOST_AUTO_TEST_CASE(tokens_are_on_the_disk_before_they_are_told) {
  odd_server& odd = shared_odd_server();
  const ::pid_t writer = std::stoi(odd.server.ask(
      "select pid from pg_stat_activity where backend_type = 'walwriter'"));
  ::kill(writer, SIGSTOP);
  told_lock lock("committed");
  std::uint64_t last = 0;
  for (int i = 0; i != 50; ++i) {
    lock.lock();
    BOOST_TEST(lock.token() > last);
    last = lock.token();
    lock.unlock();
  }
  ::kill(writer, SIGKILL);
  odd.server.restart(SIGQUIT);
  lock.lock();
  BOOST_TEST(lock.token() > last);
}

BOOST_AUTO_TEST_CASE(a_user_without_rights_has_all_of_it) {
  odd_server& odd = shared_odd_server();
  odd.server.ask("begin read write; create role plain login password 'p'; "
                 "commit");
  told::words = "host=127.0.0.1 dbname=postgres user=plain password=p port=" +
                std::to_string(odd.server.port());
  told_lock owner("plain"), other("plain");
  owner.lock();
  BOOST_TEST(owner.token() > 0u);
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(other.holder().value_or(0) == ::getpid());
  // Another user's session is seen, though not from where it comes.
  told::words = odd.server.connection() + " application_name=admin";
  told_lock admin("of an admin");
  admin.lock();
  told::words = "host=127.0.0.1 dbname=postgres user=plain password=p port=" +
                std::to_string(odd.server.port());
  told_lock asker("of an admin");
  BOOST_TEST(!asker.try_lock());
  BOOST_TEST(asker.holder_name().rfind("admin", 0) == 0u, asker.holder_name());
  BOOST_TEST(asker.holder_name().find("at the server") == std::string::npos,
             asker.holder_name());
}

BOOST_AUTO_TEST_SUITE_END()
