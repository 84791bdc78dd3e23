// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Every order of the calls of file_mutex: of two objects, and of threads that
// share one object, with their steps at its gate. FILELOCK_LONG=1: with more
// preemptions.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/testing/explore.hpp>

#include "support/explored_script.hpp"

#include <chrono>
#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(testing_explored_mutex)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::basic_file_mutex;
using filelock::constant_backoff;
using filelock::explored_schedule;
using filelock::explored_traits;
using filelock::lock_mode;
using filelock::open_options;
using filelock_test::bounded;
using filelock_test::check_all_schedules;
using filelock_test::locks;
using filelock_test::path;
using filelock_test::with_kills;

using explored_mutex = basic_file_mutex<explored_traits, constant_backoff>;

auto writes(explored_schedule& schedule, explored_mutex& mutex) {
  return [&schedule, &mutex] {
    mutex.lock();
    schedule.use(path, lock_mode::exclusive);
    mutex.unlock();
  };
}

auto reads(explored_schedule& schedule, explored_mutex& mutex) {
  return [&schedule, &mutex] {
    mutex.lock_shared();
    schedule.use(path, lock_mode::shared);
    mutex.unlock_shared();
  };
}

auto waits_a_while(explored_schedule& schedule, explored_mutex& mutex) {
  return [&schedule, &mutex] {
    if (!mutex.try_lock_for(1s)) return;
    schedule.use(path, lock_mode::exclusive);
    mutex.unlock();
  };
}

template <class Function>
auto with_own_mutex(explored_schedule& schedule, Function function) {
  return [&schedule, function] {
    explored_mutex mutex(path, constant_backoff(1s));
    function(schedule, mutex)();
  };
}

BOOST_AUTO_TEST_CASE(two_objects_exclude_each_other) {
  check_all_schedules([](explored_schedule& schedule) {
    schedule.owner(with_own_mutex(schedule, writes));
    schedule.owner(with_own_mutex(schedule, writes));
    schedule.run();
  });
}

BOOST_AUTO_TEST_CASE(an_object_of_a_killed_process_holds_nothing) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        schedule.owner(with_own_mutex(schedule, writes));
        schedule.owner(with_own_mutex(schedule, reads));
        schedule.run();
        schedule.require(!schedule.files().holder(path), "the lock is held");
      },
      with_kills(bounded()));
}

// ---- Threads that share an object ----

// Nobody can be inside when all have ended.
void check_that_it_is_free(explored_schedule& schedule, explored_mutex& mutex) {
  if (!schedule.has_ended()) return;
  schedule.require(!schedule.files().holder(path), "the file is held");
  schedule.require(mutex.try_lock(), "the mutex is held");
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(two_threads_exclude_each_other) {
  check_all_schedules([](explored_schedule& schedule) {
    explored_mutex mutex(path, constant_backoff(1s));
    schedule.thread(writes(schedule, mutex));
    schedule.thread(writes(schedule, mutex));
    schedule.run();
    check_that_it_is_free(schedule, mutex);
  });
}

BOOST_AUTO_TEST_CASE(a_reader_and_a_writer_exclude_each_other) {
  check_all_schedules([](explored_schedule& schedule) {
    explored_mutex mutex(path, constant_backoff(1s));
    schedule.thread(writes(schedule, mutex));
    schedule.thread(reads(schedule, mutex));
    schedule.run();
    check_that_it_is_free(schedule, mutex);
  });
}

BOOST_AUTO_TEST_CASE(three_threads_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        explored_mutex mutex(path, constant_backoff(1s));
        for (int thread = 0; thread != 3; ++thread)
          schedule.thread(writes(schedule, mutex));
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(two_threads_and_a_process_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        explored_mutex mutex(path, constant_backoff(1s));
        schedule.thread(writes(schedule, mutex));
        schedule.thread(writes(schedule, mutex));
        schedule.owner(locks(schedule));
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(readers_a_writer_and_a_process_exclude_each_other) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        explored_mutex mutex(path, constant_backoff(1s));
        schedule.thread(reads(schedule, mutex));
        schedule.thread(reads(schedule, mutex));
        schedule.thread(writes(schedule, mutex));
        schedule.owner(locks(schedule));
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded(1));
}

BOOST_AUTO_TEST_CASE(a_thread_that_gives_up_stops_nobody) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        explored_mutex mutex(path, constant_backoff(1s));
        schedule.thread(writes(schedule, mutex));
        schedule.thread(waits_a_while(schedule, mutex));
        schedule.thread(writes(schedule, mutex));
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded());
}

BOOST_AUTO_TEST_CASE(threads_that_all_give_up_leave_the_file_free) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        explored_mutex mutex(path, constant_backoff(1s));
        schedule.thread(writes(schedule, mutex));
        schedule.thread(waits_a_while(schedule, mutex));
        schedule.thread(waits_a_while(schedule, mutex));
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded());
}

#if FILELOCK_HAS_STOP_TOKEN
BOOST_AUTO_TEST_CASE(a_cancelled_thread_stops_nobody) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        std::stop_source stop;
        explored_mutex mutex(path, constant_backoff(1s));
        schedule.thread(writes(schedule, mutex));
        schedule.thread([&schedule, &mutex, &stop] {
          if (!mutex.lock(stop.get_token())) return;
          schedule.use(path, lock_mode::exclusive);
          mutex.unlock();
        });
        schedule.thread([&schedule, &stop] {
          schedule.step([&stop] { stop.request_stop(); });
        });
        schedule.run();
        check_that_it_is_free(schedule, mutex);
      },
      bounded());
}
#endif

BOOST_AUTO_TEST_CASE(threads_remove_the_file) {
  check_all_schedules(
      [](explored_schedule& schedule) {
        open_options options;
        options.remove_on_release = true;
        {
          explored_mutex mutex(path, constant_backoff(1s), options);
          schedule.thread(writes(schedule, mutex));
          schedule.thread(reads(schedule, mutex));
          schedule.owner([&schedule, options] {
            basic_file_lock<explored_traits> lock(path, options);
            lock.lock();
            schedule.use(lock);
            lock.unlock();
          });
          schedule.run();
        }
        schedule.require(!schedule.files().exists(path), "a file is left");
      },
      bounded());
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
