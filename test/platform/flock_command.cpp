// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: flock(1)
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_flock_command)

// flock(1) of util-linux, which exits with 1 where the lock is busy.

using filelock::file_lock;
using test::child_process;

namespace {

constexpr const char* flock_command = "/usr/bin/flock";

bool has_flock() {
  if (::access(flock_command, X_OK) == 0) return true;
  test::skipped("flock(1)", "no /usr/bin/flock");
  return false;
}

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";

  /// Runs `command` under flock(1).
  child_process flock(std::vector<std::string> options,
                      const char* command = "true") const {
    options.insert(options.begin(), flock_command);
    options.insert(options.end(), {path, "-c", command});
    return child_process(options);
  }
  int status_of_flock(std::vector<std::string> options) const {
    return flock(std::move(options)).wait();
  }
};

// Says that the lock is held, and holds it until it is told to end.
constexpr const char* hold = "echo held; read end";

} // namespace

BOOST_AUTO_TEST_CASE(flock_is_excluded) {
  if (!has_flock()) return;
  const lock_file file;
  file_lock lock{file.path};

  lock.lock();
  BOOST_TEST(file.status_of_flock({"-n"}) == 1);
  BOOST_TEST(file.status_of_flock({"-n", "-s"}) == 1);
  BOOST_TEST(file.status_of_flock({"-w", "1"}) == 1);
  lock.unlock();
  BOOST_TEST(file.status_of_flock({"-n"}) == 0);
}

BOOST_AUTO_TEST_CASE(flock_shares) {
  if (!has_flock()) return;
  const lock_file file;
  file_lock lock{file.path};

  lock.lock_shared();
  BOOST_TEST(file.status_of_flock({"-n"}) == 1);
  BOOST_TEST(file.status_of_flock({"-n", "-s"}) == 0);
  lock.unlock_shared();
  BOOST_TEST(file.status_of_flock({"-n"}) == 0);

  child_process reader = file.flock({"-s"}, hold);
  BOOST_TEST(reader.read_line() == "held");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.try_lock_shared());
  lock.unlock_shared();
  reader.write_line("end");
  BOOST_TEST(reader.wait() == 0);
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(flock_excludes) {
  if (!has_flock()) return;
  const lock_file file;
  child_process holder = file.flock({}, hold);
  BOOST_TEST(holder.read_line() == "held");
  file_lock lock{file.path};
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(5)));
  holder.write_line("end");
  BOOST_TEST(holder.wait() == 0);
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(flock_waits_for_us) {
  if (!has_flock()) return;
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, {"-s"}, {"-w", "60"}}) {
    const lock_file file;
    file_lock lock{file.path};
    lock.lock();
    child_process waiter = file.flock(options, hold);
    BOOST_TEST(test::wait_until_blocked(waiter.id()));
    lock.unlock();
    BOOST_TEST(waiter.read_line() == "held");
    BOOST_TEST(!lock.try_lock());
    waiter.write_line("end");
    BOOST_TEST(waiter.wait() == 0);
    BOOST_TEST(lock.try_lock());
  }
}

BOOST_AUTO_TEST_CASE(we_wait_for_flock) {
  if (!has_flock()) return;
  const char* const commands[] = {"lock", "shared"};
  for (const char* command : commands) {
    const lock_file file;
    child_process holder = file.flock({}, hold);
    BOOST_TEST(holder.read_line() == "held");
    child_process waiter = test::lock_child({file.path});
    waiter.write_line(command);
    BOOST_TEST(test::wait_until_blocked(waiter.id()));
    holder.write_line("end");
    BOOST_TEST(waiter.read_line() == "locked");
  }
  const lock_file file;
  child_process holder = file.flock({}, hold);
  BOOST_TEST(holder.read_line() == "held");
  child_process waiter = test::lock_child({file.path});
  BOOST_TEST(waiter.ask("timed 60000") == "waiting");
  holder.write_line("end");
  BOOST_TEST(waiter.read_line() == "locked");
}

BOOST_AUTO_TEST_SUITE_END()
