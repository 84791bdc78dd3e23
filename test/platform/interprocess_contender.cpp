// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork, and locks by fcntl(2)
// LABELS: process

// Processes on boost::interprocess::file_lock, which locks by fcntl(2), beside
// ours: they exclude each other, but for flock.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/interprocess_processes.hpp"
#include "support/local_file_system.hpp"
#include "support/posix_models.hpp"

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(platform_interprocess_contender)

using test::child_process;

namespace {

/// A file that is there: Boost's class does not create it.
template <class Lock>
struct shared_file : test::lock_file_of<Lock> {
  static Lock opened(const std::string& path) {
    Lock result{path};
    result.open();
    return result;
  }

  Lock lock = opened(this->path);
  child_process other = test::contender<test::boost_lock>(this->path);
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(boosts_class_excludes_us, Lock,
                              test::record_locks) {
  shared_file<Lock> file;
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
  BOOST_TEST(file.other.ask("unlock") == "unlocked");
  BOOST_TEST(file.lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(we_exclude_boosts_class, Lock,
                              test::record_locks) {
  shared_file<Lock> file;
  file.lock.lock();
  BOOST_TEST(file.other.ask("try") == "busy");
  BOOST_TEST(file.other.ask("try_shared") == "busy");
  file.lock.unlock();
  BOOST_TEST(file.other.ask("try") == "locked");
  BOOST_TEST(file.other.ask("unlock") == "unlocked");

  file.lock.lock_shared();
  BOOST_TEST(file.other.ask("try") == "busy");
  BOOST_TEST(file.other.ask("try_shared") == "locked");
  BOOST_TEST(file.other.ask("unlock") == "unlocked");
  BOOST_TEST(file.other.ask("try") == "busy"); // shared by us still
  file.lock.unlock_shared();
  BOOST_TEST(file.other.ask("try") == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(we_wait_for_boosts_class, Lock,
                              test::record_locks) {
  for (const char* held : {"lock", "shared"}) {
    shared_file<Lock> file;
    child_process waiter = file.child();
    BOOST_TEST(file.other.ask(held) == "locked");
    waiter.write_line("lock");
    BOOST_TEST(test::wait_until_blocked_on(file.path));
    BOOST_TEST(!waiter.has_line());
    BOOST_TEST(file.other.ask("unlock") == "unlocked");
    BOOST_TEST(waiter.read_line() == "locked");
    BOOST_TEST(file.other.ask("try_shared") == "busy");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(boosts_class_waits_for_us, Lock,
                              test::record_locks) {
  for (const char* asked : {"lock", "shared"}) {
    shared_file<Lock> file;
    file.lock.lock();
    file.other.write_line(asked);
    BOOST_TEST(test::wait_until_blocked_on(file.path));
    BOOST_TEST(!file.other.has_line());
    file.lock.unlock();
    BOOST_TEST(file.other.read_line() == "locked");
    BOOST_TEST(!file.lock.try_lock());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_killed_owner_holds_nothing, Lock,
                              test::record_locks) {
  shared_file<Lock> file;
  child_process owner = file.child();
  BOOST_TEST(owner.ask("lock") == "locked");
  BOOST_TEST(file.other.ask("try") == "busy");
  owner.kill_and_wait();
  BOOST_TEST(file.other.ask("try") == "locked");
  BOOST_TEST(!file.lock.try_lock());
  file.other.kill_and_wait();
  BOOST_TEST(file.lock.try_lock());
}

BOOST_AUTO_TEST_CASE(flock_and_boosts_class_do_not_see_each_other) {
  shared_file<test::flock_lock> file;
  if (!test::is_local_file_system(
          file.folder.path(), "flock_and_boosts_class_do_not_see_each_other"))
    return;
  file.lock.lock();
  BOOST_TEST(file.other.ask("try") == "locked");
  file.lock.unlock();
  BOOST_TEST(file.lock.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
