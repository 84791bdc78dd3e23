// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Many contenders for one name: processes, threads, and other programs.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/child_process.hpp"
#include "support/postgres_locks.hpp"
#include "support/shared_memory.hpp"
#include "support/skipped.hpp"

using namespace std::chrono_literals;
using test::child_process;
using test::line_channel;
using test::postgres_lock;

namespace {

struct shared_counter {
  // Not atomic: two at a time would lose one.
  void increment() const {
    const int before = *value;
    std::this_thread::yield();
    *value = before + 1;
  }

  test::shared_memory<volatile int> value;
};

// What another program does while this library contends for the same lock.
void excludes(child_process& other, const char* name) {
  postgres_lock lock(name);
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.holder_name() != "");
  other.write_line("");
  BOOST_TEST(lock.try_lock_for(20s));
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_contenders,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(processes_exclude_each_other) {
  test::shared_postgres_server();
  constexpr int rounds = 30;
  const shared_counter counter;
  std::vector<child_process> all;
  for (int i = 0; i != 4; ++i)
    all.push_back(child_process::forked([&](line_channel&) -> std::string {
      postgres_lock lock("counter of processes");
      for (int round = 0; round != rounds; ++round) {
        const std::lock_guard guard(lock);
        counter.increment();
      }
      return "";
    }));
  for (child_process& each : all)
    BOOST_TEST(each.failure() == "");
  BOOST_TEST(*counter.value == 4 * rounds);
}

BOOST_AUTO_TEST_CASE(a_hundred_waiters_are_all_served) {
  constexpr int waiters = 100;
  int count = 0;
  postgres_lock owner("crowd");
  owner.lock();
  std::vector<std::thread> all;
  for (int i = 0; i != waiters; ++i)
    all.emplace_back([&] {
      postgres_lock lock("crowd");
      const std::lock_guard guard(lock);
      ++count;
    });
  BOOST_TEST(test::wait_until_server_sees_waiters(waiters));
  owner.unlock();
  for (std::thread& each : all)
    each.join();
  BOOST_TEST(count == waiters);
  BOOST_TEST(test::advisory_locks() == "0");
}

BOOST_AUTO_TEST_CASE(psql_locks_the_same_key) {
  child_process psql(test::shared_postgres_server().psql_arguments(
      {"-c",
       "select pg_advisory_lock(('x' || encode(substr(sha256('by psql'), "
       "1, 8), 'hex'))::bit(64)::bigint)",
       "-c", "\\echo locked", "-c", "\\prompt name"}));
  psql.read_line(); // the empty answer
  excludes(psql, "by psql");
}

BOOST_AUTO_TEST_CASE(python_locks_the_same_key) {
  child_process check({"/usr/bin/python3", "-c", "import psycopg2"},
                      child_process::errors::are_output);
  check.read_all();
  if (check.wait() != 0) {
    test::skipped("python", "psycopg2 is not installed");
    return;
  }
  child_process python(
      {"/usr/bin/python3", "-c",
       "import hashlib, psycopg2, sys\n"
       "session = psycopg2.connect(sys.argv[1])\n"
       "key = int.from_bytes(hashlib.sha256(b'by python').digest()[:8], 'big', "
       "signed=True)\n"
       "session.cursor().execute('select pg_advisory_lock(%s)', (key,))\n"
       "print('locked', flush=True)\n"
       "sys.stdin.readline()\n",
       test::shared_postgres_server().connection()});
  excludes(python, "by python");
}

BOOST_AUTO_TEST_SUITE_END()
