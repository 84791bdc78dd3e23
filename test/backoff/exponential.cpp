// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/concepts.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_exponential)

namespace {

using namespace std::chrono_literals;
using filelock::exponential_backoff;
using filelock::wait_state;
using std::chrono::nanoseconds;

using nanoseconds_list = std::vector<std::int64_t>;

constexpr std::int64_t ms = 1000000;
constexpr nanoseconds highest = (nanoseconds::max)();

static_assert(filelock::is_backoff_policy_v<exponential_backoff>);
static_assert(!filelock::detail::observes_wait_v<exponential_backoff>);

/// \returns The answer to the n-th question.
constexpr nanoseconds answer(exponential_backoff policy, int n) {
  nanoseconds delay{};
  for (int index = 0; index != n; ++index)
    delay = policy(wait_state{});
  return delay;
}

static_assert(answer(exponential_backoff(), 1) == 10ms);
static_assert(answer(exponential_backoff(), 2) == 20ms);
static_assert(answer(exponential_backoff(), 6) == 320ms);
static_assert(answer(exponential_backoff(), 7) == 500ms);
static_assert(answer(exponential_backoff(), 100) == 500ms);
static_assert(answer(exponential_backoff(1ms, 3.0, 1h), 5) == 81ms);
static_assert(answer(exponential_backoff(1ns, 2.0, highest), 62) ==
              nanoseconds(std::int64_t(1) << 61));
static_assert(answer(exponential_backoff(1ns, 2.0, highest), 200) == highest);

/// \returns The first answers.
nanoseconds_list schedule(exponential_backoff policy, std::size_t length) {
  nanoseconds_list delays;
  while (delays.size() != length)
    delays.push_back(policy(wait_state{}).count());
  return delays;
}

} // namespace

#define CHECK_SCHEDULE(policy, ...)                                            \
  do {                                                                         \
    const nanoseconds_list expected = {__VA_ARGS__};                           \
    BOOST_TEST(schedule(policy, expected.size()) == expected,                  \
               boost::test_tools::per_element());                              \
  } while (false)

BOOST_AUTO_TEST_CASE(
    the_default_is_ten_milliseconds_doubled_up_to_five_hundred) {
  CHECK_SCHEDULE(exponential_backoff(), 10 * ms, 20 * ms, 40 * ms, 80 * ms,
                 160 * ms, 320 * ms, 500 * ms, 500 * ms, 500 * ms);
}

BOOST_AUTO_TEST_CASE(the_cap_is_met_exactly) {
  CHECK_SCHEDULE(exponential_backoff(1ms, 2.0, 4ms), 1 * ms, 2 * ms, 4 * ms,
                 4 * ms);
}

BOOST_AUTO_TEST_CASE(a_cap_below_the_first_delay_cuts_it) {
  CHECK_SCHEDULE(exponential_backoff(10ms, 2.0, 3ms), 3 * ms, 3 * ms, 3 * ms);
  CHECK_SCHEDULE(exponential_backoff(10ms, 2.0, 0ms), 0, 0, 0);
  CHECK_SCHEDULE(exponential_backoff(10ms, 2.0, -1ms), 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_factor_that_does_not_grow_is_one) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double factor : {1.0, 0.5, 0.0, -0.0, -2.0, nan, -infinity})
    CHECK_SCHEDULE(exponential_backoff(10ms, factor, 500ms), 10 * ms, 10 * ms,
                   10 * ms);
}

BOOST_AUTO_TEST_CASE(a_huge_factor_leads_to_the_cap_at_once) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double most = (std::numeric_limits<double>::max)();
  for (const double factor : {1e30, most, infinity}) {
    CHECK_SCHEDULE(exponential_backoff(10ms, factor, 500ms), 10 * ms, 500 * ms,
                   500 * ms);
    CHECK_SCHEDULE(exponential_backoff(10ms, factor, highest), 10 * ms,
                   highest.count(), highest.count());
  }
}

BOOST_AUTO_TEST_CASE(a_first_delay_of_zero_stays_zero_whatever_the_factor) {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_SCHEDULE(exponential_backoff(0ms, 2.0, 500ms), 0, 0, 0);
  CHECK_SCHEDULE(exponential_backoff(0ms, infinity, 500ms), 0, 0, 0);
  CHECK_SCHEDULE(exponential_backoff(-5ms, 2.0, 500ms), 0, 0, 0);
}

BOOST_AUTO_TEST_CASE(extreme_delays_do_not_overflow) {
  CHECK_SCHEDULE(exponential_backoff(highest, 2.0, highest), highest.count(),
                 highest.count(), highest.count());
  CHECK_SCHEDULE(exponential_backoff(highest - 1ns, 1.5, highest),
                 highest.count() - 1, highest.count(), highest.count());
  CHECK_SCHEDULE(exponential_backoff((std::chrono::hours::max)(), 2.0,
                                     (std::chrono::hours::max)()),
                 highest.count(), highest.count());
}

BOOST_AUTO_TEST_CASE(any_duration_is_taken) {
  using seconds_of_double = std::chrono::duration<double>;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_SCHEDULE(
      exponential_backoff(seconds_of_double(0.001), 2.0, seconds_of_double(1)),
      1 * ms, 2 * ms, 4 * ms);
  CHECK_SCHEDULE(exponential_backoff(seconds_of_double(nan), 2.0, 1s), 0, 0);
  CHECK_SCHEDULE(exponential_backoff(1s, 2.0, seconds_of_double(nan)), 0, 0);
  CHECK_SCHEDULE(exponential_backoff(400ms, 2.0, seconds_of_double(infinity)),
                 400 * ms, 800 * ms, 1600 * ms);
}

// The n-th delay is initial x factor^(n-1): not the one before it, rounded,
// times the factor.
BOOST_AUTO_TEST_CASE(fractions_of_a_nanosecond_are_not_lost_on_the_way) {
  CHECK_SCHEDULE(exponential_backoff(1us, 1.5, 1h), 1000, 1500, 2250, 3375,
                 5063, 7594, 11391, 17086);
  CHECK_SCHEDULE(exponential_backoff(1ns, 1.25, 1h), 1, 1, 2, 2, 2, 3, 4, 5, 6);
}

BOOST_AUTO_TEST_CASE(a_small_factor_reaches_the_cap_in_the_end) {
  exponential_backoff policy(1us, 1.0001, 1ms);
  nanoseconds delay{};
  for (int attempt = 0; attempt != 100000; ++attempt)
    delay = policy(wait_state{});
  BOOST_TEST(delay.count() == 1 * ms);
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_SCHEDULE
