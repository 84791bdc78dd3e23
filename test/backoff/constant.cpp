// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/concepts.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(backoff_constant)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::wait_state;
using filelock::yield_backoff;
using std::chrono::nanoseconds;

using seconds_of_double = std::chrono::duration<double>;

static_assert(filelock::is_backoff_policy_v<constant_backoff>);
static_assert(filelock::is_backoff_policy_v<yield_backoff>);
static_assert(!filelock::detail::observes_wait_v<constant_backoff>);
static_assert(!filelock::detail::observes_wait_v<yield_backoff>);
static_assert(std::is_empty_v<yield_backoff>);
static_assert(!std::is_default_constructible_v<constant_backoff>);

static_assert(constant_backoff(5ms)(wait_state{1, 0ns}) == 5ms);
static_assert(constant_backoff(-5ms)(wait_state{1, 0ns}) == 0ns);
static_assert(constant_backoff((std::chrono::hours::max)())(wait_state{}) ==
              (nanoseconds::max)());
static_assert(yield_backoff()(wait_state{1, 0ns}) == 0ns);

/// \returns The delay of a constant backoff, in nanoseconds.
template <class Duration>
std::int64_t delay_of(const Duration& delay) {
  return constant_backoff(delay)(wait_state{}).count();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_constant_backoff_answers_the_same_whatever_the_wait) {
  constant_backoff policy(7ms);
  for (const std::uint64_t attempts : {1ULL, 2ULL, 1000000ULL, ~0ULL})
    for (const nanoseconds elapsed : {0ns, 1ns, (nanoseconds::max)()})
      for (const nanoseconds remaining : {1ns, (nanoseconds::max)()})
        BOOST_TEST(policy(wait_state{attempts, elapsed, remaining}).count() ==
                   7000000);
}

BOOST_AUTO_TEST_CASE(a_constant_backoff_takes_any_duration) {
  using limits = std::numeric_limits<double>;
  BOOST_TEST(delay_of(0s) == 0);
  BOOST_TEST(delay_of(1ns) == 1);
  BOOST_TEST(delay_of(-1ns) == 0);
  BOOST_TEST(delay_of(2h) == 7200000000000);
  BOOST_TEST(delay_of(seconds_of_double(0.25)) == 250000000);
  BOOST_TEST(delay_of(seconds_of_double(limits::quiet_NaN())) == 0);
  BOOST_TEST(delay_of(seconds_of_double(-limits::infinity())) == 0);
  BOOST_TEST(delay_of(seconds_of_double(limits::infinity())) ==
             (nanoseconds::max)().count());
  BOOST_TEST(delay_of((std::chrono::hours::min)()) == 0);
}

BOOST_AUTO_TEST_CASE(a_yield_backoff_never_pauses) {
  yield_backoff policy;
  for (std::uint64_t attempts = 1; attempts != 1000; ++attempts)
    BOOST_TEST(policy(wait_state{attempts, 1h}).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
