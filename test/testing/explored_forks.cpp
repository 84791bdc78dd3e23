// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 600

// A fork at any point: a child keeps copies of its parent's open files for some
// time. FILELOCK_LONG=1: two forks.

#include <boost/test/unit_test.hpp>

#include <filelock/basic_file_lock.hpp>
#include <filelock/testing/explore.hpp>

#include "support/explored_script.hpp"

#include <cstdint>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(testing_explored_forks)

namespace {

using filelock::basic_file_lock;
using filelock::explore;
using filelock::explore_options;
using filelock::explored_result;
using filelock::explored_schedule;
using filelock::explored_traits;
using filelock::lock_request;
using filelock::open_options;
using filelock_test::bounded_in_short;
using filelock_test::check_all_schedules;
using filelock_test::explored;
using filelock_test::locks;
using filelock_test::path;
using filelock_test::with_forks;
using filelock_test::with_kills;

void two_owners(explored_schedule& schedule) {
  schedule.owner(locks(schedule));
  schedule.owner(locks(schedule));
  schedule.run();
  schedule.require(!schedule.files().holder(path), "the lock is held");
}

// ---- The exploration itself ----

BOOST_AUTO_TEST_CASE(an_owner_forks_at_each_step_with_a_file_open) {
  explore_options options;
  options.forks = 1;
  std::uint64_t with_child = 0;
  const explored_result result = explore(
      [&with_child](explored_schedule& schedule) {
        schedule.owner([&schedule] {
          schedule.step(); // no file is open
          basic_file_lock<explored_traits> lock(path);
          lock.open();
        });
        schedule.run();
        if (schedule.has_ended()) with_child += schedule.forks();
      },
      options);
  BOOST_TEST(static_cast<bool>(result), result.message());
  // Before the file is closed; the child ends before that, or after it.
  BOOST_TEST(with_child == 2u);
  BOOST_TEST(result.schedules == 3u);
}

BOOST_AUTO_TEST_CASE(a_child_keeps_a_lock_that_its_parent_did_not_release) {
  std::uint64_t busy = 0;
  const explored_result result = explored(
      [&busy](explored_schedule& schedule) {
        schedule.owner(locks(schedule));
        schedule.owner([&] {
          basic_file_lock<explored_traits> next(path);
          if (schedule.step() && schedule.kills() != 0 && !next.try_lock())
            ++busy;
        });
        schedule.run();
      },
      with_kills(with_forks()));
  BOOST_TEST(static_cast<bool>(result), result.message());
  BOOST_TEST(busy > 0u);
}

BOOST_AUTO_TEST_CASE(a_schedule_with_a_fork_is_replayed) {
  const auto script = [](explored_schedule& schedule) {
    schedule.owner([&] {
      basic_file_lock<explored_traits> lock(path);
      lock.lock();
      lock.unlock();
      schedule.require(schedule.forks() == 0, "there was a fork");
    });
    schedule.run();
  };
  const explored_result found = explore(script, with_forks());
  BOOST_TEST(found.failure == "there was a fork");
  BOOST_TEST(found.schedule.find('0') != std::string::npos, found.schedule);
  BOOST_TEST(found.trace.find("A  forks\n") != std::string::npos, found.trace);
  explore_options again = with_forks();
  again.replay = found.schedule;
  BOOST_TEST(explore(script, again).message() == found.message());
}

// ---- Locks ----

BOOST_AUTO_TEST_CASE(owners_that_fork_exclude_each_other) {
  check_all_schedules(two_owners, with_forks());
}

BOOST_AUTO_TEST_CASE(owners_that_fork_leave_no_file) {
  open_options removed;
  removed.remove_on_release = true;
  check_all_schedules(
      [&removed](explored_schedule& schedule) {
        schedule.owner(locks(schedule, removed));
        schedule.owner(locks(schedule, removed));
        schedule.run();
        schedule.require(!schedule.files().exists(path), "a file is left");
      },
      with_forks(bounded_in_short(1)));
}

/// Effects: in each order, one owner releases the lock, by `release(lock)` or
/// by the end of `lock`, and the other tries it after that.
template <class P, class Release>
explored_result released_before_an_attempt(Release release) {
  return explored(
      [&](explored_schedule& schedule) {
        bool is_released = false;
        schedule.owner([&] {
          {
            basic_file_lock<P> lock(path);
            lock.lock();
            release(lock);
          }
          schedule.step();
          is_released = true;
        });
        schedule.owner([&] {
          basic_file_lock<P> next(path);
          if (schedule.step() && is_released)
            schedule.require(next.try_lock(), "a child keeps the lock");
        });
        schedule.run();
      },
      with_forks());
}

const auto unlock = [](auto& lock) { lock.unlock(); };
const auto close = [](auto& lock) { lock.close(); };
const auto nothing = [](auto&) {};

BOOST_AUTO_TEST_CASE(a_child_keeps_no_lock_that_its_parent_released) {
  for (const explored_result& result :
       {released_before_an_attempt<explored_traits>(unlock),
        released_before_an_attempt<explored_traits>(close),
        released_before_an_attempt<explored_traits>(nothing)}) {
    BOOST_TEST(static_cast<bool>(result), result.message());
    BOOST_TEST(result.schedules > 1u);
  }
}

/// Leaves it to the close.
struct without_unlock : explored_traits {
  static void unlock(native_handle_type, const lock_request&,
                     std::error_code&) noexcept {}
};

BOOST_AUTO_TEST_CASE(a_release_by_the_close_alone_is_found) {
  const explored_result result =
      released_before_an_attempt<without_unlock>(nothing);
  BOOST_TEST(result.failure == "a child keeps the lock");
}

// ---- An owner forks, and is killed ----

BOOST_AUTO_TEST_CASE(the_lock_of_a_killed_owner_is_free_when_its_child_ends) {
  check_all_schedules(two_owners, with_kills(with_forks(bounded_in_short(0))));
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
