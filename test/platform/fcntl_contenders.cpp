// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fcntl.lockf, and SQLite by fcntl
// LABELS: process

// Programs that lock by fcntl(2), beside ours: Python's fcntl.lockf, and
// SQLite, which locks bytes from 0x40000000 on:
// https://sqlite.org/lockingv3.html

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/local_file_system.hpp"
#include "support/posix_models.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_fcntl_contenders)

using test::child_process;

namespace {

constexpr const char* python = "/usr/bin/python3";

constexpr const char* lockf_contender = R"(
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o666)
modes = {'lock': fcntl.LOCK_EX, 'shared': fcntl.LOCK_SH,
         'try': fcntl.LOCK_EX | fcntl.LOCK_NB,
         'try_shared': fcntl.LOCK_SH | fcntl.LOCK_NB}
print('ready', flush=True)
for command in map(str.strip, sys.stdin):
    if command == 'unlock':
        fcntl.lockf(file, fcntl.LOCK_UN)
        print('unlocked', flush=True)
        continue
    try:
        fcntl.lockf(file, modes[command])
        print('locked', flush=True)
    except OSError:
        print('busy', flush=True)
)";

// read and write begin a transaction, which end ends.
constexpr const char* sqlite_contender = R"(
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
database.execute('PRAGMA journal_mode=' + sys.argv[2]).fetchall()
database.execute('CREATE TABLE IF NOT EXISTS words(word)')
print('ready', flush=True)
statements = {'read': ['BEGIN', 'SELECT word FROM words'],
              'write': ['BEGIN IMMEDIATE', 'INSERT INTO words VALUES(1)'],
              'end': ['COMMIT']}
for command in map(str.strip, sys.stdin):
    try:
        for statement in statements[command]:
            database.execute(statement).fetchall()
        print('done', flush=True)
    except sqlite3.OperationalError as error:
        if database.in_transaction:
            database.execute('ROLLBACK')
        is_busy = str(error) == 'database is locked'
        print('busy' if is_busy else error, flush=True)
)";

bool has_python(const char* what) {
  if (::access(python, X_OK) == 0) return true;
  test::skipped(what, "no /usr/bin/python3");
  return false;
}

/// A file, a lock of ours on it, and a program that contends.
template <class Lock>
struct contended_file {
  test::temporary_folder folder;
  std::string path = folder / "a.file";
  child_process other;
  Lock lock;

  explicit contended_file(const char* program, const char* argument = "",
                          filelock::byte_range range = {})
      // -I: only the modules of the system.
      : other(std::vector<std::string>{python, "-I", "-c", program, path,
                                       argument}),
        lock(path, options(range)) {
    BOOST_TEST_REQUIRE(other.read_line() == "ready");
  }

  static filelock::open_options options(filelock::byte_range range) {
    filelock::open_options result;
    result.range = range;
    return result;
  }
};

/// What a lock of the bytes that SQLite locks is, for SQLite without a
/// write-ahead log.
template <class Lock>
void expect_sqlite_excluded(filelock::byte_range range) {
  contended_file<Lock> file(sqlite_contender, "delete", range);
  file.lock.lock();
  BOOST_TEST(file.other.ask("read") == "busy");
  BOOST_TEST(file.other.ask("write") == "busy");
  file.lock.unlock();

  file.lock.lock_shared();
  BOOST_TEST(file.other.ask("read") == "done");
  BOOST_TEST(file.other.ask("end") == "done");
  BOOST_TEST(file.other.ask("write") == "busy");
  file.lock.unlock_shared();

  BOOST_TEST(file.other.ask("read") == "done");
  BOOST_TEST(!file.lock.try_lock());
  BOOST_TEST(file.lock.try_lock_shared());
  file.lock.unlock_shared();
  BOOST_TEST(file.other.ask("end") == "done");

  BOOST_TEST(file.other.ask("write") == "done");
  BOOST_TEST(!file.lock.try_lock());
  BOOST_TEST(!file.lock.try_lock_shared());
  BOOST_TEST(file.other.ask("end") == "done");
  BOOST_TEST(file.lock.try_lock());
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(lockf_is_excluded, Lock, test::record_locks) {
  if (!has_python("fcntl.lockf")) return;
  contended_file<Lock> file(lockf_contender);
  file.lock.lock();
  BOOST_TEST(file.other.ask("try") == "busy");
  BOOST_TEST(file.other.ask("try_shared") == "busy");
  file.lock.unlock();
  BOOST_TEST(file.other.ask("try") == "locked");
  BOOST_TEST(file.other.ask("unlock") == "unlocked");

  file.lock.lock_shared();
  BOOST_TEST(file.other.ask("try") == "busy");
  BOOST_TEST(file.other.ask("try_shared") == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lockf_excludes, Lock, test::record_locks) {
  if (!has_python("fcntl.lockf")) return;
  contended_file<Lock> file(lockf_contender);
  BOOST_TEST(file.other.ask("lock") == "locked");
  BOOST_TEST(!file.lock.try_lock());
  BOOST_TEST(!file.lock.try_lock_shared());
  BOOST_TEST(!file.lock.try_lock_for(std::chrono::milliseconds(5)));
  BOOST_TEST(file.other.ask("unlock") == "unlocked");
  BOOST_TEST(file.lock.try_lock());
  file.lock.unlock();

  BOOST_TEST(file.other.ask("shared") == "locked");
  BOOST_TEST(!file.lock.try_lock());
  BOOST_TEST(file.lock.try_lock_shared());
  file.lock.unlock_shared();
  file.other.kill_and_wait();
  BOOST_TEST(file.lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sqlite_is_excluded_by_a_lock_of_the_whole_file,
                              Lock, test::record_locks) {
  if (has_python("SQLite")) expect_sqlite_excluded<Lock>({});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sqlite_is_excluded_by_a_lock_of_its_bytes, Lock,
                              test::record_locks) {
  if (has_python("SQLite")) expect_sqlite_excluded<Lock>({0x40000000, 512});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sqlite_is_not_excluded_by_a_lock_of_other_bytes,
                              Lock, test::record_locks) {
  if (!has_python("SQLite")) return;
  contended_file<Lock> file(sqlite_contender, "delete", {0, 0x40000000});
  file.lock.lock();
  BOOST_TEST(file.other.ask("write") == "done");
  BOOST_TEST(file.other.ask("end") == "done");
}

// With a write-ahead log, a database that is open is locked shared, and
// transactions lock another file.
BOOST_AUTO_TEST_CASE_TEMPLATE(sqlite_with_a_log_is_excluded_until_it_opens,
                              Lock, test::record_locks) {
  if (!has_python("SQLite")) return;
  contended_file<Lock> file(sqlite_contender, "wal");
  BOOST_TEST(file.other.ask("read") == "done");
  BOOST_TEST(file.other.ask("end") == "done");
  BOOST_TEST(!file.lock.try_lock());
  BOOST_TEST(file.lock.try_lock_shared());
  BOOST_TEST(file.other.ask("write") == "done");
  BOOST_TEST(file.other.ask("end") == "done");
  file.lock.unlock_shared();
  file.other.kill_and_wait();
  BOOST_TEST(file.lock.try_lock());
}

BOOST_AUTO_TEST_CASE(flock_and_fcntl_locks_do_not_see_each_other) {
  const char* name = "flock_and_fcntl_locks_do_not_see_each_other";
  if (!has_python(name)) return;
  contended_file<test::flock_lock> file(lockf_contender);
  contended_file<test::flock_lock> database(sqlite_contender, "delete");
  if (!test::is_local_file_system(file.folder.path(), name)) return;
  file.lock.lock();
  BOOST_TEST(file.other.ask("try") == "locked");
  database.lock.lock();
  BOOST_TEST(database.other.ask("write") == "done");
}

BOOST_AUTO_TEST_SUITE_END()
