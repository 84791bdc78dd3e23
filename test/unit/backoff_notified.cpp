// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#define BOOST_TEST_MODULE backoff_notified
#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/virtual_driver.hpp>
#include <filelock/file_lock.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::limited;
using filelock::notified;
using filelock::wait_outcome;
using filelock::wait_state;
using filelock::detail::unbounded;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

using callback = std::function<void(const wait_state&)>;
using any_policy = notified<constant_backoff, callback>;

static_assert(filelock::is_backoff_policy_v<any_policy>);
static_assert(filelock::detail::observes_wait_v<any_policy>);
static_assert(!filelock::detail::has_finished_v<any_policy>);

struct silent {
  constexpr void operator()(const wait_state&) const {}
};
constexpr std::optional<nanoseconds> answer(nanoseconds elapsed) {
  return notified<constant_backoff, silent>(constant_backoff(5ms), 7ms,
                                            silent())(wait_state{1, elapsed});
}
static_assert(answer(0ms) == 5ms);
static_assert(answer(4ms) == 3ms);
static_assert(answer(7ms - 1ns) == 1ns);
static_assert(answer(7ms) == 5ms);
static_assert(answer((nanoseconds::max)()) == 5ms);

struct run_result {
  std::vector<std::int64_t> calls;    // in nanoseconds of the wait
  std::vector<std::int64_t> attempts; // the same
  std::optional<wait_outcome> outcome;
};

/// One wait for a lock that is free from `free_at` on.
template <class Inner, class Duration>
run_result run(const Inner& inner, const Duration& after,
               nanoseconds length = unbounded, nanoseconds free_at = 1h) {
  run_result result;
  nanoseconds now = 1s;
  const nanoseconds start = now;
  const notified<Inner, callback> policy(
      inner, after, [&](const wait_state& state) {
        BOOST_TEST((state.elapsed == now - start));
        result.calls.push_back(state.elapsed.count());
      });
  virtual_driver<notified<Inner, callback>> driver(policy, length);
  std::optional<nanoseconds> next = now;
  while (next && result.attempts.size() < 1000) {
    now = *next;
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
  BOOST_TEST((found) == (std::vector<std::int64_t>{__VA_ARGS__}),              \
             boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(the_call_comes_on_time_to_the_nanosecond_and_once) {
  const run_result result = run(constant_backoff(10ns), 37ns, unbounded, 70ns);
  CHECK_TIMES(result.calls, 37);
  CHECK_TIMES(result.attempts, 0, 10, 20, 30, 37, 47, 57, 67, 77);
  BOOST_TEST((result.outcome == wait_outcome::acquired));
}

BOOST_AUTO_TEST_CASE(a_long_delay_is_cut_so_that_the_call_is_in_time) {
  const run_result result =
      run(constant_backoff(30min), 123456789ns, unbounded, 1h);
  CHECK_TIMES(result.calls, 123456789);
  CHECK_TIMES(result.attempts, 0, 123456789, 123456789 + 1800000000000,
              123456789 + 3600000000000);
}

BOOST_AUTO_TEST_CASE(a_time_that_is_one_of_an_attempt_cuts_nothing) {
  const run_result result = run(constant_backoff(10ns), 20ns, unbounded, 30ns);
  CHECK_TIMES(result.calls, 20);
  CHECK_TIMES(result.attempts, 0, 10, 20, 30);
}

BOOST_AUTO_TEST_CASE(no_time_calls_back_at_the_first_busy_attempt) {
  for (const nanoseconds after : {0ns, -1ns, (nanoseconds::min)()}) {
    const run_result result = run(constant_backoff(10ns), after, 20ns);
    CHECK_TIMES(result.calls, 0);
    CHECK_TIMES(result.attempts, 0, 10, 20);
  }
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_before_is_silent) {
  BOOST_TEST(run(constant_backoff(10ns), 37ns, unbounded, 0ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, unbounded, 30ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, 36ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, 0ns).calls.empty());
}

BOOST_AUTO_TEST_CASE(a_time_beyond_every_wait_is_silent) {
  const std::chrono::duration<double> infinity(
      std::numeric_limits<double>::infinity());
  BOOST_TEST(run(constant_backoff(1h), infinity, 300h, 1000h).calls.empty());
  BOOST_TEST(run(constant_backoff(1h), (std::chrono::hours::max)(), 300h, 1000h)
                 .calls.empty());
}

BOOST_AUTO_TEST_CASE(the_delays_after_the_call_are_those_of_the_inner_policy) {
  const run_result result =
      run(exponential_backoff(10ns, 2.0, 1h), 50ns, unbounded, 150ns);
  CHECK_TIMES(result.calls, 50);
  // The delay of 40 is cut to 20; the next one is 80 all the same.
  CHECK_TIMES(result.attempts, 0, 10, 30, 50, 130, 290);
}

BOOST_AUTO_TEST_CASE(each_wait_calls_back_anew) {
  int calls = 0;
  const any_policy prototype(constant_backoff(1ms), 0s,
                             [&](const wait_state&) { ++calls; });
  for (int wait = 1; wait != 4; ++wait) {
    any_policy policy = prototype;
    policy(wait_state{1});
    policy(wait_state{2});
    BOOST_TEST(calls == wait);
  }
}

BOOST_AUTO_TEST_CASE(an_inner_policy_that_gives_up_gives_up) {
  const run_result result =
      run(limited<constant_backoff>(constant_backoff(10ns), 3), 15ns);
  BOOST_TEST((result.outcome == wait_outcome::gave_up));
  CHECK_TIMES(result.calls, 15);
  CHECK_TIMES(result.attempts, 0, 10, 15);
}

BOOST_AUTO_TEST_CASE(an_inner_policy_that_gives_up_before_is_silent) {
  const run_result result =
      run(limited<constant_backoff>(constant_backoff(10ns), 2), 15ns);
  BOOST_TEST((result.outcome == wait_outcome::gave_up));
  BOOST_TEST(result.calls.empty());
  CHECK_TIMES(result.attempts, 0, 10);
}

BOOST_AUTO_TEST_CASE(what_the_callback_throws_ends_the_wait) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  const callback refuse = [](const wait_state& state) {
    throw std::runtime_error("waits for " + state.path().filename().string());
  };
  basic_file_lock<filelock::native_traits, any_policy> waiter(
      folder / "a.lock", any_policy(constant_backoff(1ms), 2ms, refuse));
  BOOST_CHECK_EXCEPTION(
      waiter.lock(), std::runtime_error, [](const std::runtime_error& error) {
        return error.what() == std::string("waits for a.lock");
      });
  BOOST_TEST(!waiter.owns_lock());
  std::error_code ec;
  BOOST_TEST(!waiter.try_lock_for(1h, ec));
  BOOST_TEST((ec == std::errc::operation_canceled));
  holder.unlock();
  BOOST_TEST(waiter.try_lock());
}

BOOST_AUTO_TEST_CASE(a_wait_without_deadline_calls_back_too) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  int calls = 0;
  // Without the call the wait would never end.
  const callback release = [&](const wait_state& state) {
    ++calls;
    BOOST_TEST((state.elapsed >= 5ms));
    BOOST_TEST((state.remaining == unbounded));
    holder.unlock();
  };
  basic_file_lock<filelock::native_traits, any_policy> waiter(
      folder / "a.lock", any_policy(constant_backoff(1ms), 5ms, release));
  waiter.lock();
  BOOST_TEST(waiter.owns_lock());
  BOOST_TEST(calls == 1);
}
