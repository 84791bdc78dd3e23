// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/canceller.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(wait_canceller)

namespace {

using namespace std::chrono_literals;
using filelock::cancel_source;
using filelock::canceller;
using std::chrono::nanoseconds;

// A pause that no test can wait for: where a wake-up is lost, the test hangs
// and is killed.
constexpr nanoseconds never = 1h;

void count(void* counter) noexcept { ++*static_cast<int*>(counter); }

static_assert(!std::is_copy_constructible_v<cancel_source>);
static_assert(!std::is_copy_constructible_v<canceller::wake_up>);
static_assert(std::is_nothrow_copy_constructible_v<canceller>);
static_assert(noexcept(std::declval<cancel_source&>().request()));

} // namespace

BOOST_AUTO_TEST_CASE(without_a_source_no_cancel_can_come) {
  const canceller stop;
  BOOST_TEST(!stop.can_be_requested());
  BOOST_TEST(!stop.requested());
  stop.sleep_for(0ns);
  stop.sleep_for(1ns);
  stop.sleep_for(-1ns);
  stop.sleep_for((nanoseconds::min)());
  BOOST_TEST(!stop.requested());
}

BOOST_AUTO_TEST_CASE(a_request_is_seen_by_every_canceller_of_its_source) {
  cancel_source source;
  cancel_source other;
  const canceller early(source);
  const canceller copy = early;
  const canceller stranger(other);
  BOOST_TEST(early.can_be_requested());
  BOOST_TEST(!early.requested());
  source.request();
  BOOST_TEST(early.requested());
  BOOST_TEST(copy.requested());
  BOOST_TEST(canceller(source).requested());
  BOOST_TEST(!stranger.requested());
  source.request();
  BOOST_TEST(early.requested());
}

BOOST_AUTO_TEST_CASE(a_sleep_after_the_request_returns_at_once) {
  cancel_source source;
  source.request();
  const canceller stop(source);
  stop.sleep_for(never);
  stop.sleep_for((nanoseconds::max)());
  stop.sleep_for(0ns);
  stop.sleep_for((nanoseconds::min)());
  BOOST_TEST(stop.requested());
}

BOOST_AUTO_TEST_CASE(a_sleep_that_is_not_cancelled_lasts_its_time) {
  cancel_source source;
  for (const canceller& stop : {canceller(), canceller(source)}) {
    const auto begin = std::chrono::steady_clock::now();
    stop.sleep_for(20ms);
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 20ms));
    BOOST_TEST(!stop.requested());
  }
}

BOOST_AUTO_TEST_CASE(a_sleep_of_no_time_returns) {
  cancel_source source;
  const canceller stop(source);
  stop.sleep_for(0ns);
  stop.sleep_for(-1ns);
  stop.sleep_for(-never);
  stop.sleep_for((nanoseconds::min)());
  BOOST_TEST(!stop.requested());
}

BOOST_AUTO_TEST_CASE(no_request_is_lost_between_a_check_and_the_sleep) {
  // Each yield may last long on a busy machine, so the rounds are bounded.
  const auto enough = std::chrono::steady_clock::now() + 5s;
  for (int round = 0; round != 2000; ++round) {
    if (round >= 50 && std::chrono::steady_clock::now() > enough) break;
    cancel_source source;
    std::atomic<bool> is_about_to_sleep{false};
    std::thread sleeper([&] {
      const canceller stop(source);
      while (!stop.requested()) {
        is_about_to_sleep = true;
        stop.sleep_for(never);
      }
    });
    while (!is_about_to_sleep)
      std::this_thread::yield();
    // Meets the sleeper now before, now in and now after it goes to sleep.
    for (int spin = 0; spin != round % 16; ++spin)
      std::this_thread::yield();
    source.request();
    sleeper.join();
  }
}

BOOST_AUTO_TEST_CASE(a_request_ends_the_longest_sleep) {
  cancel_source source;
  std::atomic<bool> is_about_to_sleep{false};
  std::thread sleeper([&] {
    is_about_to_sleep = true;
    canceller(source).sleep_for((nanoseconds::max)());
    BOOST_TEST(canceller(source).requested());
  });
  while (!is_about_to_sleep)
    std::this_thread::yield();
  std::this_thread::sleep_for(10ms); // likely asleep; right either way
  source.request();
  sleeper.join();
}

BOOST_AUTO_TEST_CASE(one_request_ends_the_sleeps_of_all) {
  cancel_source source;
  std::atomic<int> about_to_sleep{0};
  std::vector<std::thread> sleepers;
  for (int index = 0; index != 8; ++index)
    sleepers.emplace_back([&] {
      ++about_to_sleep;
      canceller(source).sleep_for(never);
    });
  while (about_to_sleep != 8)
    std::this_thread::yield();
  source.request();
  for (std::thread& sleeper : sleepers)
    sleeper.join();
  BOOST_TEST(canceller(source).requested());
}

BOOST_AUTO_TEST_CASE(requests_may_come_from_several_threads) {
  for (int round = 0; round != 200; ++round) {
    cancel_source source;
    int calls = 0;
    const canceller::wake_up hook(canceller(source), count, &calls);
    std::vector<std::thread> threads;
    for (int index = 0; index != 3; ++index)
      threads.emplace_back([&] { source.request(); });
    canceller(source).sleep_for(never);
    for (std::thread& thread : threads)
      thread.join();
    BOOST_TEST(calls == 1);
  }
}

BOOST_AUTO_TEST_SUITE(a_wake_up)

BOOST_AUTO_TEST_CASE(is_run_once_by_the_request) {
  cancel_source source;
  int calls = 0;
  const canceller::wake_up hook(canceller(source), count, &calls);
  BOOST_TEST(calls == 0);
  source.request();
  BOOST_TEST(calls == 1);
  source.request();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(is_run_at_once_where_the_request_has_come) {
  cancel_source source;
  source.request();
  int calls = 0;
  {
    const canceller::wake_up hook(canceller(source), count, &calls);
    BOOST_TEST(calls == 1);
    source.request();
  }
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(is_not_run_once_it_is_gone) {
  cancel_source source;
  int calls = 0;
  { const canceller::wake_up hook(canceller(source), count, &calls); }
  source.request();
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(is_never_run_without_a_source) {
  int calls = 0;
  { const canceller::wake_up hook(canceller(), count, &calls); }
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(is_one_of_several_that_come_and_go_in_any_order) {
  // Which of three is gone before the request: first, middle, last.
  for (int gone = 0; gone != 3; ++gone) {
    cancel_source source;
    int calls[3] = {};
    std::optional<canceller::wake_up> hooks[3];
    for (int index = 0; index != 3; ++index)
      hooks[index].emplace(canceller(source), count, &calls[index]);
    hooks[gone].reset();
    source.request();
    for (int index = 0; index != 3; ++index)
      BOOST_TEST(calls[index] == (index == gone ? 0 : 1));
  }
}

BOOST_AUTO_TEST_CASE(may_outlive_the_ones_registered_before_and_after_it) {
  cancel_source source;
  int calls = 0;
  int ignored = 0;
  auto before =
      std::make_unique<canceller::wake_up>(canceller(source), count, &ignored);
  const canceller::wake_up hook(canceller(source), count, &calls);
  auto after =
      std::make_unique<canceller::wake_up>(canceller(source), count, &ignored);
  before.reset();
  after.reset();
  source.request();
  BOOST_TEST(calls == 1);
  BOOST_TEST(ignored == 0);
}

BOOST_AUTO_TEST_CASE(that_has_gone_no_longer_runs_on_another_thread) {
  for (int round = 0; round != 500; ++round) {
    cancel_source source;
    std::atomic<bool> is_ready{false};
    std::thread canceling([&] {
      is_ready = true;
      source.request();
    });
    while (!is_ready)
      std::this_thread::yield();
    {
      // A run of the hook after this block would write to a dead variable,
      // which the sanitizers report.
      int calls = 0;
      { const canceller::wake_up hook(canceller(source), count, &calls); }
      BOOST_TEST(calls <= 1);
    }
    canceling.join();
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
