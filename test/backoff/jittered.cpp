// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/concepts.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_jittered)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::jitter;
using filelock::jittered;
using filelock::limited;
using filelock::self_seeding_generator;
using filelock::wait_state;
using std::chrono::nanoseconds;

using nanoseconds_list = std::vector<std::int64_t>;

static_assert(filelock::is_backoff_policy_v<jittered<exponential_backoff>>);
static_assert(
    filelock::is_backoff_policy_v<jittered<constant_backoff, std::mt19937>>);
static_assert(!filelock::detail::observes_wait_v<jittered<constant_backoff>>);
static_assert(
    filelock::detail::observes_wait_v<jittered<limited<constant_backoff>>>);

template <class Policy>
nanoseconds_list schedule(Policy policy, std::size_t length) {
  nanoseconds_list delays;
  for (std::uint64_t attempts = 1; delays.size() != length; ++attempts) {
    const std::optional<nanoseconds> delay = policy(wait_state{attempts});
    delays.push_back(delay ? delay->count() : -1);
  }
  return delays;
}

/// Of a hundred numbers, which begin with 1000, the least, the middle and the
/// greatest one in turn.
class three_numbers {
public:
  using result_type = std::uint16_t;
  static constexpr result_type(min)() { return 1000; }
  static constexpr result_type(max)() { return 1099; }
  result_type operator()() {
    constexpr result_type numbers[] = {1000, 1050, 1099};
    return numbers[calls_++ % 3];
  }

private:
  std::size_t calls_ = 0;
};

/// The least and the greatest of all numbers of 64 bits in turn.
class ends_of_64_bits {
public:
  using result_type = std::uint64_t;
  static constexpr result_type(min)() { return 0; }
  static constexpr result_type(max)() { return UINT64_MAX; }
  result_type operator()() {
    is_greatest_ = !is_greatest_;
    return is_greatest_ ? UINT64_MAX : 0;
  }

private:
  bool is_greatest_ = true;
};

/// \returns All from `low` to `high`, and somewhere in every tenth between.
bool fills(const nanoseconds_list& delays, std::int64_t low,
           std::int64_t high) {
  std::vector<bool> has_seen(10);
  for (const std::int64_t delay : delays) {
    if (delay < low || delay > high) return false;
    has_seen[static_cast<std::size_t>((delay - low) * 10 / (high - low + 1))] =
        true;
  }
  return std::count(has_seen.begin(), has_seen.end(), true) == 10;
}

} // namespace

BOOST_AUTO_TEST_CASE(full_jitter_takes_a_part_of_all_of_the_delay) {
  const jittered<exponential_backoff, three_numbers> policy(
      exponential_backoff(1000ns, 2.0, 4000ns), jitter::full);
  BOOST_TEST(schedule(policy, 5) == (nanoseconds_list{0, 1000, 3960, 0, 2000}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_jitter_takes_a_part_of_the_upper_half) {
  const jittered<exponential_backoff, three_numbers> policy(
      exponential_backoff(1000ns, 2.0, 4000ns), jitter::equal);
  BOOST_TEST(schedule(policy, 5) ==
                 (nanoseconds_list{500, 1500, 3980, 2000, 3000}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_whole_delay_occurs_whatever_its_length) {
  for (const nanoseconds delay : {1ns, 1000000001ns, (nanoseconds::max)()}) {
    const jittered<constant_backoff, ends_of_64_bits> policy(
        constant_backoff(delay), jitter::full);
    BOOST_TEST(schedule(policy, 2) == (nanoseconds_list{0, delay.count()}),
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(full_jitter_is_the_default) {
  const jittered policy(constant_backoff(1ms));
  BOOST_TEST(fills(schedule(policy, 2000), 0, 1000000));
  const jittered<exponential_backoff> of_defaults;
  BOOST_TEST(schedule(of_defaults, 1).front() <= 10000000);
}

BOOST_AUTO_TEST_CASE(delays_are_spread_over_their_range_and_never_leave_it) {
  const constant_backoff policy(1ms);
  BOOST_TEST(fills(schedule(jittered<constant_backoff, std::mt19937>(
                                policy, jitter::full, std::mt19937(1)),
                            2000),
                   0, 1000000));
  BOOST_TEST(fills(schedule(jittered<constant_backoff, std::mt19937>(
                                policy, jitter::equal, std::mt19937(1)),
                            2000),
                   500000, 1000000));
}

BOOST_AUTO_TEST_CASE(both_ends_of_the_range_occur) {
  const auto delays = [](std::int64_t most, jitter kind) {
    nanoseconds_list seen = schedule(
        jittered<constant_backoff, std::mt19937>(
            constant_backoff(nanoseconds(most)), kind, std::mt19937(1)),
        200);
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    return seen;
  };
  BOOST_TEST(delays(3, jitter::full) == (nanoseconds_list{0, 1, 2, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(delays(4, jitter::equal) == (nanoseconds_list{2, 3, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(delays(1, jitter::equal) == (nanoseconds_list{0, 1}),
             boost::test_tools::per_element());
  BOOST_TEST(delays(0, jitter::full) == (nanoseconds_list{0}),
             boost::test_tools::per_element());
  BOOST_TEST(delays(0, jitter::equal) == (nanoseconds_list{0}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_longest_delay_does_not_overflow) {
  const std::int64_t most = (nanoseconds::max)().count();
  for (const jitter kind : {jitter::full, jitter::equal}) {
    const jittered<constant_backoff, std::mt19937> policy(
        constant_backoff((nanoseconds::max)()), kind, std::mt19937(1));
    const nanoseconds_list delays = schedule(policy, 1000);
    BOOST_TEST(*std::min_element(delays.begin(), delays.end()) >=
               (kind == jitter::full ? 0 : most / 2));
    BOOST_TEST(*std::max_element(delays.begin(), delays.end()) > most / 10 * 9);
  }
}

BOOST_AUTO_TEST_CASE(a_copy_with_a_seeded_generator_replays_the_schedule) {
  const jittered<constant_backoff, std::mt19937> policy(
      constant_backoff(1h), jitter::full, std::mt19937(3));
  BOOST_TEST((schedule(policy, 20) == schedule(policy, 20)));
  jittered<constant_backoff, std::mt19937> used = policy;
  used(wait_state{});
  const jittered<constant_backoff, std::mt19937> copy = used;
  BOOST_TEST((schedule(used, 20) == schedule(copy, 20)));
  BOOST_TEST((schedule(used, 20) != schedule(policy, 20)));
}

BOOST_AUTO_TEST_CASE(each_copy_of_an_unused_policy_seeds_itself) {
  const jittered<constant_backoff> policy{constant_backoff(1h)};
  const nanoseconds_list first = schedule(policy, 20);
  const nanoseconds_list second = schedule(policy, 20);
  BOOST_TEST((first != second));
  self_seeding_generator one;
  self_seeding_generator other = one;
  bool is_different = false;
  for (int index = 0; index != 8; ++index)
    if (one() != other()) is_different = true;
  BOOST_TEST(is_different);
}

BOOST_AUTO_TEST_CASE(the_self_seeding_generator_seeds_itself_once) {
  self_seeding_generator original;
  original();
  self_seeding_generator copy = original;
  for (int index = 0; index != 8; ++index)
    BOOST_TEST(original() == copy());
}

BOOST_AUTO_TEST_CASE(the_self_seeding_generator_keeps_to_its_range) {
  self_seeding_generator generator;
  for (int index = 0; index != 1000; ++index) {
    const self_seeding_generator::result_type value = generator();
    BOOST_TEST(value >= (self_seeding_generator::min)());
    BOOST_TEST(value <= (self_seeding_generator::max)());
  }
}

BOOST_AUTO_TEST_CASE(jittered_gives_up_when_its_inner_policy_does) {
  jittered<limited<constant_backoff>> policy(
      limited<constant_backoff>(constant_backoff(1ms), 3));
  BOOST_TEST(policy(wait_state{1}).has_value());
  BOOST_TEST(policy(wait_state{2}).has_value());
  BOOST_TEST(!policy(wait_state{3}).has_value());
}

BOOST_AUTO_TEST_CASE(an_inner_policy_may_answer_nonsense) {
  const auto negative = [](const wait_state&) { return -1s; };
  const auto infinite = [](const wait_state&) {
    return std::chrono::duration<double>(
        std::numeric_limits<double>::infinity());
  };
  jittered<std::decay_t<decltype(negative)>, std::mt19937> below(
      negative, jitter::equal, std::mt19937(1));
  BOOST_TEST((below(wait_state{}) == 0ns));
  jittered<std::decay_t<decltype(infinite)>, std::mt19937> above(
      infinite, jitter::equal, std::mt19937(1));
  BOOST_TEST((above(wait_state{}) >= (nanoseconds::max)() / 2));
}

BOOST_AUTO_TEST_SUITE_END()
