// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(wait_virtual_driver)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::limited;
using filelock::proportional_backoff;
using filelock::wait_outcome;
using filelock::wait_state;
using filelock::detail::unbounded;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

using milliseconds_list = std::vector<std::int64_t>;

struct run_result {
  milliseconds_list attempts; // when they were made
  std::optional<wait_outcome> outcome;
  nanoseconds end{};
};

/// One contender for a lock that is free from `free_at` on.
template <class BackoffPolicy>
run_result run(const BackoffPolicy& policy, nanoseconds length,
               nanoseconds free_at, nanoseconds start = 0ns) {
  virtual_driver<BackoffPolicy> driver(policy, length);
  run_result result;
  std::optional<nanoseconds> next = start;
  while (next) {
    result.end = *next;
    next = driver.resume(*next, [&] {
      result.attempts.push_back(
          std::chrono::duration_cast<std::chrono::milliseconds>(result.end)
              .count());
      return result.end >= free_at;
    });
  }
  result.outcome = driver.outcome();
  return result;
}

} // namespace

#define CHECK_ATTEMPTS(result, ...)                                            \
  BOOST_TEST((result).attempts == (milliseconds_list{__VA_ARGS__}),            \
             boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(a_free_lock_takes_one_attempt) {
  const run_result result = run(constant_backoff(5ms), unbounded, 0ns);
  CHECK_ATTEMPTS(result, 0);
  BOOST_TEST((result.outcome == wait_outcome::acquired));
}

BOOST_AUTO_TEST_CASE(attempts_follow_the_schedule_of_the_policy) {
  const run_result constant = run(constant_backoff(5ms), unbounded, 21ms);
  CHECK_ATTEMPTS(constant, 0, 5, 10, 15, 20, 25);
  BOOST_TEST((constant.outcome == wait_outcome::acquired));

  const run_result exponential = run(exponential_backoff(), unbounded, 2s);
  CHECK_ATTEMPTS(exponential, 0, 10, 30, 70, 150, 310, 630, 1130, 1630, 2130);

  const run_result proportional =
      run(proportional_backoff(1.0, 1ms, 10ms), unbounded, 40ms);
  CHECK_ATTEMPTS(proportional, 0, 1, 2, 4, 8, 16, 26, 36, 46);
}

BOOST_AUTO_TEST_CASE(the_start_of_the_virtual_time_does_not_matter) {
  const run_result result = run(constant_backoff(5ms), 12ms, 1h, 1s);
  CHECK_ATTEMPTS(result, 1000, 1005, 1010, 1012);
  BOOST_TEST((result.outcome == wait_outcome::timed_out));
}

BOOST_AUTO_TEST_CASE(the_last_attempt_is_at_the_deadline_and_none_is_later) {
  const run_result late = run(constant_backoff(5ms), 12ms, 1h);
  CHECK_ATTEMPTS(late, 0, 5, 10, 12);
  BOOST_TEST((late.outcome == wait_outcome::timed_out));
  BOOST_TEST((late.end == 12ms));

  const run_result in_time = run(constant_backoff(5ms), 12ms, 12ms);
  CHECK_ATTEMPTS(in_time, 0, 5, 10, 12);
  BOOST_TEST((in_time.outcome == wait_outcome::acquired));

  const run_result exactly = run(constant_backoff(5ms), 10ms, 1h);
  CHECK_ATTEMPTS(exactly, 0, 5, 10);

  const run_result for_a_nanosecond = run(constant_backoff(1h), 1ns, 1h);
  CHECK_ATTEMPTS(for_a_nanosecond, 0, 0);
  BOOST_TEST((for_a_nanosecond.end == 1ns));
}

BOOST_AUTO_TEST_CASE(without_time_there_is_one_attempt) {
  for (const nanoseconds length : {0ns, -1ns, (nanoseconds::min)()}) {
    const run_result busy = run(constant_backoff(5ms), length, 1h);
    CHECK_ATTEMPTS(busy, 0);
    BOOST_TEST((busy.outcome == wait_outcome::timed_out));
    const run_result free = run(constant_backoff(5ms), length, 0ns);
    BOOST_TEST((free.outcome == wait_outcome::acquired));
  }
}

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_ends_the_acquisition) {
  const limited<constant_backoff> policy(constant_backoff(5ms), 3);
  const run_result result = run(policy, unbounded, 1h);
  CHECK_ATTEMPTS(result, 0, 5, 10);
  BOOST_TEST((result.outcome == wait_outcome::gave_up));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_acquisition_in_its_pause) {
  const constant_backoff policy(1h);
  virtual_driver<constant_backoff> driver(policy);
  int attempts = 0;
  const auto busy = [&] {
    ++attempts;
    return false;
  };
  BOOST_TEST((driver.resume(0ns, busy) == 1h));
  BOOST_TEST(!driver.outcome());
  BOOST_TEST(!driver.resume(1s, busy, true));
  BOOST_TEST((driver.outcome() == wait_outcome::stopped));
  BOOST_TEST(attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_before_the_start_leaves_one_attempt) {
  const constant_backoff policy(1h);
  virtual_driver<constant_backoff> driver(policy);
  int attempts = 0;
  BOOST_TEST(!driver.resume(
      0ns, [&] { return ++attempts == 2; }, true));
  BOOST_TEST((driver.outcome() == wait_outcome::stopped));
  BOOST_TEST(attempts == 1);

  virtual_driver<constant_backoff> lucky(policy);
  BOOST_TEST(!lucky.resume(
      0ns, [] { return true; }, true));
  BOOST_TEST((lucky.outcome() == wait_outcome::acquired));
}

BOOST_AUTO_TEST_CASE(a_pause_beyond_the_end_of_time_ends_there) {
  const constant_backoff policy((nanoseconds::max)());
  virtual_driver<constant_backoff> driver(policy);
  BOOST_TEST((driver.resume(5s, [] { return false; }) == unbounded));
}

BOOST_AUTO_TEST_SUITE(ten_thousand_contenders)

namespace {

constexpr std::size_t contenders = 10000;
constexpr nanoseconds longest_start = 20s;

using any_policy = std::function<std::optional<nanoseconds>(const wait_state&)>;

any_policy policy_of(std::size_t contender) {
  switch (contender % 4) {
  case 0:
    return exponential_backoff();
  case 1:
    return constant_backoff(400ms);
  case 2:
    return proportional_backoff(0.5, 1ms, 1s);
  default:
    return limited<exponential_backoff>(exponential_backoff(), 40);
  }
}

struct summary {
  std::string violations;
  std::vector<std::tuple<std::size_t, wait_outcome, nanoseconds>> ends;
  std::size_t attempts = 0;

  std::size_t count(wait_outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(ends.begin(), ends.end(), [&](const auto& end) {
          return std::get<wait_outcome>(end) == outcome;
        }));
  }
};

/// One lock, one thread; each contender holds the lock for some milliseconds.
summary simulate() {
  struct contender {
    contender(const any_policy& policy, nanoseconds begin, nanoseconds limit)
        : driver(policy, limit), start(begin), length(limit) {}
    virtual_driver<any_policy> driver;
    nanoseconds start;
    nanoseconds length;
    nanoseconds last_attempt{-1};
  };
  struct event {
    nanoseconds time;
    std::size_t order; // two events at one time run as they were planned
    std::size_t contender;
    bool is_release;
    bool operator>(const event& other) const {
      return std::tie(time, order) > std::tie(other.time, other.order);
    }
  };

  std::mt19937 random(20260101);
  const auto between = [&](nanoseconds low, nanoseconds high) {
    return low + nanoseconds(static_cast<std::int64_t>(random()) %
                             ((high - low).count() / 1000) * 1000);
  };
  std::vector<any_policy> policies;
  for (std::size_t index = 0; index != contenders; ++index)
    policies.push_back(policy_of(index));
  std::deque<contender> all;
  std::priority_queue<event, std::vector<event>, std::greater<>> events;
  std::size_t planned = 0;
  for (std::size_t index = 0; index != contenders; ++index) {
    const nanoseconds length = random() % 2 == 0 ? unbounded : between(0ms, 3s);
    all.emplace_back(policies[index], between(0s, longest_start), length);
    events.push({all.back().start, planned++, index, false});
  }

  summary result;
  constexpr std::size_t nobody = contenders;
  std::size_t owner = nobody;
  const auto violated = [&](const char* rule, std::size_t index) {
    result.violations += std::string(rule) + " by " + std::to_string(index);
  };
  while (!events.empty()) {
    const event now = events.top();
    events.pop();
    if (now.is_release) {
      if (owner != now.contender) violated("foreign release", now.contender);
      owner = nobody;
      continue;
    }
    contender& current = all[now.contender];
    if (current.driver.outcome()) violated("woken after", now.contender);
    const auto next = current.driver.resume(now.time, [&] {
      ++result.attempts;
      current.last_attempt = now.time;
      if (owner != nobody) return false;
      owner = now.contender;
      return true;
    });
    if (next) {
      if (*next < now.time) violated("went back", now.contender);
      if (current.length != unbounded && *next > current.start + current.length)
        violated("overslept", now.contender);
      events.push({*next, planned++, now.contender, false});
      continue;
    }
    const wait_outcome outcome = *current.driver.outcome();
    result.ends.emplace_back(now.contender, outcome, now.time);
    if (outcome == wait_outcome::acquired) {
      if (owner != now.contender) violated("two owners", now.contender);
      events.push(
          {now.time + between(0ms, 10ms), planned++, now.contender, true});
    }
    if (outcome == wait_outcome::timed_out &&
        (now.time != current.start + current.length ||
         current.last_attempt != now.time))
      violated("no last attempt", now.contender);
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(exclude_each_other_and_keep_their_deadlines) {
  const summary result = simulate();
  BOOST_TEST(result.violations == "");
  BOOST_TEST(result.ends.size() == contenders);
  std::vector<bool> has_ended(contenders);
  for (const auto& end : result.ends)
    has_ended[std::get<std::size_t>(end)] = true;
  BOOST_TEST(std::count(has_ended.begin(), has_ended.end(), true) ==
             static_cast<std::ptrdiff_t>(contenders));
  // All kinds of end have been seen, and most contenders had to wait.
  BOOST_TEST(result.count(wait_outcome::acquired) > contenders / 4);
  BOOST_TEST(result.count(wait_outcome::timed_out) > 100U);
  BOOST_TEST(result.count(wait_outcome::gave_up) > 100U);
  BOOST_TEST(result.attempts > 5 * contenders);
}

BOOST_AUTO_TEST_CASE(come_to_the_same_end_in_every_run) {
  const summary first = simulate();
  const summary second = simulate();
  BOOST_TEST((first.ends == second.ends));
  BOOST_TEST(first.attempts == second.attempts);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_ATTEMPTS
