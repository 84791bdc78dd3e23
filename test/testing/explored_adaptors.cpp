// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Every order of the calls of marked<> and fifo<>. FILELOCK_LONG=1: with more
// preemptions.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/testing/explore.hpp>

#include "support/explored_script.hpp"

#include <chrono>

BOOST_AUTO_TEST_SUITE(testing_explored_adaptors)

namespace {

using namespace std::chrono_literals;
using filelock::atomic_explored_traits;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::explored_schedule;
using filelock::explored_traits;
using filelock::fifo;
using filelock::marked;
using filelock::open_options;
using filelock_test::bounded;
using filelock_test::check_all_schedules;
using filelock_test::locks;
using filelock_test::path;
using filelock_test::reads;
using filelock_test::with_forks;
using filelock_test::with_kills;

template <class P>
using polling_lock = basic_file_lock<P, constant_backoff>;

template <class P>
auto waits_a_while(explored_schedule& schedule) {
  return [&schedule] {
    polling_lock<P> lock(path, constant_backoff(1s));
    if (lock.try_lock_for(1s)) schedule.use(lock);
  };
}

// ---- marked ----

// Changes something that would be half done after its death.
template <class P>
auto works(explored_schedule& schedule, bool& is_half_done) {
  return [&schedule, &is_half_done] {
    polling_lock<P> lock(path, constant_backoff(1s));
    lock.lock();
    const bool is_told = lock.previous_owner_died();
    schedule.require(is_told || !is_half_done, "a death is not told");
    schedule.require(!is_told || schedule.kills() != 0,
                     "the death of nobody is told");
    if (!schedule.step()) return;
    is_half_done = true;
    if (!schedule.use(lock)) return;
    is_half_done = false;
    lock.unlock();
  };
}

template <class P>
void check_that_a_death_is_told(int owners,
                                const filelock::explore_options& options) {
  check_all_schedules(
      [owners](explored_schedule& schedule) {
        bool is_half_done = false;
        for (int owner = 0; owner != owners; ++owner)
          schedule.owner(works<P>(schedule, is_half_done));
        schedule.run();
      },
      options);
}

BOOST_AUTO_TEST_CASE(a_death_is_told_to_the_next_owner) {
  check_that_a_death_is_told<marked<explored_traits>>(2, with_kills({}));
}

// The child holds the lock for a while.
BOOST_AUTO_TEST_CASE(a_death_is_told_though_a_child_lives_on) {
  check_that_a_death_is_told<marked<explored_traits>>(
      2, with_forks(with_kills(bounded(0))));
}

BOOST_AUTO_TEST_CASE(two_deaths_are_told_to_the_third_owner) {
  check_that_a_death_is_told<marked<explored_traits>>(
      3, with_kills(bounded(0), 2));
}

BOOST_AUTO_TEST_CASE(marked_owners_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks<marked<explored_traits>>(schedule));
        schedule.owner(reads<marked<explored_traits>>(schedule));
        schedule.owner(waits_a_while<marked<explored_traits>>(schedule));
        schedule.run();
      },
      bounded());
}

template <class P>
void check_marked_conversion() {
  check_all_schedules(
      [](explored_schedule& schedule) {
        bool is_half_done = false;
        schedule.owner([&schedule] {
          polling_lock<P> lock(path, constant_backoff(1s));
          lock.lock_shared();
          static_cast<void>(lock.try_upgrade_for(1s));
          if (lock.owns_lock()) {
            schedule.use(lock);
            static_cast<void>(lock.downgrade());
          }
          if (lock.owns_lock_shared()) schedule.use(lock);
        });
        schedule.owner(works<P>(schedule, is_half_done));
        schedule.run();
      },
      with_kills(bounded(2)));
}

BOOST_AUTO_TEST_CASE(marked_owners_convert) {
  check_marked_conversion<marked<explored_traits>>();
}

BOOST_AUTO_TEST_CASE(marked_owners_convert_atomically) {
  check_marked_conversion<marked<atomic_explored_traits>>();
}

// ---- fifo ----

BOOST_AUTO_TEST_CASE(two_queued_owners_exclude_each_other) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(locks<fifo<explored_traits>>(schedule));
    schedule.owner(locks<fifo<explored_traits>>(schedule));
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(three_queued_owners_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        for (int owner = 0; owner != 3; ++owner)
          schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(queued_readers_exclude_a_writer) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(reads<fifo<explored_traits>>(schedule));
        schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.owner(reads<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(a_queued_owner_that_gives_up_stops_nobody) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.owner(waits_a_while<fifo<explored_traits>>(schedule));
        schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(one_of_two_queued_owners_is_killed) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        for (int owner = 0; owner != 2; ++owner)
          schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      with_kills({}));
}

BOOST_AUTO_TEST_CASE(a_queued_owner_that_is_killed_stops_nobody) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        for (int owner = 0; owner != 3; ++owner)
          schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      with_kills(bounded(0)));
}

BOOST_AUTO_TEST_CASE(queued_and_other_owners_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.owner(locks<explored_traits>(schedule));
        schedule.owner(locks<fifo<explored_traits>>(schedule));
        schedule.run();
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(queued_owners_remove_the_file) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        open_options options;
        options.remove_on_release = true;
        for (int owner = 0; owner != 2; ++owner)
          schedule.owner([&schedule, options] {
            basic_file_lock<fifo<explored_traits>> lock(path, options);
            lock.lock();
            schedule.use(lock);
            lock.unlock();
          });
        schedule.run();
        schedule.require(!schedule.files().exists(path), "a file is left");
      },
      bounded());
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
