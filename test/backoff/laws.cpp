// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// TIMEOUT: 600

// What holds for every backoff policy of the library.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/backoff/observing.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/backoff/then.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/file_lock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_laws)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::default_backoff;
using filelock::exponential_backoff;
using filelock::jitter;
using filelock::jittered;
using filelock::limited;
using filelock::native_traits;
using filelock::notified;
using filelock::observing;
using filelock::proportional_backoff;
using filelock::then;
using filelock::wait_state;
using filelock::yield_backoff;
using std::chrono::nanoseconds;

constexpr nanoseconds highest = (nanoseconds::max)();
constexpr std::uint64_t most_attempts = 1000000;

/// \returns The answer as the policy gave it, not saturated by the library.
template <class Policy>
std::optional<nanoseconds> raw_answer(Policy& policy, const wait_state& state) {
  static_assert(
      std::is_same_v<filelock::detail::policy_answer<Policy>, nanoseconds> ||
          std::is_same_v<filelock::detail::policy_answer<Policy>,
                         std::optional<nanoseconds>>,
      "a policy of the library answers in nanoseconds");
  return policy(state);
}

/// Effects: adds what is wrong with one answer, if anything.
void judge(std::string& failures, std::optional<nanoseconds> delay,
           nanoseconds cap, const wait_state& state) {
  if (!delay || (*delay >= 0ns && *delay <= cap)) return;
  failures += std::to_string(delay->count()) + " at attempt " +
              std::to_string(state.attempts) + " after " +
              std::to_string(state.elapsed.count()) + "; ";
}

/// Law: never negative, never over the cap, no overflow at a millionth attempt
/// or after the longest of waits.
template <class Policy>
std::string bounds_law(const Policy& prototype, nanoseconds cap) {
  std::string failures;
  Policy policy = prototype;
  for (std::uint64_t attempts = 1; attempts <= most_attempts; ++attempts) {
    const wait_state state{attempts, highest / most_attempts *
                                         static_cast<std::int64_t>(attempts)};
    judge(failures, raw_answer(policy, state), cap, state);
    if (failures.size() > 1000) return failures;
  }
  for (const std::uint64_t attempts : {std::uint64_t(1), ~std::uint64_t(0)})
    for (const nanoseconds elapsed : {0ns, 1ns, highest - 1ns, highest})
      for (const nanoseconds remaining : {1ns, highest}) {
        const wait_state state{attempts, elapsed, remaining};
        Policy fresh = prototype;
        judge(failures, raw_answer(fresh, state), cap, state);
        judge(failures, raw_answer(policy, state), cap, state);
      }
  return failures;
}

/// Law: a copy answers as its original, at any point of the schedule.
template <class Policy>
std::string replay_law(const Policy& prototype) {
  Policy original = prototype;
  for (std::uint64_t attempts = 1; attempts != 60; ++attempts) {
    Policy copy = original;
    Policy first = prototype;
    Policy second = prototype;
    Policy rest = original;
    for (std::uint64_t later = attempts; later != attempts + 20; ++later) {
      const wait_state state{later, nanoseconds(later * later * 1000)};
      if (raw_answer(copy, state) != raw_answer(rest, state))
        return "a copy differs at attempt " + std::to_string(later);
      if (raw_answer(first, state) != raw_answer(second, state))
        return "a wait differs from the one before it";
    }
    raw_answer(original, {attempts, nanoseconds(attempts * attempts * 1000)});
  }
  return "";
}

template <class Policy>
constexpr bool type_law() {
  return filelock::is_backoff_policy_v<Policy> &&
         std::is_copy_constructible_v<Policy> &&
         std::is_copy_assignable_v<Policy> &&
         std::is_move_constructible_v<basic_file_lock<native_traits, Policy>> &&
         std::is_move_assignable_v<basic_file_lock<native_traits, Policy>>;
}

struct silent {
  void operator()(const wait_state&) const {}
};

template <class Policy>
using random_twister = jittered<Policy, std::mt19937>;

} // namespace

#define CHECK_BOUNDS(policy, cap)                                              \
  do {                                                                         \
    static_assert(type_law<std::decay_t<decltype(policy)>>());                 \
    BOOST_TEST(bounds_law(policy, cap) == "");                                 \
  } while (false)

#define CHECK_LAWS(policy, cap)                                                \
  do {                                                                         \
    CHECK_BOUNDS(policy, cap);                                                 \
    BOOST_TEST(replay_law(policy) == "");                                      \
  } while (false)

BOOST_AUTO_TEST_CASE(laws_of_constant_backoff) {
  CHECK_LAWS(constant_backoff(0ns), 0ns);
  CHECK_LAWS(constant_backoff(-1ns), 0ns);
  CHECK_LAWS(constant_backoff(3ms), 3ms);
  CHECK_LAWS(constant_backoff(highest), highest);
}

BOOST_AUTO_TEST_CASE(laws_of_exponential_backoff) {
  CHECK_LAWS(exponential_backoff(), 500ms);
  CHECK_LAWS(exponential_backoff(1ns, 1e300, 3ms), 3ms);
  CHECK_LAWS(exponential_backoff(1h, 2.0, 3ms), 3ms);
  CHECK_LAWS(exponential_backoff(1ns, 1.0000001, highest), highest);
  CHECK_LAWS(exponential_backoff(1ns, 2.0, highest), highest);
  CHECK_LAWS(exponential_backoff(1ns, -1.0, highest), 1ns);
}

BOOST_AUTO_TEST_CASE(laws_of_proportional_backoff) {
  CHECK_LAWS(default_backoff(), 1500us);
  CHECK_LAWS(proportional_backoff(), 1500us);
  CHECK_LAWS(proportional_backoff(1.0, 0ns, highest), highest);
  CHECK_LAWS(proportional_backoff(1e300, 0ns, 3ms), 3ms);
  CHECK_LAWS(proportional_backoff(0.5, 1h, 3ms), 3ms);
  CHECK_LAWS(proportional_backoff(-1.0, -1ns, highest), 0ns);
}

BOOST_AUTO_TEST_CASE(laws_of_yield_backoff) {
  CHECK_LAWS(yield_backoff(), 0ns);
}

BOOST_AUTO_TEST_CASE(laws_of_jittered) {
  CHECK_BOUNDS(jittered(constant_backoff(3ms)), 3ms);
  CHECK_BOUNDS(jittered(exponential_backoff(), jitter::equal), 500ms);
  CHECK_BOUNDS(jittered(constant_backoff(1ns)), 1ns);
  CHECK_BOUNDS(jittered(constant_backoff(1ns), jitter::equal), 1ns);
  CHECK_LAWS(random_twister<exponential_backoff>(), 500ms);
  CHECK_LAWS(
      random_twister<exponential_backoff>(exponential_backoff(), jitter::equal),
      500ms);
  CHECK_LAWS(random_twister<constant_backoff>(constant_backoff(highest)),
             highest);
}

BOOST_AUTO_TEST_CASE(laws_of_limited) {
  CHECK_LAWS(limited(exponential_backoff(), 30), 500ms);
  CHECK_LAWS(limited(yield_backoff(), 0), 0ns);
  CHECK_LAWS(limited(constant_backoff(3ms), ~std::uint64_t(0)), 3ms);
  CHECK_LAWS(limited(exponential_backoff(), 3ms), 3ms);
  CHECK_LAWS(limited(constant_backoff(3ms), 1h), 3ms);
  CHECK_LAWS(limited(constant_backoff(highest), highest), highest);
  CHECK_LAWS(limited(constant_backoff(3ms), -1ns), 0ns);
  CHECK_LAWS(limited(limited(exponential_backoff(), 30), 1ms), 1ms);
}

BOOST_AUTO_TEST_CASE(laws_of_observing) {
  CHECK_LAWS(observing(exponential_backoff()), 500ms);
  CHECK_LAWS(observing(limited(constant_backoff(highest), 1h)), 1h);
}

BOOST_AUTO_TEST_CASE(laws_of_notified) {
  CHECK_LAWS(notified(exponential_backoff(), 1ms, silent()), 500ms);
  CHECK_LAWS(notified(constant_backoff(highest), highest, silent()), highest);
  CHECK_LAWS(notified(constant_backoff(1h), 3ms, silent()), 1h);
  CHECK_LAWS(notified(constant_backoff(1us), 1h, silent()), 1us);
  CHECK_LAWS(notified(limited(yield_backoff(), 3), 1h, silent()), 0ns);
}

BOOST_AUTO_TEST_CASE(laws_of_notified_at_an_interval) {
  CHECK_LAWS(notified(exponential_backoff(), 1ms, 1us, silent()), 500ms);
  CHECK_LAWS(notified(constant_backoff(1h), 3ms, 0ns, silent()), 1h);
  CHECK_LAWS(notified(constant_backoff(highest), 0ns, highest, silent()),
             highest);
}

BOOST_AUTO_TEST_CASE(laws_of_then) {
  CHECK_LAWS(then(yield_backoff(), 1ms, exponential_backoff()), 500ms);
  CHECK_LAWS(then(constant_backoff(3ms), 0ns, constant_backoff(1ms)), 1ms);
  CHECK_LAWS(then(constant_backoff(3ms), highest, constant_backoff(1ms)), 3ms);
  CHECK_LAWS(then(constant_backoff(highest), 1h, constant_backoff(highest)),
             highest);
  CHECK_LAWS(then(limited(constant_backoff(3ms), 30), constant_backoff(1ms)),
             3ms);
  CHECK_LAWS(then(limited(yield_backoff(), 3), 1ms,
                  then(exponential_backoff(), 1s, proportional_backoff())),
             500ms);
}

BOOST_AUTO_TEST_CASE(laws_of_nested_adaptors) {
  const auto policy =
      limited(notified(random_twister<exponential_backoff>(), 1ms, silent()),
              most_attempts / 2);
  CHECK_LAWS(policy, 500ms);
  CHECK_LAWS(random_twister<std::decay_t<decltype(policy)>>(policy), 500ms);
}

BOOST_AUTO_TEST_CASE(an_empty_policy_takes_no_space) {
  struct one_byte {
    nanoseconds operator()(const wait_state&) const {
      return nanoseconds(delay);
    }
    unsigned char delay;
  };
  const auto lambda = [](const wait_state&) { return 1ms; };
  constexpr std::size_t empty =
      sizeof(basic_file_lock<native_traits, yield_backoff>);
  BOOST_TEST(empty < sizeof(basic_file_lock<native_traits, one_byte>));
  BOOST_TEST(empty < sizeof(basic_file_lock<native_traits, constant_backoff>));
  BOOST_TEST(
      empty ==
      sizeof(basic_file_lock<native_traits, std::decay_t<decltype(lambda)>>));
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_BOUNDS

#undef CHECK_LAWS
