// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/wait/acquisition.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_adaptors)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::jitter;
using filelock::jittered;
using filelock::limited;
using filelock::notified;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::detail::has_finished_v;
using filelock::detail::observes_wait_v;
using filelock::detail::unbounded;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

/// Wants to be told the end.
struct reported {
  nanoseconds operator()(const wait_state&) { return 10ns; }
  void finished(const wait_result& result) { told->push_back(result); }
  std::vector<wait_result>* told;
};

/// Wants to be told the end, and to see the wait.
struct observing : reported {
  static constexpr bool observes_wait = true;
  explicit observing(std::vector<wait_result>& results) : reported{&results} {}
};

/// Says, in so many words, that it need not see the wait.
struct blind : constant_backoff {
  static constexpr bool observes_wait = false;
};

struct silent {
  void operator()(const wait_state&) const {}
};

static_assert(!observes_wait_v<jittered<constant_backoff>>);
static_assert(!observes_wait_v<jittered<blind>>);
static_assert(!observes_wait_v<jittered<jittered<reported>>>);
static_assert(observes_wait_v<jittered<observing>>);
static_assert(observes_wait_v<jittered<jittered<observing>>>);
static_assert(observes_wait_v<jittered<limited<constant_backoff>>>);
static_assert(observes_wait_v<jittered<notified<blind, silent>>>);
static_assert(observes_wait_v<limited<blind>>);
static_assert(observes_wait_v<notified<blind, silent>>);

static_assert(has_finished_v<jittered<reported>>);
static_assert(has_finished_v<limited<reported>>);
static_assert(has_finished_v<notified<reported, silent>>);
static_assert(has_finished_v<limited<notified<jittered<reported>, silent>>>);
static_assert(!has_finished_v<jittered<constant_backoff>>);
static_assert(!has_finished_v<limited<constant_backoff>>);
static_assert(!has_finished_v<notified<constant_backoff, silent>>);
static_assert(
    !has_finished_v<limited<notified<jittered<constant_backoff>, silent>>>);

/// One wait, by polling, for a lock that is free from `free_at` on.
template <class Policy>
std::optional<wait_outcome> run(const Policy& policy, nanoseconds length,
                                nanoseconds free_at) {
  virtual_driver<Policy> driver(policy, length);
  nanoseconds now = 0ns;
  std::optional<nanoseconds> next = now;
  while (next) {
    now = *next;
    next = driver.resume(now, [&] { return now >= free_at; });
  }
  return driver.outcome();
}

template <class Policy>
auto without_chance(Policy policy, jitter kind = jitter::full) {
  return jittered<Policy, std::mt19937>(std::move(policy), kind,
                                        std::mt19937(1));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_adaptor_passes_the_result_on_once) {
  std::vector<wait_result> told;
  const reported inner{&told};
  run(limited<reported>(inner, 3), unbounded, 1h);
  run(notified<reported, silent>(inner, 5ns, silent()), 20ns, 1h);
  run(without_chance(inner), unbounded, 0ns); // no wait, and so no end of it
  run(without_chance(inner, jitter::equal), unbounded, 1ns);
  BOOST_REQUIRE(told.size() == 3U);
  BOOST_TEST((told[0].outcome == wait_outcome::gave_up));
  BOOST_TEST(told[0].attempts == 3U);
  BOOST_TEST((told[0].elapsed == 20ns));
  BOOST_TEST((told[1].outcome == wait_outcome::timed_out));
  BOOST_TEST(told[1].attempts == 4U); // at 0, 5, 15 and 20
  BOOST_TEST((told[1].elapsed == 20ns));
  BOOST_TEST((told[2].outcome == wait_outcome::acquired));
}

BOOST_AUTO_TEST_CASE(nested_adaptors_pass_the_result_on_once) {
  std::vector<wait_result> told;
  const auto policy = limited(
      notified(without_chance(reported{&told}, jitter::equal), 1ms, silent()),
      7);
  const auto outcome = run(policy, unbounded, 1h);
  BOOST_TEST((outcome == wait_outcome::gave_up));
  BOOST_REQUIRE(told.size() == 1U);
  BOOST_TEST((told[0].outcome == wait_outcome::gave_up));
  BOOST_TEST(told[0].attempts == 7U);
}

BOOST_AUTO_TEST_CASE(what_the_inner_policy_throws_at_the_end_is_passed_on) {
  struct refusing {
    nanoseconds operator()(const wait_state&) { return 1ns; }
    void finished(const wait_result&) { throw std::runtime_error("refused"); }
  };
  const auto policy = limited(without_chance(refusing()), 3);
  BOOST_CHECK_THROW(run(policy, unbounded, 1h), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_the_inner_policy_throws_when_asked_is_passed_on) {
  const auto refuse = [](const wait_state&) -> nanoseconds {
    throw std::runtime_error("refused");
  };
  const auto policy =
      notified(limited(without_chance(refuse), 3), 1s, silent());
  BOOST_CHECK_THROW(run(policy, unbounded, 1h), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(each_adaptor_shows_its_inner_policy_the_wait_unchanged) {
  std::vector<wait_state> seen;
  const auto inner = [&seen](const wait_state& state) {
    seen.push_back(state);
    return 10ns;
  };
  auto policy =
      limited(notified(without_chance(inner, jitter::full), 1s, silent()), 9);
  policy(wait_state{3, 5ns, 7ns});
  BOOST_REQUIRE(seen.size() == 1U);
  BOOST_TEST(seen[0].attempts == 3U);
  BOOST_TEST((seen[0].elapsed == 5ns));
  BOOST_TEST((seen[0].remaining == 7ns));
}

BOOST_AUTO_TEST_CASE(a_limit_ends_the_wait_whatever_is_inside_or_outside) {
  BOOST_TEST((run(limited(without_chance(constant_backoff(1ms)), 3), unbounded,
                  1h) == wait_outcome::gave_up));
  BOOST_TEST((run(without_chance(limited(constant_backoff(1ms), 3)), unbounded,
                  1h) == wait_outcome::gave_up));
  BOOST_TEST((run(notified(limited(constant_backoff(1ms), 3), 1s, silent()),
                  unbounded, 1h) == wait_outcome::gave_up));
  // The lower of two limits decides.
  std::vector<wait_result> told;
  run(limited(limited(reported{&told}, 5), 3), unbounded, 1h);
  run(limited(limited(reported{&told}, 3), 5), unbounded, 1h);
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST(told[0].attempts == 3U);
  BOOST_TEST(told[1].attempts == 3U);
}

BOOST_AUTO_TEST_CASE(two_notices_each_come_on_time) {
  std::vector<std::int64_t> calls;
  const auto note = [&calls](const wait_state& state) {
    calls.push_back(state.elapsed.count());
  };
  run(notified(notified(constant_backoff(1h), 30ns, note), 70ns, note), 100ns,
      2h);
  BOOST_TEST(calls == (std::vector<std::int64_t>{30, 70}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
