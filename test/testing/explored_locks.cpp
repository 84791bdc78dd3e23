// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Every order of the calls of two and three locks. FILELOCK_LONG=1: with
// more preemptions, or without a bound on them.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/testing/explore.hpp>

#include "support/explored_script.hpp"

#include <chrono>
#include <filesystem>
#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif
#include <system_error>

BOOST_AUTO_TEST_SUITE(testing_explored_locks)

namespace {

using namespace std::chrono_literals;
using filelock::atomic_explored_traits;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::conversion;
using filelock::explored_schedule;
using filelock::explored_traits;
using filelock::open_options;
using filelock_test::bounded;
using filelock_test::bounded_in_short;
using filelock_test::check_all_schedules;
using filelock_test::locks;
using filelock_test::path;
using filelock_test::reads;
using filelock_test::with_kills;

using explored_lock = basic_file_lock<explored_traits>;

/// Its timed waits make few attempts.
template <class P = explored_traits>
using polling_lock = basic_file_lock<P, constant_backoff>;

const std::filesystem::path other_path = "/folder/b.lock";

open_options removed_on_release() {
  open_options result;
  result.remove_on_release = true;
  return result;
}

// ---- What an owner does ----

auto tries(explored_schedule& schedule, const open_options& options = {}) {
  return [&schedule, options] {
    explored_lock lock(path, options);
    if (lock.try_lock()) schedule.use(lock);
  };
}

auto waits_a_while(explored_schedule& schedule,
                   const open_options& options = {}) {
  return [&schedule, options] {
    polling_lock<> lock(path, constant_backoff(1s), options);
    if (lock.try_lock_for(2s)) schedule.use(lock);
  };
}

void check_that_no_file_is_left(explored_schedule& schedule) {
  schedule.require(schedule.kills() != 0 || !schedule.files().exists(path),
                   "a file is left");
}

// ---- Exclusion ----

BOOST_AUTO_TEST_CASE(two_owners_exclude_each_other) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(locks(schedule));
    schedule.owner(locks(schedule));
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(three_owners_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        for (int owner = 0; owner != 3; ++owner)
          schedule.owner(locks(schedule));
        schedule.run();
      },
      bounded_in_short(2));
}

BOOST_AUTO_TEST_CASE(one_object_locks_twice) {
  check_all_schedules([](explored_schedule& schedule) {
    for (int owner = 0; owner != 2; ++owner)
      schedule.owner([&schedule] {
        explored_lock lock(path);
        for (int hold = 0; hold != 2; ++hold) {
          lock.lock();
          schedule.use(lock);
          lock.unlock();
        }
      });
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(readers_exclude_a_writer) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(reads(schedule));
        schedule.owner(locks(schedule));
        schedule.owner(reads(schedule));
        schedule.run();
      },
      bounded_in_short(2));
}

BOOST_AUTO_TEST_CASE(try_and_timed_forms_exclude) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks(schedule));
        schedule.owner(tries(schedule));
        schedule.owner(waits_a_while(schedule));
        schedule.run();
      },
      bounded_in_short(2));
}

BOOST_AUTO_TEST_CASE(an_attempt_beside_nobody_is_never_busy) {
  check_all_schedules([](explored_schedule& schedule) {
    bool has_ended = false;
    schedule.owner([&schedule, &has_ended] {
      locks(schedule)();
      has_ended = schedule.step();
    });
    schedule.owner([&schedule, &has_ended] {
      schedule.step();
      if (!has_ended) return;
      explored_lock lock(path);
      schedule.require(lock.try_lock(), "a free lock was busy");
    });
    schedule.run();
  });
}

// ---- Conversion ----

template <class P>
auto upgrades(explored_schedule& schedule) {
  return [&schedule] {
    polling_lock<P> lock(path, constant_backoff(1s));
    lock.lock_shared();
    schedule.use(lock);
    const conversion result = lock.try_upgrade_for(1s);
    const bool is_exclusive = result == conversion::held_throughout ||
                              result == conversion::released_between;
    schedule.require(is_exclusive == lock.owns_lock(), "a wrong answer");
    schedule.require(lock.owns_lock_shared() ==
                         (result == conversion::refused_still_shared),
                     "a wrong answer of a refusal");
    if (lock.owns_lock() || lock.owns_lock_shared()) schedule.use(lock);
  };
}

BOOST_AUTO_TEST_CASE(two_upgraders_do_not_deadlock) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(upgrades<explored_traits>(schedule));
    schedule.owner(upgrades<explored_traits>(schedule));
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(two_atomic_upgraders_do_not_deadlock) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(upgrades<atomic_explored_traits>(schedule));
    schedule.owner(upgrades<atomic_explored_traits>(schedule));
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(a_downgrade_lets_a_reader_in_and_no_writer) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner([&schedule] {
          polling_lock<atomic_explored_traits> lock(path, constant_backoff(1s));
          lock.lock();
          schedule.use(lock);
          const conversion result = lock.downgrade();
          schedule.require(result == conversion::held_throughout, "released");
          schedule.use(lock);
        });
        schedule.owner(reads(schedule));
        schedule.owner(locks(schedule));
        schedule.run();
      },
      bounded_in_short(2));
}

// ---- A wait is cancelled ----

#if FILELOCK_HAS_STOP_TOKEN
BOOST_AUTO_TEST_CASE(a_cancel_and_a_grant_end_the_wait_in_one_way) {
  check_all_schedules([](explored_schedule& schedule) {
    std::stop_source stop;
    bool is_cancelled = false;
    schedule.owner(locks(schedule));
    schedule.owner([&schedule, &stop, &is_cancelled] {
      polling_lock<> lock(path, constant_backoff(1s));
      const bool is_taken = lock.lock(stop.get_token());
      schedule.require(is_taken == lock.owns_lock(), "a wrong answer");
      if (is_taken)
        schedule.use(lock);
      else
        schedule.require(is_cancelled, "the wait ended by itself");
    });
    schedule.owner([&schedule, &stop, &is_cancelled] {
      schedule.step([&] {
        is_cancelled = true;
        stop.request_stop();
      });
    });
    schedule.run();
    schedule.require(!schedule.files().holder(path), "the lock is held");
  });
}
#endif

// ---- The file is removed ----

BOOST_AUTO_TEST_CASE(two_owners_remove_the_file) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(locks(schedule, removed_on_release()));
    schedule.owner(locks(schedule, removed_on_release()));
    schedule.run();
    check_that_no_file_is_left(schedule);
  });
}

BOOST_AUTO_TEST_CASE(three_owners_remove_the_file) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        for (int owner = 0; owner != 3; ++owner)
          schedule.owner(locks(schedule, removed_on_release()));
        schedule.run();
        check_that_no_file_is_left(schedule);
      },
      bounded_in_short(2));
}

BOOST_AUTO_TEST_CASE(shared_owners_remove_the_file) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(reads(schedule, removed_on_release()));
    schedule.owner(reads(schedule, removed_on_release()));
    schedule.run();
    check_that_no_file_is_left(schedule);
  });
}

BOOST_AUTO_TEST_CASE(readers_and_a_writer_remove_the_file) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(reads(schedule, removed_on_release()));
        schedule.owner(locks(schedule, removed_on_release()));
        schedule.owner(reads(schedule, removed_on_release()));
        schedule.run();
        check_that_no_file_is_left(schedule);
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(timed_owners_remove_the_file) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(waits_a_while(schedule, removed_on_release()));
    schedule.owner(waits_a_while(schedule, removed_on_release()));
    schedule.run();
    check_that_no_file_is_left(schedule);
  });
}

// ---- Somebody renames, links and replaces the file without its lock ----

template <class Change>
void check_that_a_change_is_noticed(Change change) {
  check_all_schedules(
      [change](explored_schedule& schedule) {
        schedule.files().replace(path);
        for (int owner = 0; owner != 2; ++owner)
          schedule.owner([&schedule] {
            explored_lock lock(path);
            for (int hold = 0; hold != 2; ++hold) {
              lock.lock();
              schedule.use_file(lock);
              lock.unlock();
            }
          });
        schedule.owner([&schedule, change] {
          if (schedule.step()) change(schedule.files());
        });
        schedule.run();
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_noticed) {
  check_that_a_change_is_noticed(
      [](filelock::simulation& files) { files.remove(path); });
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_noticed) {
  check_that_a_change_is_noticed(
      [](filelock::simulation& files) { files.replace(path); });
}

BOOST_AUTO_TEST_CASE(a_renamed_file_is_noticed) {
  check_that_a_change_is_noticed(
      [](filelock::simulation& files) { files.rename(path, other_path); });
}

BOOST_AUTO_TEST_CASE(a_file_that_moved_to_another_link_is_noticed) {
  check_that_a_change_is_noticed([](filelock::simulation& files) {
    files.link(path, other_path);
    files.remove(path);
  });
}

BOOST_AUTO_TEST_CASE(a_second_link_changes_nothing) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.files().replace(path);
    schedule.files().link(path, other_path);
    for (const auto& name : {path, other_path})
      schedule.owner([&schedule, name] {
        explored_lock lock(name);
        lock.lock();
        schedule.use_file(lock);
        lock.unlock();
      });
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(a_removed_link_leaves_the_other_one) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.files().replace(path);
    schedule.files().link(path, other_path);
    for (const auto& name : {path, other_path})
      schedule.owner([&schedule, name] {
        explored_lock lock(name, removed_on_release());
        lock.lock();
        schedule.use_file(lock);
        lock.unlock();
      });
    schedule.run();
    check_that_no_file_is_left(schedule);
    schedule.require(!schedule.files().exists(other_path),
                     "the other name is left");
  });
}

// ---- An owner is killed ----

BOOST_AUTO_TEST_CASE(a_killed_owner_holds_nothing) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks(schedule));
        schedule.owner(locks(schedule));
        schedule.run();
        schedule.require(!schedule.files().holder(path), "the lock is held");
      },
      with_kills({}));
}

BOOST_AUTO_TEST_CASE(the_file_of_a_killed_owner_is_removed_by_the_next_one) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks(schedule, removed_on_release()));
        schedule.owner(locks(schedule, removed_on_release()));
        schedule.run();
        {
          explored_lock next(path, removed_on_release());
          schedule.require(next.try_lock(), "the lock is held");
        }
        schedule.require(!schedule.files().exists(path), "a file is left");
      },
      with_kills({}));
}

BOOST_AUTO_TEST_CASE(three_owners_of_whom_one_is_killed) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(locks(schedule, removed_on_release()));
        schedule.owner(reads(schedule, removed_on_release()));
        schedule.owner(locks(schedule, removed_on_release()));
        schedule.run();
        check_that_no_file_is_left(schedule);
      },
      with_kills(bounded(0)));
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
