// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// Two processes: exclusion, hand-over, and the death of the owner.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

BOOST_AUTO_TEST_SUITE(windows_exclusion)

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
  file_lock lock{path};
  test::win_child other{path};
};

/// Kills the owner as soon as it is waited for, and at no other time.
struct killer {
  test::win_child* owner;
  bool* is_dead;

  std::chrono::milliseconds operator()(const filelock::wait_state& wait) const {
    if (wait.attempts == 1) owner->kill_and_wait();
    *is_dead = true;
    return 1ms;
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(two_processes_exclude_each_other, lock_file) {
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(other.ask("try_shared") == "busy");
  lock.unlock();
  BOOST_TEST(other.ask("try") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(two_processes_share, lock_file) {
  lock.lock_shared();
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(other.ask("try_shared") == "locked");
  lock.unlock();
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_release_lets_the_waiting_process_in, lock_file) {
  lock.lock();
  BOOST_TEST(other.ask("lock_aloud") == "busy");
  lock.unlock();
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(the_death_of_the_owner_lets_a_waiter_in, lock_file) {
  BOOST_TEST(other.ask("lock") == "locked");
  bool is_dead = false;
  filelock::basic_file_lock<filelock::native_traits, killer> waiting(
      path, killer{&other, &is_dead});
  BOOST_TEST(waiting.try_lock_for(30s));
  BOOST_TEST(is_dead);
}

BOOST_FIXTURE_TEST_CASE(no_update_under_the_lock_is_lost, lock_file) {
  test::win_child second(path);
  other.write_line("add 100");
  second.write_line("add 100");
  BOOST_TEST(other.read_line() == "added");
  BOOST_TEST(second.read_line() == "added");
  long sum = 0;
  std::ifstream(folder / "a.lock.sum") >> sum;
  BOOST_TEST(sum == 200);
}

BOOST_AUTO_TEST_SUITE_END()
