// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Sessions that are encrypted: libpq reads more from the socket than the
// server has said, and keeps it.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/told_postgres.hpp"

using namespace std::chrono_literals;
using test::told;
using test::told_lock;

namespace {

/// \returns Whether the server has a certificate of its own now.
bool begin_to_encrypt(const test::postgres_server& server) {
  const std::filesystem::path folder = server.data();
  test::child_process openssl({"openssl", "req", "-new", "-x509", "-days", "2",
                               "-nodes", "-subj", "/CN=localhost", "-out",
                               folder / "server.crt", "-keyout",
                               folder / "server.key"},
                              test::child_process::errors::are_output);
  openssl.read_all();
  if (openssl.wait() != 0) return false;
  struct ::stat owner;
  BOOST_TEST_REQUIRE(::stat(folder.c_str(), &owner) == 0);
  for (const char* const each : {"server.crt", "server.key"}) {
    const std::string file = (folder / each).string();
    BOOST_TEST(::chown(file.c_str(), owner.st_uid, owner.st_gid) == 0);
    BOOST_TEST(::chmod(file.c_str(), 0600) == 0);
  }
  server.ask("alter system set ssl = on");
  server.ask("select pg_reload_conf()");
  return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_tls,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(all_is_as_without_it) {
  test::postgres_server server;
  if (!begin_to_encrypt(server)) {
    test::skipped("encryption", "there is no openssl");
    return;
  }
  told::words = server.connection() + " sslmode=require";
  told_lock owner("tls"), waiter("tls");
  BOOST_TEST(test::wait_until_seen([&] { // the server reads its files
    std::error_code ec;
    return owner.try_lock(ec);
  }));
  waiter.open();
  BOOST_TEST(server.ask("select count(*) from pg_stat_ssl where ssl") == "3");
  const filelock::canceller loss = owner.loss();
  BOOST_TEST(owner.still_valid());
  BOOST_TEST(!waiter.try_lock());
  BOOST_TEST(!waiter.try_lock_for(20ms));
  std::thread wait([&] { waiter.lock(); });
  std::this_thread::sleep_for(20ms); // either order is right
  owner.unlock();
  wait.join();
  BOOST_TEST(waiter.token() != 0u);
  BOOST_TEST(!loss.requested());

  // A farewell of the child would end the session.
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               waiter.close();
               return "";
             }) == "");
  BOOST_TEST(waiter.still_valid());
  BOOST_TEST(!owner.try_lock());

  const filelock::canceller of_waiter = waiter.loss();
  server.ask("select pg_terminate_backend(pid) from pg_locks where "
             "locktype = 'advisory'");
  BOOST_TEST(test::wait_until_seen([&] { return of_waiter.requested(); }));
  BOOST_TEST(!waiter.still_valid());
  BOOST_TEST(owner.try_lock_for(20s));

  server.signal_all(SIGSTOP);
  std::error_code ec;
  const auto start = std::chrono::steady_clock::now();
  told_lock closed("tls");
  BOOST_TEST(!closed.try_lock_for(100ms, ec));
  BOOST_TEST(!ec, ec.message());
  BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));
  server.signal_all(SIGCONT);
  BOOST_TEST(owner.still_valid());
}

BOOST_AUTO_TEST_SUITE_END()
