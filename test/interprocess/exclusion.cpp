// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: clocks of its own by raw calls; see windows.interprocess
// LABELS: process

// Live processes, some on Boost's class and some on ours, exclude each other in
// every combination: so a program can migrate one process at a time.

#include <boost/test/unit_test.hpp>

#include "support/child_process.hpp"
#include "support/interprocess_locks.hpp"
#include "support/interprocess_processes.hpp"
#include "support/steered_clock.hpp"

#include <chrono>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(interprocess_exclusion)

using test::boost_lock;
using test::child_process;
using test::our_lock;

namespace {

/// Who holds, and who asks.
template <class Holder, class Asker>
struct pair {
  using holder = Holder;
  using asker = Asker;
};
using pairs = std::tuple<pair<boost_lock, our_lock>, pair<our_lock, boost_lock>,
                         pair<our_lock, our_lock>>;

template <class Pair>
struct two_processes : test::existing_file {
  child_process holder = test::contender<typename Pair::holder>(path);
  child_process asker = test::contender<typename Pair::asker>(path);
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_exclusive_holder_excludes_all, Pair, pairs) {
  two_processes<Pair> both;
  BOOST_TEST(both.holder.ask("try") == "locked");
  BOOST_TEST(both.asker.ask("try") == "busy");
  BOOST_TEST(both.asker.ask("try_shared") == "busy");
  BOOST_TEST(both.holder.ask("unlock") == "unlocked");
  BOOST_TEST(both.asker.ask("try") == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sharable_holder_excludes_the_exclusive, Pair,
                              pairs) {
  two_processes<Pair> both;
  BOOST_TEST(both.holder.ask("try_shared") == "locked");
  BOOST_TEST(both.asker.ask("try") == "busy");
  BOOST_TEST(both.asker.ask("try_shared") == "locked");
  BOOST_TEST(both.asker.ask("try") == "busy"); // the other one shares it still
  BOOST_TEST(both.asker.ask("unlock") == "unlocked");
  BOOST_TEST(both.holder.ask("unlock") == "unlocked");
  BOOST_TEST(both.asker.ask("try") == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_waiter_waits_for_the_release, Pair, pairs) {
  for (const char* held : {"lock", "shared"})
    for (const char* asked : {"lock", "shared"}) {
      if (std::string(held) == "shared" && held == std::string(asked)) continue;
      two_processes<Pair> both;
      BOOST_TEST(both.holder.ask(held) == "locked");
      both.asker.write_line(asked);
      BOOST_TEST(test::wait_until_blocked_on(both.path));
      BOOST_TEST(!both.asker.has_line());
      BOOST_TEST(both.holder.ask("unlock") == "unlocked");
      BOOST_TEST(both.asker.read_line() == "locked");
      BOOST_TEST(both.holder.ask("try") == "busy");
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_killed_holder_lets_the_waiter_in, Pair, pairs) {
  two_processes<Pair> both;
  BOOST_TEST(both.holder.ask("lock") == "locked");
  both.asker.write_line("lock");
  BOOST_TEST(test::wait_until_blocked_on(both.path));
  both.holder.kill_and_wait();
  BOOST_TEST(both.asker.read_line() == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_conversion_is_seen_by_the_other, Pair, pairs) {
  two_processes<Pair> both;
  BOOST_TEST(both.holder.ask("lock") == "locked");
  BOOST_TEST(both.holder.ask("shared") == "locked");
  BOOST_TEST(both.asker.ask("try_shared") == "locked");
  BOOST_TEST(both.holder.ask("try") == "busy");
  BOOST_TEST(both.asker.ask("unlock") == "unlocked");
  BOOST_TEST(both.asker.ask("try_shared") == "locked"); // shared all along
  BOOST_TEST(both.asker.ask("unlock") == "unlocked");
  BOOST_TEST(both.holder.ask("try") == "locked");
  BOOST_TEST(both.asker.ask("try_shared") == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timed_wait_ends_with_the_release, Pair, pairs) {
  test::existing_file file;
  test::steered_clock clock;
  child_process holder = test::contender<typename Pair::holder>(file.path);
  BOOST_TEST(holder.ask("lock") == "locked");
  child_process asker =
      test::waiter<typename Pair::asker>(file.path, [&](auto& lock) {
        clock.begin_to_count();
        return lock.timed_lock(std::chrono::system_clock::now() +
                               std::chrono::minutes(5));
      });
  // So many readings are of several attempts.
  BOOST_TEST(clock.wait_for_reads_or(12, [&] { return asker.has_line(); }));
  BOOST_TEST(!asker.has_line());
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  BOOST_TEST(asker.read_line() == "locked");
}

// By half of the workers on each class: no update of the file is lost.
BOOST_AUTO_TEST_CASE(a_mixed_crowd_loses_no_update) {
  test::existing_file file;
  const std::string counter = (file.folder / "count").string();
  constexpr int rounds = 100;
  const auto work = [&](auto& lock) {
    for (int i = 0; i != rounds; ++i) {
      lock.lock();
      long value = 0;
      std::ifstream(counter) >> value;
      std::ofstream(counter) << value + 1;
      lock.unlock();
    }
  };
  std::vector<child_process> workers;
  for (int i = 0; i != 2; ++i) {
    workers.push_back(test::waiter<boost_lock>(file.path, work));
    workers.push_back(test::waiter<our_lock>(file.path, work));
  }
  for (child_process& each : workers)
    BOOST_TEST(each.read_line() == "locked");
  long value = 0;
  std::ifstream(counter) >> value;
  BOOST_TEST(value == 4 * rounds);
}

BOOST_AUTO_TEST_SUITE_END()
