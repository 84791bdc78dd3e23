// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two processes: exclusion, hand-over, and the death of the owner.

#define BOOST_TEST_MODULE windows_exclusion
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
  file_lock lock{path};
  test::win_child other{path};
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
  BOOST_TEST(other.ask("timed 1") == "busy");
  other.write_line("lock");
  lock.unlock();
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(the_death_of_the_owner_lets_a_waiter_in, lock_file) {
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock_for(1ms));
  std::thread killer([&] {
    std::this_thread::sleep_for(20ms);
    other.kill_and_wait();
  });
  BOOST_TEST(lock.try_lock_for(30s));
  killer.join();
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
