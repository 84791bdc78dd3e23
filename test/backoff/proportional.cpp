// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/concepts.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(backoff_proportional)

namespace {

using namespace std::chrono_literals;
using filelock::proportional_backoff;
using filelock::wait_state;
using std::chrono::nanoseconds;

constexpr nanoseconds highest = (nanoseconds::max)();

static_assert(filelock::is_backoff_policy_v<proportional_backoff>);
static_assert(filelock::is_backoff_policy_v<filelock::default_backoff>);
static_assert(!filelock::detail::observes_wait_v<proportional_backoff>);
static_assert(std::is_default_constructible_v<filelock::default_backoff>);

/// \returns The delay after a wait of `elapsed`.
constexpr nanoseconds after(const proportional_backoff& policy,
                            nanoseconds elapsed) {
  return policy(wait_state{1, elapsed});
}

constexpr proportional_backoff half(0.5, 1ms, 10ms);
constexpr proportional_backoff by_default;
static_assert(after(by_default, 0ns) == 50us);
static_assert(after(by_default, 1ms) == 500us);
static_assert(after(by_default, 1h) == 1500us);
static_assert(after(half, 0ns) == 1ms);
static_assert(after(half, 2ms) == 1ms);
static_assert(after(half, 5ms) == 2500us);
static_assert(after(half, 20ms) == 10ms);
static_assert(after(half, highest) == 10ms);

} // namespace

BOOST_AUTO_TEST_CASE(the_delay_is_a_fraction_of_the_time_waited) {
  const proportional_backoff quarter(0.25, 0ns, highest);
  BOOST_TEST(after(quarter, 0ns).count() == 0);
  BOOST_TEST(after(quarter, 4ns).count() == 1);
  BOOST_TEST(after(quarter, 1s).count() == 250000000);
  BOOST_TEST(after(quarter, highest - 3ns).count() ==
             (highest - 3ns).count() / 4);
  const proportional_backoff all(1.0, 0ns, highest);
  BOOST_TEST(after(all, 123456789ns).count() == 123456789);
  BOOST_TEST(after(all, highest).count() == highest.count());
  const proportional_backoff triple(3.0, 0ns, highest);
  BOOST_TEST(after(triple, 5ms).count() == 15000000);
  BOOST_TEST(after(triple, highest / 2).count() == highest.count());
}

BOOST_AUTO_TEST_CASE(the_delay_stays_between_floor_and_cap) {
  BOOST_TEST(after(half, 2ms - 2ns).count() == 1000000);
  BOOST_TEST(after(half, 2ms + 2ns).count() == 1000001);
  BOOST_TEST(after(half, 20ms - 2ns).count() == 9999999);
  BOOST_TEST(after(half, 20ms + 2ns).count() == 10000000);
}

BOOST_AUTO_TEST_CASE(the_cap_wins_over_a_floor_above_it) {
  const proportional_backoff policy(0.5, 10ms, 1ms);
  BOOST_TEST(after(policy, 0ns).count() == 1000000);
  BOOST_TEST(after(policy, 1h).count() == 1000000);
}

BOOST_AUTO_TEST_CASE(a_negative_or_nan_fraction_leaves_the_floor) {
  using limits = std::numeric_limits<double>;
  for (const double fraction :
       {0.0, -0.0, -1.0, limits::quiet_NaN(), -limits::infinity()}) {
    const proportional_backoff policy(fraction, 1ms, 10ms);
    BOOST_TEST(after(policy, 0ns).count() == 1000000);
    BOOST_TEST(after(policy, highest).count() == 1000000);
  }
}

BOOST_AUTO_TEST_CASE(a_huge_fraction_leads_to_the_cap) {
  using limits = std::numeric_limits<double>;
  for (const double fraction : {1e30, (limits::max)(), limits::infinity()}) {
    const proportional_backoff policy(fraction, 1ms, 10ms);
    BOOST_TEST(after(policy, 0ns).count() == 1000000);
    BOOST_TEST(after(policy, 1ns).count() == 10000000);
    const proportional_backoff uncapped(fraction, 1ms, highest);
    BOOST_TEST(after(uncapped, highest).count() == highest.count());
  }
}

BOOST_AUTO_TEST_CASE(floor_and_cap_may_be_any_duration) {
  using seconds_of_double = std::chrono::duration<double>;
  using limits = std::numeric_limits<double>;
  const proportional_backoff policy(0.5, seconds_of_double(-1),
                                    seconds_of_double(limits::infinity()));
  BOOST_TEST(after(policy, 0ns).count() == 0);
  BOOST_TEST(after(policy, 1h).count() == 1800000000000);
  const proportional_backoff none(0.5, 1s,
                                  seconds_of_double(limits::quiet_NaN()));
  BOOST_TEST(after(none, 1h).count() == 0);
}

BOOST_AUTO_TEST_CASE(the_number_of_attempts_does_not_matter) {
  BOOST_TEST(half(wait_state{1, 5ms}).count() == 2500000);
  BOOST_TEST(half(wait_state{~std::uint64_t(0), 5ms, 1ns}).count() == 2500000);
}

BOOST_AUTO_TEST_SUITE_END()
