// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed, and forks
// LABELS: process

// fifo<P> between processes: each waiter is served in its turn, whatever
// happens to the others.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/queued.hpp>
#include <filelock/testing/platform_laws.hpp>

#if FILELOCK_HAS_OFD_LOCKS
#include "support/fifo_queue.hpp"
#endif
#include "support/posix_law_tools.hpp"
#include "support/skipped.hpp"

#include <signal.h>

#include <chrono>
#include <cstddef>
#include <system_error>
#include <thread>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fifo)

#if FILELOCK_HAS_OFD_LOCKS

namespace {

using namespace std::chrono_literals;
using test::by_polling;
using test::check_turns;
using test::child_process;
using test::fifo;
using test::fifo_lock;
using test::in_kernel;
using test::in_kernel_until;
using test::posix_ofd_traits;
using test::queue_file;
using test::queued;
using test::queued_fifo_lock;
using ways = std::tuple<in_kernel, in_kernel_until, by_polling>;
using timed_locks = std::tuple<fifo_lock, queued_fifo_lock>;
using platforms =
    std::tuple<fifo<posix_ofd_traits>, fifo<queued<posix_ofd_traits>>>;

} // namespace

BOOST_AUTO_TEST_CASE(fifo_keeps_the_laws) {
  const test::temporary_folder folder;
  const auto broken = [&](auto platform) {
    return filelock::broken_laws<decltype(platform)>(folder.path());
  };
  BOOST_TEST(broken(fifo<posix_ofd_traits>()) == "");
  BOOST_TEST(broken(fifo<queued<posix_ofd_traits>>()) == "");
  BOOST_TEST(broken(fifo<filelock::polled<posix_ofd_traits>>()) == "");
  BOOST_TEST(broken(filelock::marked<fifo<posix_ofd_traits>>()) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waiters_are_served_in_the_order_of_arrival, Way,
                              ways) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  for (std::size_t i = 0; i != 8; ++i)
    waiters.push_back(file.waiter<Way>(i + 1));
  owner.unlock();
  check_turns(waiters);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(killed_waiters_do_not_stop_the_others, Way,
                              ways) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  std::vector<child_process> killed;
  for (std::size_t i = 0; i != 9; ++i)
    (i % 3 == 2 || i == 0 ? killed : waiters)
        .push_back(
            file.waiter<Way>(i + 1)); // the first one too, and two in turn
  for (child_process& each : killed)
    each.kill_and_wait();
  file.wait_for_places(waiters.size());
  for (child_process& each : waiters)
    BOOST_TEST(!each.has_line());
  owner.unlock();
  check_turns(waiters);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_owner_that_is_killed_lets_the_next_one_in, Way,
                              ways) {
  const queue_file file;
  fifo_lock first{file.path};
  first.lock();
  child_process owner = file.waiter<Way>(1);
  first.unlock();
  BOOST_TEST(owner.read_line() == "locked");
  std::vector<child_process> waiters;
  for (std::size_t i = 0; i != 3; ++i)
    waiters.push_back(file.waiter<Way>(i + 2));
  owner.kill_and_wait();
  check_turns(waiters);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_waiter_that_gives_up_at_its_deadline_leaves,
                              Lock, timed_locks) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  waiters.push_back(file.waiter<in_kernel>(1));
  Lock impatient{file.path};
  const auto end = std::chrono::steady_clock::now() + 1s;
  bool is_taken = true;
  std::thread waits([&] { is_taken = impatient.try_lock_until(end); });
  file.wait_for_places(2);
  waiters.push_back(file.waiter<in_kernel>(3));
  waits.join();
  BOOST_TEST(!is_taken);
  BOOST_TEST((std::chrono::steady_clock::now() >= end));
  file.wait_for_places(2);
  for (child_process& each : waiters)
    BOOST_TEST(!each.has_line());
  owner.unlock();
  check_turns(waiters);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_waiter_that_is_cancelled_leaves, P, platforms) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  filelock::cancel_source source;
  std::error_code ec;
  const int handle = P::open(file.path, {}, ec);
  bool is_taken = true;
  std::thread waits([&] {
    filelock::canceller stop(source);
    is_taken =
        P::lock_until(handle, {}, (P::clock::time_point::max)(), stop, ec);
  });
  file.wait_for_places(1);
  std::vector<child_process> waiters;
  waiters.push_back(file.waiter<in_kernel>(2));
  source.request();
  waits.join();
  BOOST_TEST(!is_taken);
  BOOST_TEST(!ec);
  file.wait_for_places(1);
  BOOST_TEST(!waiters[0].has_line());
  owner.unlock();
  check_turns(waiters);
  P::close(handle);
}

BOOST_AUTO_TEST_CASE(an_attempt_does_not_overtake_a_waiter) {
  const queue_file file;
  fifo_lock owner{file.path};
  fifo_lock newcomer{file.path};
  owner.lock();
  child_process waiter = file.waiter<in_kernel>(1);
  waiter.kill(SIGSTOP); // so that it does not take the lock
  BOOST_TEST(
      test::wait_until_seen([&] { return !test::is_blocked_on(file.path); }));
  owner.unlock();
  BOOST_TEST(!newcomer.try_lock());
  BOOST_TEST(!newcomer.try_lock_shared());
  BOOST_TEST(!newcomer.try_lock_for(1ms));
  BOOST_TEST(!owner.try_lock());
  test::plain_lock other{file.path};
  BOOST_TEST(!other.try_lock()); // locks all bytes
  waiter.kill(SIGCONT);
  BOOST_TEST(waiter.read_line() == "locked");
  BOOST_TEST(waiter.ask("unlock") == "unlocked");
  BOOST_TEST(newcomer.try_lock());
}

BOOST_AUTO_TEST_CASE(an_owner_that_locks_again_is_behind_the_waiters) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  child_process waiter = file.waiter<in_kernel>(1);
  waiter.write_line("unlock"); // at once
  owner.unlock();
  owner.lock();
  BOOST_TEST(waiter.has_line());
  BOOST_TEST(waiter.read_line() == "locked");
}

BOOST_AUTO_TEST_CASE(a_signal_does_not_cost_the_place) {
  struct ::sigaction action = {};
  struct ::sigaction before = {};
  action.sa_handler = [](int) {}; // without SA_RESTART
  ::sigaction(SIGUSR1, &action, &before);
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  for (std::size_t i = 0; i != 3; ++i)
    waiters.push_back(file.waiter<in_kernel>(i + 1));
  for (int i = 0; i != 100; ++i)
    for (child_process& each : waiters)
      each.kill(SIGUSR1);
  BOOST_TEST(file.places.count() == 3U);
  owner.unlock();
  check_turns(waiters);
  ::sigaction(SIGUSR1, &before, nullptr);
}

#else

BOOST_AUTO_TEST_CASE(waiters_are_served_in_the_order_of_arrival) {
  test::skipped("fifo<posix_ofd_traits>", "this system has no such locks");
}

#endif

BOOST_AUTO_TEST_SUITE_END()
