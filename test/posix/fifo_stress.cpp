// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed
// LABELS: process
// LONG: 600

// fifo<P> while processes lock in all forms, give up and are killed at random:
// the lock excludes, and nobody waits for ever.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/shared_memory.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fifo_stress)

#if FILELOCK_HAS_OFD_LOCKS

namespace {

using namespace std::chrono_literals;
using filelock::fifo;
using filelock::posix_ofd_traits;
using filelock::queued;
using test::child_process;
using test::line_channel;

/// What the owners tell each other, in memory that all processes share. What a
/// killed owner has told says nothing.
class witness {
public:
  /// \param owner A number; negative if the process will be killed.
  /// \returns Whether no owner was in conflict.
  bool sees_exclusive(int owner) {
    if (state_->owner.exchange(owner) > 0 || state_->readers != 0) return false;
    std::this_thread::yield();
    int expected = owner;
    return state_->owner.compare_exchange_strong(expected, 0);
  }
  bool sees_shared(int owner) {
    const int counts = owner > 0 ? 1 : 0;
    state_->readers += counts;
    const bool is_excluded = state_->owner > 0;
    std::this_thread::yield();
    state_->readers -= counts;
    return !is_excluded;
  }

private:
  struct state {
    std::atomic<int> owner{0};
    std::atomic<int> readers{0};
  };
  test::shared_memory<state> state_;
};

/// Effects: locks in all forms; until it is asked to end, if it is. \returns
/// What failed.
template <class Lock>
std::string work(const std::string& path, witness& seen, int owner,
                 line_channel& parent) {
  Lock lock{path};
  std::minstd_rand random(static_cast<unsigned>(owner));
  while (!parent.has_line()) {
    bool is_held = true;
    bool is_shared = false;
    switch (random() % 5) {
    case 0:
      is_held = lock.try_lock();
      break;
    case 1:
      is_held = lock.try_lock_for(std::chrono::microseconds(random() % 3000));
      break;
    case 2:
      lock.lock_shared();
      is_shared = true;
      break;
    default:
      lock.lock();
    }
    if (!is_held) continue;
    if (!(is_shared ? seen.sees_shared(owner) : seen.sees_exclusive(owner)))
      return "two hold the lock at once";
    lock.unlock();
  }
  return "";
}

template <class Lock>
void check_that_all_are_served(std::chrono::milliseconds time) {
  const test::temporary_folder folder;
  witness seen;
  std::minstd_rand random(1);
  const auto start = [&](int owner) {
    return child_process::forked([&, owner](line_channel& parent) {
      return work<Lock>(folder / "a.lock", seen, owner, parent);
    });
  };
  const auto end = std::chrono::steady_clock::now() + time;
  std::vector<child_process> lasting;
  for (int i = 1; i != 5; ++i)
    lasting.push_back(start(i));
  for (int number = 0; std::chrono::steady_clock::now() < end;) {
    std::vector<child_process> killed;
    for (int i = 0; i != 4; ++i)
      killed.push_back(start(--number));
    for (child_process& each : killed) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
      each.kill_and_wait();
    }
  }
  for (child_process& each : lasting) {
    BOOST_TEST(!each.has_line());
    each.write_line("end");
  }
  for (child_process& each : lasting)
    BOOST_TEST(each.failure() == "");
  filelock::basic_file_lock<fifo<posix_ofd_traits>> last{folder / "a.lock"};
  BOOST_TEST(last.try_lock());
}

std::chrono::milliseconds running_time() {
  return std::getenv("FILELOCK_LONG") ? 60s : 1s;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_are_served_while_others_are_killed) {
  check_that_all_are_served<filelock::basic_file_lock<fifo<posix_ofd_traits>>>(
      running_time());
}

BOOST_AUTO_TEST_CASE(all_are_served_by_queued_waits_while_others_are_killed) {
  check_that_all_are_served<
      filelock::basic_file_lock<fifo<queued<posix_ofd_traits>>>>(
      running_time());
}

#else

BOOST_AUTO_TEST_CASE(all_are_served_while_others_are_killed) {
  test::skipped("fifo<posix_ofd_traits>", "this system has no such locks");
}

#endif

BOOST_AUTO_TEST_SUITE_END()
