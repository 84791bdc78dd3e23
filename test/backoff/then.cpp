// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/backoff/then.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
#include <filelock/file_lock.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_then)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::jittered;
using filelock::limited;
using filelock::notified;
using filelock::proportional_backoff;
using filelock::then;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::yield_backoff;
using filelock::detail::has_finished_v;
using filelock::detail::observes_wait_v;
using filelock::detail::unbounded;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

using quick_then_slow = then<constant_backoff, exponential_backoff>;

static_assert(filelock::is_backoff_policy_v<quick_then_slow>);
static_assert(!observes_wait_v<quick_then_slow>);
static_assert(!has_finished_v<quick_then_slow>);
static_assert(
    observes_wait_v<then<limited<yield_backoff>, exponential_backoff>>);
static_assert(
    observes_wait_v<then<exponential_backoff, limited<yield_backoff>>>);
static_assert(
    std::is_same_v<decltype(then(yield_backoff(), 1ms, constant_backoff(1ms))),
                   then<yield_backoff, constant_backoff>>);
static_assert(
    std::is_same_v<decltype(then(yield_backoff(), constant_backoff(1ms))),
                   then<yield_backoff, constant_backoff>>);

constexpr std::optional<nanoseconds> answer(nanoseconds elapsed) {
  return then(constant_backoff(5ms), 7ms,
              constant_backoff(1h))(wait_state{1, elapsed});
}
static_assert(answer(0ms) == 5ms);
static_assert(answer(4ms) == 3ms);
static_assert(answer(7ms - 1ns) == 1ns);
static_assert(answer(7ms) == 1h);
static_assert(answer((nanoseconds::max)()) == 1h);

/// Records how its copies were asked and told.
struct recording {
  nanoseconds operator()(const wait_state& state) {
    asked->push_back(state);
    return delay;
  }
  void finished(const wait_result& result) { told->push_back(result); }

  std::vector<wait_state>* asked;
  std::vector<wait_result>* told;
  nanoseconds delay;
};
struct seen {
  std::vector<wait_state> asked;
  std::vector<wait_result> told;
  recording policy(nanoseconds delay) { return {&asked, &told, delay}; }
};

static_assert(has_finished_v<then<recording, yield_backoff>>);
static_assert(has_finished_v<then<yield_backoff, recording>>);

std::string text(const std::vector<wait_state>& states) {
  std::string result;
  for (const wait_state& each : states)
    result += std::to_string(each.attempts) + "," +
              std::to_string(each.elapsed.count()) + "," +
              std::to_string(each.remaining.count()) + ";";
  return result;
}

std::string text(const std::vector<wait_result>& results) {
  std::string result;
  for (const wait_result& each : results)
    result += std::to_string(static_cast<int>(each.outcome)) + "," +
              std::to_string(each.attempts) + "," +
              std::to_string(each.elapsed.count()) + ";";
  return result;
}

struct run_result {
  std::vector<std::int64_t> attempts; // in nanoseconds of the wait
  std::optional<wait_outcome> outcome;
};

/// One wait for a lock that is free from `free_at` on.
template <class Policy>
run_result run(const Policy& policy, nanoseconds free_at,
               nanoseconds length = unbounded) {
  run_result result;
  const nanoseconds start = 1s;
  virtual_driver<Policy> driver(policy, length);
  std::optional<nanoseconds> next = start;
  while (next && result.attempts.size() < 1000) {
    const nanoseconds now = *next;
    next = driver.resume(now, [&] {
      result.attempts.push_back((now - start).count());
      return now - start >= free_at;
    });
  }
  result.outcome = driver.outcome();
  return result;
}

} // namespace

#define CHECK_TIMES(found, ...)                                                \
  BOOST_TEST((found).attempts == (std::vector<std::int64_t>{__VA_ARGS__}),     \
             boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(the_second_begins_when_the_time_of_the_first_is_over) {
  CHECK_TIMES(
      run(then(constant_backoff(10ns), 30ns, constant_backoff(100ns)), 200ns),
      0, 10, 20, 30, 130, 230);
}

BOOST_AUTO_TEST_CASE(
    a_delay_of_the_first_is_cut_so_that_the_second_is_on_time) {
  CHECK_TIMES(
      run(then(constant_backoff(10ns), 25ns, constant_backoff(100ns)), 200ns),
      0, 10, 20, 25, 125, 225);
  CHECK_TIMES(
      run(then(constant_backoff(1h), 25ns, constant_backoff(100ns)), 200ns), 0,
      25, 125, 225);
}

BOOST_AUTO_TEST_CASE(
    the_second_policy_starts_at_the_beginning_of_its_schedule) {
  CHECK_TIMES(run(then(exponential_backoff(1ns, 2.0, 1h), 10ns,
                       exponential_backoff(1ns, 2.0, 1h)),
                  25ns),
              0, 1, 3, 7, 10, 11, 13, 17, 25);
  CHECK_TIMES(
      run(then(constant_backoff(1us), 1us, proportional_backoff(1.0, 10ns, 1h)),
          1us + 80ns),
      0, 1000, 1010, 1020, 1040, 1080);
}

BOOST_AUTO_TEST_CASE(each_sees_a_wait_of_its_own) {
  seen first;
  seen second;
  run(then(first.policy(10ns), 20ns, second.policy(50ns)), 1h, 110ns);
  BOOST_TEST(text(first.asked) == "1,0,110;2,10,100;");
  BOOST_TEST(text(second.asked) == "1,0,90;2,50,40;");
}

BOOST_AUTO_TEST_CASE(a_first_policy_that_gives_up_hands_over) {
  seen second;
  const run_result result = run(
      then(limited(constant_backoff(10ns), 3), second.policy(100ns)), 200ns);
  CHECK_TIMES(result, 0, 10, 20, 120, 220);
  BOOST_TEST((result.outcome == wait_outcome::acquired));
  BOOST_TEST(text(second.asked).find("1,0,") == 0U);
}

BOOST_AUTO_TEST_CASE(a_first_policy_that_gives_up_early_hands_over_at_once) {
  CHECK_TIMES(
      run(then(limited(constant_backoff(10ns), 3), 1h, constant_backoff(100ns)),
          200ns),
      0, 10, 20, 120, 220);
}

BOOST_AUTO_TEST_CASE(a_first_policy_that_handed_over_is_not_asked_again) {
  seen first;
  run(then(first.policy(10ns), 15ns, constant_backoff(100ns)), 1us);
  BOOST_TEST(first.asked.size() == 2U);
  // Not even where its time is not over and it has changed its mind.
  int asked = 0;
  const auto gives_up_once =
      [&asked](const wait_state&) -> std::optional<nanoseconds> {
    if (++asked == 1) return std::nullopt;
    return 1ns;
  };
  CHECK_TIMES(run(then(gives_up_once, 1h, constant_backoff(100ns)), 200ns), 0,
              100, 200);
  BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(a_second_policy_that_gives_up_ends_the_wait) {
  const run_result result = run(
      then(constant_backoff(10ns), 20ns, limited(constant_backoff(100ns), 2)),
      1h);
  CHECK_TIMES(result, 0, 10, 20, 120);
  BOOST_TEST((result.outcome == wait_outcome::gave_up));
}

BOOST_AUTO_TEST_CASE(a_length_of_zero_skips_the_first_policy) {
  for (const nanoseconds length : {0ns, -1ns, (nanoseconds::min)()}) {
    seen first;
    CHECK_TIMES(
        run(then(first.policy(1ns), length, constant_backoff(10ns)), 15ns), 0,
        10, 20);
    BOOST_TEST(first.asked.empty());
    BOOST_TEST(first.told.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_length_beyond_every_wait_skips_the_second_policy) {
  const std::chrono::duration<double> infinity(
      std::numeric_limits<double>::infinity());
  seen second;
  run(then(constant_backoff(1h), infinity, second.policy(1ns)), 1000h, 300h);
  run(then(constant_backoff(1h), second.policy(1ns)), 1000h, 300h);
  BOOST_TEST(second.asked.empty());
  BOOST_TEST(second.told.empty());
}

BOOST_AUTO_TEST_CASE(a_deadline_cuts_both) {
  const auto policy = then(constant_backoff(10ns), 30ns, constant_backoff(1h));
  CHECK_TIMES(run(policy, 1h, 15ns), 0, 10, 15);
  CHECK_TIMES(run(policy, 1h, 77ns), 0, 10, 20, 30, 77);
}

BOOST_AUTO_TEST_CASE(three_policies_follow_each_other) {
  CHECK_TIMES(
      run(then(constant_backoff(1ns), 3ns,
               then(constant_backoff(10ns), 20ns, constant_backoff(100ns))),
          200ns),
      0, 1, 2, 3, 13, 23, 123, 223);
  CHECK_TIMES(run(then(then(constant_backoff(1ns), 3ns, constant_backoff(10ns)),
                       23ns, constant_backoff(100ns)),
                  200ns),
              0, 1, 2, 3, 13, 23, 123, 223);
}

BOOST_AUTO_TEST_CASE(each_wait_begins_with_the_first) {
  const auto prototype =
      then(constant_backoff(10ns), 15ns, constant_backoff(100ns));
  for (int wait = 0; wait != 3; ++wait)
    CHECK_TIMES(run(prototype, 100ns), 0, 10, 15, 115);
}

BOOST_AUTO_TEST_CASE(each_policy_gets_the_result_and_its_part_of_the_cost) {
  seen first;
  seen second;
  run(then(first.policy(10ns), 20ns, second.policy(50ns)), 1h, 110ns);
  // In all, five attempts in 110 ns: at 0, 10; 20, 70, 110.
  BOOST_TEST(text(first.told) == "1,2,20;");
  BOOST_TEST(text(second.told) == "1,3,90;");
}

BOOST_AUTO_TEST_CASE(a_policy_that_was_not_asked_gets_no_result) {
  seen first;
  seen second;
  run(then(first.policy(10ns), 20ns, second.policy(50ns)), 10ns);
  BOOST_TEST(text(first.told) == "0,2,10;");
  BOOST_TEST(second.told.empty());
  run(then(first.policy(10ns), 20ns, second.policy(50ns)), 0ns);
  BOOST_TEST(first.told.size() == 1U);
}

BOOST_AUTO_TEST_CASE(one_policy_that_wants_the_result_is_enough) {
  seen told;
  run(then(told.policy(10ns), 20ns, constant_backoff(50ns)), 1h, 70ns);
  BOOST_TEST(text(told.told) == "1,2,20;");
  run(then(constant_backoff(10ns), 20ns, told.policy(50ns)), 1h, 70ns);
  BOOST_TEST(text(told.told) == "1,2,20;1,2,50;");
}

BOOST_AUTO_TEST_CASE(adaptors_stand_inside_and_outside) {
  const auto without_chance = [](auto policy) {
    return jittered<decltype(policy), std::mt19937>(
        std::move(policy), filelock::jitter::full, std::mt19937(1));
  };
  // The limit is of all attempts outside, and of its own part inside.
  CHECK_TIMES(
      run(limited(then(constant_backoff(10ns), 20ns, constant_backoff(50ns)),
                  4),
          1h),
      0, 10, 20, 70);
  CHECK_TIMES(run(then(constant_backoff(10ns), 20ns,
                       limited(constant_backoff(50ns), 4)),
                  1h),
              0, 10, 20, 70, 120, 170);
  // A notice too is in the time of its part.
  std::vector<std::int64_t> calls;
  const auto note = [&calls](const wait_state& state) {
    calls.push_back(state.elapsed.count());
  };
  CHECK_TIMES(run(then(constant_backoff(10ns), 20ns,
                       notified(constant_backoff(50ns), 30ns, note)),
                  100ns),
              0, 10, 20, 50, 100);
  CHECK_TIMES(
      run(notified(then(constant_backoff(10ns), 20ns, constant_backoff(50ns)),
                   30ns, note),
          100ns),
      0, 10, 20, 30, 80, 130);
  BOOST_TEST(calls == (std::vector<std::int64_t>{30, 30}),
             boost::test_tools::per_element());
  // Chance shortens what is left of the first part, and never prolongs it.
  const run_result inside = run(
      then(without_chance(constant_backoff(10ns)), 25ns, constant_backoff(1us)),
      1us);
  bool is_on_time = false;
  for (const std::int64_t each : inside.attempts)
    is_on_time = is_on_time || each == 25;
  BOOST_TEST(is_on_time);
  const run_result outside = run(
      without_chance(then(constant_backoff(10ns), 25ns, constant_backoff(1us))),
      1us);
  BOOST_TEST((outside.outcome == wait_outcome::acquired));
}

BOOST_AUTO_TEST_CASE(lock_asks_it_if_one_of_the_two_observes_the_wait) {
  const test::temporary_folder folder;
  filelock::file_lock holder(folder / "a.lock");
  holder.lock();
  filelock::basic_file_lock waiter(
      folder / "a.lock",
      then(yield_backoff(), 1ms, limited(constant_backoff(1ms), 2)));
  std::error_code ec;
  waiter.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(!waiter.owns_lock());
  holder.unlock();
  waiter.lock();
  BOOST_TEST(waiter.owns_lock());
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_TIMES
