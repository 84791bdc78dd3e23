// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and waitpid; see windows.exclusion
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_exclusion)

// Whoever waits here for another process has seen that it waits, or is told
// so: nothing depends on who is faster.

namespace {

struct way_to_wait {
  const char* command;
  const char* announcement; ///< nullptr: waits in the kernel
};

constexpr way_to_wait ways_to_wait[] = {{"lock", nullptr},
                                        {"shared", nullptr},
                                        {"timed 60000", "waiting"},
                                        {"timed_shared 60000", "waiting"}};

/// Gives the command, and returns once the child waits.
/// \returns Whether it does.
bool begin_to_wait(test::child_process& child, const way_to_wait& way,
                   const std::string& path) {
  child.write_line(way.command);
  if (way.announcement) return child.read_line() == way.announcement;
  return test::wait_until_blocked_on(path);
}

/// \returns How a hand-over fails, for each way to wait: the lock passes from
/// one process to a second, and to no third.
template <class Lock, class Release>
std::string hand_over_failures(const char* held_by, Release release) {
  std::string failed;
  for (const way_to_wait& way : ways_to_wait) {
    const auto fail = [&](const char* what) {
      failed += std::string(way.command) + ": " + what + "; ";
    };
    const test::lock_file_of<Lock> file;
    test::child_process holder = file.child();
    test::child_process waiter = file.child();
    if (holder.ask(held_by) != "locked") fail("the holder has no lock");
    if (!begin_to_wait(waiter, way, file.path)) fail("does not wait");
    if (waiter.has_line()) fail("has not waited");
    release(holder);
    if (waiter.read_line() != "locked") fail("is not handed over");
    if (file.other_tries() != "busy") fail("a third process gets in");
    if (waiter.ask("unlock") != "unlocked") fail("cannot unlock");
    if (file.other_tries() != "locked") fail("is not free afterwards");
  }
  return failed;
}

struct interval {
  long long begin;
  long long end;
  bool is_exclusive;
};

void append_intervals(std::vector<interval>& all, const std::string& line,
                      bool is_exclusive) {
  std::istringstream numbers(line);
  for (interval each{0, 0, is_exclusive}; numbers >> each.begin >> each.end;)
    all.push_back(each);
}

/// \returns How many holds overlapped though one of the two was exclusive.
int count_overlaps(std::vector<interval> all) {
  std::sort(all.begin(), all.end(), [](const interval& a, const interval& b) {
    return a.begin < b.begin;
  });
  int overlaps = 0;
  for (std::size_t i = 0; i != all.size(); ++i)
    for (std::size_t k = i + 1; k != all.size(); ++k)
      if (all[k].begin < all[i].end &&
          (all[i].is_exclusive || all[k].is_exclusive))
        ++overlaps;
  return overlaps;
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(another_process_is_excluded_unless_both_share,
                              Lock, test::all_locks) {
  struct combination {
    const char* held;
    const char* tried;
    const char* outcome;
  };
  const combination combinations[] = {
      {"lock", "try", "busy"},
      {"lock", "try_shared", "busy"},
      {"lock", "timed 0", "timed_out"},
      {"shared", "try", "busy"},
      {"shared", "try_shared", "locked"},
      {"shared", "timed_shared 0", "locked"},
  };
  for (const combination& each : combinations) {
    BOOST_TEST_CONTEXT(each.held << " held, " << each.tried) {
      const test::lock_file_of<Lock> file;
      test::child_process holder = file.child();
      BOOST_TEST(holder.ask(each.held) == "locked");
      BOOST_TEST(file.other_tries(each.tried) == each.outcome);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(this_process_excludes_another, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};

  lock.lock();
  BOOST_TEST(file.other_tries("try") == "busy");
  BOOST_TEST(file.other_tries("try_shared") == "busy");
  lock.unlock();
  BOOST_TEST(file.other_tries("try") == "locked");

  lock.lock_shared();
  BOOST_TEST(file.other_tries("try") == "busy");
  BOOST_TEST(file.other_tries("try_shared") == "locked");
  lock.unlock_shared();
  BOOST_TEST(file.other_tries("try") == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(another_process_excludes_this_one, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  test::child_process other = file.child();
  Lock lock{file.path};

  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared());
  BOOST_TEST(!lock.try_lock_for(std::chrono::milliseconds(5)));
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
  lock.unlock();

  BOOST_TEST(other.ask("shared") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(file.other_tries("try") == "busy"); // still shared by this one
  lock.unlock_shared();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_of_many_processes_share, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  std::vector<test::child_process> readers;
  for (int i = 0; i != 5; ++i) {
    readers.push_back(file.child());
    BOOST_TEST(readers.back().ask("shared") == "locked");
  }
  // Only the last reader lets a writer in.
  for (test::child_process& each : readers) {
    BOOST_TEST(file.other_tries() == "busy");
    BOOST_TEST(each.ask("unlock") == "unlocked");
  }
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(unlock_hands_over_to_a_waiter, Lock,
                              test::all_locks) {
  BOOST_TEST(hand_over_failures<Lock>("lock", [](test::child_process& holder) {
               holder.ask("unlock");
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_hands_over_to_a_waiter, Lock,
                              test::all_locks) {
  BOOST_TEST(hand_over_failures<Lock>("lock", [](test::child_process& holder) {
               holder.ask("close");
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(exit_hands_over_to_a_waiter, Lock,
                              test::all_locks) {
  BOOST_TEST(hand_over_failures<Lock>("lock", [](test::child_process& holder) {
               holder.write_line("quit");
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_killed_holder_hands_over_to_a_waiter, Lock,
                              test::all_locks) {
  BOOST_TEST(hand_over_failures<Lock>("lock", [](test::child_process& holder) {
               holder.kill(SIGKILL);
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_killed_reader_hands_over_to_a_writer, Lock,
                              test::all_locks) {
  for (const way_to_wait& way : {ways_to_wait[0], ways_to_wait[2]}) {
    const test::lock_file_of<Lock> file;
    test::child_process reader = file.child();
    test::child_process waiter = file.child();
    BOOST_TEST(reader.ask("shared") == "locked");
    BOOST_TEST(begin_to_wait(waiter, way, file.path));
    reader.kill(SIGKILL);
    BOOST_TEST(waiter.read_line() == "locked");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_killed_waiter_leaves_nothing_behind, Lock,
                              test::all_locks) {
  for (const way_to_wait& way : ways_to_wait) {
    const test::lock_file_of<Lock> file;
    Lock lock{file.path};
    lock.lock();
    test::child_process waiter = file.child();
    BOOST_TEST(begin_to_wait(waiter, way, file.path));
    waiter.kill_and_wait();
    BOOST_TEST(lock.owns_lock());
    BOOST_TEST(file.other_tries() == "busy");
    lock.unlock();
    BOOST_TEST(file.other_tries() == "locked");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_update_of_a_shared_record_is_lost, Lock,
                              test::all_locks) {
  constexpr int processes = 4;
  constexpr int times = 250;
  const test::lock_file_of<Lock> file;
  const std::string counter = file.folder / "counter";
  std::ofstream(counter) << std::setw(20) << 0;

  std::vector<test::child_process> children;
  for (int i = 0; i != processes; ++i)
    children.push_back(file.child());
  for (test::child_process& each : children)
    BOOST_TEST(each.ask("open") == "opened");
  for (test::child_process& each : children)
    each.write_line("add " + counter + " " + std::to_string(times));
  for (test::child_process& each : children)
    BOOST_TEST(each.read_line() == "added");

  int value = 0;
  std::ifstream(counter) >> value;
  BOOST_TEST(value == processes * times);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_two_holds_overlap_unless_both_are_shared, Lock,
                              test::all_locks) {
  const char* const commands[] = {"hold 100", "hold 100", "hold_timed 100",
                                  "hold_shared 100", "hold_shared 100"};
  const test::lock_file_of<Lock> file;
  std::vector<test::child_process> children;
  for (std::size_t i = 0; i != std::size(commands); ++i) {
    children.push_back(file.child());
    BOOST_TEST(children.back().ask("open") == "opened");
  }
  for (std::size_t i = 0; i != children.size(); ++i)
    children[i].write_line(commands[i]);

  std::vector<interval> intervals;
  for (std::size_t i = 0; i != children.size(); ++i)
    append_intervals(intervals, children[i].read_line(),
                     std::string(commands[i]).find("shared") ==
                         std::string::npos);
  BOOST_TEST(intervals.size() == 500u);
  BOOST_TEST(count_overlaps(intervals) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
