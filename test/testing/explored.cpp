// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// explore() itself: what it finds, and how it tells. Platforms that lie stand
// for mistakes in the library.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/testing/explore.hpp>

#include "support/explored_script.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(testing_explored)

namespace {

using namespace std::chrono_literals;
using filelock::atomic_explored_traits;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::explore;
using filelock::explore_options;
using filelock::explored_result;
using filelock::explored_schedule;
using filelock::explored_traits;
using filelock::lock_mode;
using filelock::lock_request;
using filelock::open_options;
using filelock_test::explored;

static_assert(filelock::is_platform_v<explored_traits>);
static_assert(filelock::is_platform_v<atomic_explored_traits>);
static_assert(!std::is_copy_constructible_v<explored_schedule>);

using explored_lock = basic_file_lock<explored_traits>;

const std::filesystem::path path = "/folder/a.lock";
const std::filesystem::path other_path = "/folder/b.lock";

/// \returns How messages name `path`: on Windows a drive comes before it.
std::string path_as_text() { return std::filesystem::absolute(path).string(); }

template <class P = explored_traits>
auto owners(int count, const open_options& options = {}) {
  return [count, options](explored_schedule& schedule) {
    for (int owner = 0; owner != count; ++owner)
      schedule.owner([&schedule, options] {
        basic_file_lock<P> lock(path, options);
        lock.lock();
        schedule.use(lock);
        lock.unlock();
      });
    schedule.run();
    schedule.require(!options.remove_on_release ||
                         !schedule.files().exists(path),
                     "a file is left");
  };
}

open_options removed_on_release() {
  open_options result;
  result.remove_on_release = true;
  return result;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

template <class Script>
explored_result check_failure(Script script, const std::string& failure,
                              const explore_options& options = {}) {
  const explored_result result = explored(script, options);
  BOOST_TEST(!result);
  BOOST_TEST(contains(result.failure, failure), result.message());
  return result;
}

// ---- What is explored ----

// Two owners of which each makes two steps: A A B B, and the five others.
auto two_steps_each() {
  return [](explored_schedule& schedule) {
    for (int owner = 0; owner != 2; ++owner)
      schedule.owner([&schedule] {
        schedule.step();
        schedule.step();
      });
    schedule.run();
  };
}

BOOST_AUTO_TEST_CASE(every_order_is_run_once) {
  const explored_result result = explore(two_steps_each());
  BOOST_TEST(static_cast<bool>(result), result.message());
  BOOST_TEST(result.schedules == 6u);
  BOOST_TEST(result.cut == 0u);
  BOOST_TEST(result.steps == 24u);
}

BOOST_AUTO_TEST_CASE(preemptions_are_bounded) {
  explore_options options;
  options.preemptions = 0;
  BOOST_TEST(explore(two_steps_each(), options).schedules == 2u);
  // A B B A, B A A B
  options.preemptions = 1;
  BOOST_TEST(explore(two_steps_each(), options).schedules == 4u);
}

BOOST_AUTO_TEST_CASE(an_owner_is_killed_at_each_step) {
  explore_options options;
  options.kills = 1;
  const explored_result result = explore(
      [](explored_schedule& schedule) {
        schedule.owner([&schedule] {
          schedule.step();
          schedule.step();
        });
        schedule.run();
      },
      options);
  // Before the first step, before the second one, never.
  BOOST_TEST(result.schedules == 3u);
}

BOOST_AUTO_TEST_CASE(steps_that_have_nothing_in_common_are_run_in_one_order) {
  const explored_result result = explore([](explored_schedule& schedule) {
    for (const auto& name : {path, other_path})
      schedule.owner([name] {
        explored_lock lock(name);
        lock.lock();
      });
    schedule.run();
  });
  BOOST_TEST(result.schedules == 1u);
}

BOOST_AUTO_TEST_CASE(the_number_of_schedules_can_be_bounded) {
  explore_options options;
  options.schedules = 2;
  const explored_result result = explore(two_steps_each(), options);
  BOOST_TEST(!result);
  BOOST_TEST(!result.is_complete);
  BOOST_TEST(result.schedules == 2u);
  BOOST_TEST(contains(result.message(), "more schedules"));
}

BOOST_AUTO_TEST_CASE(calls_outside_of_an_owner_are_made_at_once) {
  const explored_result result = explore([](explored_schedule& schedule) {
    explored_lock before(path);
    before.lock();
    before.unlock();
    schedule.owner([] {
      explored_lock lock(path);
      lock.lock();
    });
    schedule.run();
    schedule.require(before.try_lock(), "the lock is held");
    schedule.require(before.holder() == std::nullopt, "held by another");
  });
  BOOST_TEST(static_cast<bool>(result), result.message());
}

BOOST_AUTO_TEST_CASE(a_function_can_be_one_step) {
  const explored_result result = explore([](explored_schedule& schedule) {
    for (int owner = 0; owner != 2; ++owner)
      schedule.owner([&schedule] {
        schedule.step([] {
          explored_lock lock(path);
          lock.lock();
        });
      });
    schedule.run();
    schedule.require(schedule.has_ended(), "not all have ended");
  });
  BOOST_TEST(static_cast<bool>(result), result.message());
  BOOST_TEST(result.schedules == 2u);
}

// ---- What is found ----

BOOST_AUTO_TEST_CASE(a_failure_is_told_and_replayed) {
  const auto script = [](explored_schedule& schedule) {
    int readers = 0;
    for (int owner = 0; owner != 2; ++owner)
      schedule.owner([&schedule, &readers] {
        schedule.step();
        ++readers;
        schedule.step();
        schedule.require(readers == 1, "two at once");
        --readers;
      });
    schedule.run();
  };
  const explored_result result = check_failure(script, "two at once");
  BOOST_TEST(result.schedule == "ABB");
  BOOST_TEST(contains(result.message(), "replay: ABB"));

  explore_options again;
  again.replay = result.schedule;
  const explored_result replayed = explore(script, again);
  BOOST_TEST(replayed.failure == result.failure);
  BOOST_TEST(replayed.schedule == result.schedule);
  BOOST_TEST(replayed.trace == result.trace);
  again.replay = "AB";
  BOOST_TEST(explore(script, again).failure == result.failure);
}

BOOST_AUTO_TEST_CASE(what_is_left_at_the_end_is_checked) {
  check_failure(
      [](explored_schedule& schedule) {
        int last = 0;
        for (int owner = 0; owner != 2; ++owner)
          schedule.owner([&schedule, &last, owner] {
            schedule.step();
            last = owner;
          });
        schedule.run();
        schedule.require(last == 1, "the first one was last");
      },
      "the first one was last");
}

BOOST_AUTO_TEST_CASE(a_trace_tells_each_step) {
  const auto script = [](explored_schedule& schedule) {
    schedule.owner([&schedule] {
      explored_lock lock(path);
      lock.lock();
      schedule.use(lock);
      lock.unlock();
      schedule.require(false, "enough");
    });
    schedule.run();
  };
  BOOST_TEST(explore(script).trace == "A  open of file 1: created\n"
                                      "A  try_lock of file 1: granted\n"
                                      "A  names of file 1: yes\n"
                                      "A  uses " +
                                          path_as_text() +
                                          "\nA  unlock of file 1\n");
}

BOOST_AUTO_TEST_CASE(a_deadlock_is_found) {
  const auto locks_both = [](const std::filesystem::path& first,
                             const std::filesystem::path& second) {
    return [first, second] {
      explored_lock a(first);
      explored_lock b(second);
      a.lock();
      b.lock();
    };
  };
  check_failure(
      [&](explored_schedule& schedule) {
        schedule.owner(locks_both(path, other_path));
        schedule.owner(locks_both(other_path, path));
        schedule.run();
      },
      "nobody can go on: A waits in lock B waits in lock");
}

BOOST_AUTO_TEST_CASE(a_wait_without_end_is_found) {
  using polled_lock =
      basic_file_lock<filelock::polled<explored_traits>, constant_backoff>;
  explore_options options;
  options.steps = 100;
  check_failure(
      [](explored_schedule& schedule) {
        polled_lock holder(path, constant_backoff(1s));
        holder.lock();
        schedule.owner([] {
          polled_lock lock(path, constant_backoff(1s));
          lock.lock();
        });
        schedule.run();
      },
      "no end after many steps: A waits in", options);
}

BOOST_AUTO_TEST_CASE(an_exception_is_found) {
  check_failure(
      [](explored_schedule& schedule) {
        schedule.owner([] { throw std::runtime_error("out of order"); });
        schedule.owner([&schedule] { schedule.step(); });
        schedule.run();
      },
      "A has thrown: out of order");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_left_open_is_found) {
  check_failure(
      [](explored_schedule& schedule) {
        schedule.owner([] {
          explored_lock lock(path);
          lock.lock();
          const std::int64_t leaked = lock.release();
          static_cast<void>(leaked);
        });
        schedule.run();
      },
      "A has ended, and has a file open");
}

BOOST_AUTO_TEST_CASE(a_use_without_the_lock_is_found) {
  check_failure(
      [](explored_schedule& schedule) {
        schedule.owner([&schedule] {
          explored_lock lock(path);
          schedule.use(lock);
        });
        schedule.run();
      },
      "does not hold");
}

BOOST_AUTO_TEST_CASE(a_script_that_differs_each_time_is_found) {
  int runs = 0;
  check_failure(
      [&runs](explored_schedule& schedule) {
        ++runs;
        for (int owner = 0; owner != 2; ++owner)
          schedule.owner([&schedule, steps = runs] {
            for (int step = 0; step != steps % 3 + 1; ++step)
              schedule.step();
          });
        schedule.run();
      },
      "the script did not do the same as before");
}

BOOST_AUTO_TEST_CASE(what_a_killed_owner_does_has_no_effect) {
  explore_options options;
  options.kills = 1;
  const explored_result result = explore(
      [](explored_schedule& schedule) {
        bool was_reported = true;
        schedule.owner([&schedule, &was_reported] {
          explored_lock lock(path);
          std::error_code ec;
          lock.lock(ec);
          if (!schedule.step()) {
            schedule.require(false, "a failure of a killed owner");
            schedule.use(path, lock_mode::exclusive);
            lock.unlock();
            lock.lock(ec);
            was_reported = ec == std::errc::owner_dead;
          }
        });
        schedule.run();
        schedule.require(was_reported, "another error");
        schedule.require(schedule.kills() != 0 || schedule.files().exists(path),
                         "no file");
        schedule.require(!schedule.files().holder(path), "held");
      },
      options);
  BOOST_TEST(static_cast<bool>(result), result.message());
}

// ---- Mistakes of the library are found ----

// As if the path were not compared after the first attempt.
struct unverified_attempt : explored_traits {
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    is_compared() = false;
    return explored_traits::try_lock(handle, request, ec);
  }
  static void lock(std::int64_t handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    is_compared() = true;
    explored_traits::lock(handle, request, ec);
  }
  static bool names(const std::filesystem::path& name,
                    std::int64_t handle) noexcept {
    return !is_compared() || explored_traits::names(name, handle);
  }

protected:
  static bool& is_compared() noexcept {
    static thread_local bool result = false;
    return result;
  }
};

// As if it were not compared after a wait.
struct unverified_wait : unverified_attempt {
  static bool names(const std::filesystem::path& name,
                    std::int64_t handle) noexcept {
    return is_compared() || explored_traits::names(name, handle);
  }
};

// As if the file were removed after the release.
struct late_removal : explored_traits {
  static void remove(const std::filesystem::path&, std::int64_t,
                     std::error_code&) noexcept {
    is_to_remove() = true;
  }
  static void unlock(std::int64_t handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    explored_traits::unlock(handle, request, ec);
    std::error_code ignored;
    if (is_to_remove()) explored_traits::remove(path, handle, ignored);
    is_to_remove() = false;
  }

private:
  static bool& is_to_remove() noexcept {
    static thread_local bool result = false;
    return result;
  }
};

// A lock that lets two in.
struct lenient : explored_traits {
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return explored_traits::try_lock(
        handle, lock_request{lock_mode::shared, request.range}, ec);
  }
};

BOOST_AUTO_TEST_CASE(a_comparison_that_is_left_out_is_found) {
  check_failure(owners<unverified_attempt>(2, removed_on_release()),
                "the path named another file");
}

BOOST_AUTO_TEST_CASE(a_comparison_that_is_left_out_after_a_wait_is_found) {
  check_failure(owners<unverified_wait>(2, removed_on_release()),
                "the path named another file");
}

BOOST_AUTO_TEST_CASE(a_removal_after_the_release_is_found) {
  check_failure(owners<late_removal>(3, removed_on_release()), "two owners use",
                filelock_test::bounded());
}

BOOST_AUTO_TEST_CASE(a_lock_that_lets_two_in_is_found) {
  check_failure(owners<lenient>(2), "two owners use " + path_as_text());
}

BOOST_AUTO_TEST_CASE(the_same_scripts_pass_without_the_mistakes) {
  for (const auto& result :
       {explore(owners(2)), explore(owners(2, removed_on_release())),
        explore(owners(3, removed_on_release()), filelock_test::bounded())})
    BOOST_TEST(static_cast<bool>(result), result.message());
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
