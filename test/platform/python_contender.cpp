// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fcntl.flock; see windows.crt_contender
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_python_contender)

// Python programs that lock the same file, each on command, a line each.

using filelock::file_lock;
using test::child_process;

namespace {

constexpr const char* python = "/usr/bin/python3";

constexpr const char* fcntl_contender = R"(
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o666)
modes = {'lock': fcntl.LOCK_EX, 'shared': fcntl.LOCK_SH,
         'try': fcntl.LOCK_EX | fcntl.LOCK_NB,
         'try_shared': fcntl.LOCK_SH | fcntl.LOCK_NB}
print('ready', flush=True)
for command in map(str.strip, sys.stdin):
    if command == 'unlock':
        fcntl.flock(file, fcntl.LOCK_UN)
        print('unlocked', flush=True)
        continue
    try:
        fcntl.flock(file, modes[command])
        print('locked', flush=True)
    except BlockingIOError:
        print('busy', flush=True)
)";

constexpr const char* filelock_contender = R"(
import sys
try:
    from filelock import FileLock, Timeout
except ImportError:
    print('missing', flush=True)
    sys.exit()
lock = FileLock(sys.argv[1])
print('ready', flush=True)
for command in map(str.strip, sys.stdin):
    if command == 'unlock':
        lock.release()
        print('unlocked', flush=True)
        continue
    try:
        lock.acquire(timeout=0 if command == 'try' else -1)
        print('locked', flush=True)
    except Timeout:
        print('busy', flush=True)
)";

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";

  child_process contender(const char* program) const {
    // -I: only the modules of the system.
    return child_process(
        std::vector<std::string>{python, "-I", "-c", program, path});
  }
};

bool has_python(const char* what) {
  if (::access(python, X_OK) == 0) return true;
  test::skipped(what, "no /usr/bin/python3");
  return false;
}

/// \returns Whether `contender` is there to contend.
bool is_ready(child_process& contender, const char* what) {
  const std::string answer = contender.read_line();
  if (answer == "missing") {
    test::skipped(what, "python3-filelock is not installed");
    return false;
  }
  BOOST_TEST(answer == "ready");
  return answer == "ready";
}

void expect_exclusion(child_process& contender, file_lock& lock) {
  lock.lock();
  BOOST_TEST(contender.ask("try") == "busy");
  lock.unlock();
  BOOST_TEST(contender.ask("try") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(5)));
  BOOST_TEST(contender.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
  lock.unlock();

  lock.lock_shared();
  BOOST_TEST(contender.ask("try") == "busy");
  lock.unlock_shared();
}

void expect_release_by_death(child_process& contender, file_lock& lock) {
  BOOST_TEST(contender.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock());
  contender.kill_and_wait();
  BOOST_TEST(lock.try_lock());
}

} // namespace

BOOST_AUTO_TEST_CASE(fcntl_flock_is_excluded_and_excludes) {
  if (!has_python("fcntl.flock")) return;
  const lock_file file;
  child_process contender = file.contender(fcntl_contender);
  if (!is_ready(contender, "fcntl.flock")) return;
  file_lock lock{file.path};
  expect_exclusion(contender, lock);
  expect_release_by_death(contender, lock);
}

BOOST_AUTO_TEST_CASE(fcntl_flock_shares) {
  if (!has_python("fcntl.flock, shared")) return;
  const lock_file file;
  child_process contender = file.contender(fcntl_contender);
  if (!is_ready(contender, "fcntl.flock, shared")) return;
  file_lock lock{file.path};

  lock.lock_shared();
  BOOST_TEST(contender.ask("try_shared") == "locked");
  BOOST_TEST(contender.ask("unlock") == "unlocked");
  lock.unlock_shared();

  BOOST_TEST(contender.ask("shared") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.try_lock_shared());
  lock.unlock_shared();
  BOOST_TEST(contender.ask("unlock") == "unlocked");

  lock.lock();
  BOOST_TEST(contender.ask("try_shared") == "busy");
}

BOOST_AUTO_TEST_CASE(fcntl_flock_waits_for_us_and_we_wait_for_it) {
  if (!has_python("fcntl.flock, waiting")) return;
  const lock_file file;
  child_process contender = file.contender(fcntl_contender);
  if (!is_ready(contender, "fcntl.flock, waiting")) return;
  child_process other = test::lock_child({file.path});

  BOOST_TEST(other.ask("lock") == "locked");
  contender.write_line("lock");
  BOOST_TEST(test::wait_until_blocked(contender.id()));
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(contender.read_line() == "locked");

  other.write_line("lock");
  BOOST_TEST(test::wait_until_blocked(other.id()));
  BOOST_TEST(contender.ask("unlock") == "unlocked");
  BOOST_TEST(other.read_line() == "locked");
}

BOOST_AUTO_TEST_CASE(python3_filelock_is_excluded_and_excludes) {
  if (!has_python("python3-filelock")) return;
  const lock_file file;
  child_process contender = file.contender(filelock_contender);
  if (!is_ready(contender, "python3-filelock")) return;
  file_lock lock{file.path};
  expect_exclusion(contender, lock);
  expect_release_by_death(contender, lock);
}

BOOST_AUTO_TEST_CASE(python3_filelock_waits_for_us) {
  if (!has_python("python3-filelock, waiting")) return;
  const lock_file file;
  child_process contender = file.contender(filelock_contender);
  if (!is_ready(contender, "python3-filelock, waiting")) return;
  file_lock lock{file.path};
  lock.lock();
  contender.write_line("lock");
  BOOST_TEST(!contender.has_line());
  lock.unlock();
  BOOST_TEST(contender.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(contender.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
