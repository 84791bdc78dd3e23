// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#define BOOST_TEST_MODULE statistics
#include <boost/test/unit_test.hpp>

#include "../support/jain_index.hpp"
#include "../support/percentile.hpp"
#include "../support/random_times.hpp"
#include "../support/shuffled_turns.hpp"
#include "../support/spread.hpp"
#include "../support/wait_summary.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <vector>

using namespace std::chrono_literals;
using bench::jain_index;
using bench::percentile;
using std::chrono::nanoseconds;

BOOST_AUTO_TEST_CASE(a_percentile_is_one_of_the_values) {
  const std::vector<int> five = {15, 20, 35, 40, 50};
  BOOST_TEST(percentile(five, 0) == 15);
  BOOST_TEST(percentile(five, 20) == 15);
  BOOST_TEST(percentile(five, 21) == 20);
  BOOST_TEST(percentile(five, 30) == 20);
  BOOST_TEST(percentile(five, 40) == 20);
  BOOST_TEST(percentile(five, 50) == 35);
  BOOST_TEST(percentile(five, 99) == 50);
  BOOST_TEST(percentile(five, 100) == 50);
}

BOOST_AUTO_TEST_CASE(a_percentile_of_one_is_that_one) {
  for (const std::size_t percent : {0u, 1u, 50u, 99u, 100u})
    BOOST_TEST(percentile(std::vector<int>{7}, percent) == 7);
}

BOOST_AUTO_TEST_CASE(the_rank_of_p99_is_the_last_but_one_hundredth) {
  std::vector<int> values(1000);
  std::iota(values.begin(), values.end(), 1);
  BOOST_TEST(percentile(values, 99) == 990);
  BOOST_TEST(percentile(values, 50) == 500);
  values.resize(300);
  BOOST_TEST(percentile(values, 99) == 297);
}

BOOST_AUTO_TEST_CASE(there_is_no_percentile_of_nothing) {
  BOOST_CHECK_THROW(percentile(std::vector<int>(), 50), std::invalid_argument);
  BOOST_CHECK_THROW(percentile(std::vector<int>{1}, 101),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_shared_alike_is_fair) {
  BOOST_TEST(jain_index({3, 3, 3, 3}) == 1);
  BOOST_TEST(jain_index({5}) == 1);
}

BOOST_AUTO_TEST_CASE(what_one_of_n_has_alone_is_fair_by_one_part_of_n) {
  BOOST_TEST(jain_index({0, 8, 0, 0}) == 0.25);
  BOOST_TEST(jain_index({1, 3}) == 0.8); // 4^2 / (2 (1 + 9))
}

BOOST_AUTO_TEST_CASE(nothing_is_not_shared) {
  BOOST_CHECK_THROW(jain_index({0, 0}), std::invalid_argument);
  BOOST_CHECK_THROW(jain_index({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_summary_has_the_cpu_time_of_all_the_time_waited) {
  const bench::wait_summary summary = bench::summarise(
      {{10ms, 3us, 1ms}, {20ms, 1us, 1ms}, {30ms, 2us, 1ms}, {40ms, 4us, 1ms}});
  BOOST_TEST((summary.p50 == 2us));
  BOOST_TEST((summary.p90 == 4us));
  BOOST_TEST((summary.p99 == 4us));
  BOOST_TEST((summary.max == 4us));
  BOOST_TEST(summary.cpu_share == 0.04);
  BOOST_TEST(summary.count == 4u);
}

BOOST_AUTO_TEST_CASE(random_times_are_in_their_bounds_and_come_again) {
  const std::vector<nanoseconds> times = bench::random_times(1000, 2ms, 60ms);
  BOOST_TEST(times.size() == 1000u);
  const auto [least, most] = std::minmax_element(times.begin(), times.end());
  BOOST_TEST((2ms <= *least && *least < 4ms));
  BOOST_TEST((58ms < *most && *most <= 60ms));
  BOOST_TEST((times == bench::random_times(1000, 2ms, 60ms)));
  BOOST_TEST((times != bench::random_times(1000, 2ms, 60ms, 1)));
}

BOOST_AUTO_TEST_CASE(each_round_has_each_subject_once_in_another_order) {
  bench::shuffled_turns turns(20);
  const std::vector<std::size_t> first = turns.next_round();
  std::vector<std::size_t> second = turns.next_round();
  BOOST_TEST((first != second));
  std::sort(second.begin(), second.end());
  std::vector<std::size_t> all(20);
  std::iota(all.begin(), all.end(), std::size_t{0});
  BOOST_TEST(second == all);
}

BOOST_AUTO_TEST_CASE(what_is_spread_is_due_as_often_as_told) {
  for (const std::size_t steps : {1u, 7u, 300u})
    for (std::size_t times = 0; times <= steps; ++times) {
      std::size_t due = 0;
      for (std::size_t step = 0; step != steps; ++step)
        if (bench::is_due(step, times, steps)) ++due;
      BOOST_TEST(due == times);
    }
}
