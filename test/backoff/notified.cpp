// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/notified.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
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
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_notified)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::limited;
using filelock::notified;
using filelock::wait_outcome;
using filelock::wait_result;
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

// One that is called at the end only leaves lock() to the kernel.
using at_end = std::function<void(const wait_result&)>;
static_assert(
    filelock::detail::has_finished_v<notified<constant_backoff, at_end>>);
static_assert(
    !filelock::detail::observes_wait_v<notified<constant_backoff, at_end>>);
static_assert(filelock::detail::observes_wait_v<
              notified<limited<constant_backoff>, at_end>>);
static_assert(std::is_constructible_v<notified<constant_backoff, at_end>,
                                      constant_backoff, at_end>);
static_assert(!std::is_constructible_v<any_policy, constant_backoff, callback>,
              "there would be no call");

// The body of a generic callback need not compile for the end.
struct generic {
  template <class Wait>
  auto operator()(const Wait& wait) const {
    return wait.remaining;
  }
};
static_assert(
    !filelock::detail::has_finished_v<notified<constant_backoff, generic>>);

/// Both calls, of a callback that takes both.
struct log_of_calls {
  void operator()(const wait_state& state) {
    calls->push_back(std::to_string(state.elapsed.count()));
  }
  void finished(const wait_result& result) {
    calls->push_back("end " + std::to_string(static_cast<int>(result.outcome)) +
                     "," + std::to_string(result.attempts) + "," +
                     std::to_string(result.elapsed.count()));
  }
  std::vector<std::string>* calls;
};
static_assert(
    filelock::detail::has_finished_v<notified<constant_backoff, log_of_calls>>);
static_assert(filelock::detail::observes_wait_v<
              notified<constant_backoff, log_of_calls>>);

/// A policy that wants to be told too.
struct told_policy : constant_backoff {
  explicit told_policy(std::vector<std::string>& to)
      : constant_backoff(10ns), calls(&to) {}
  void finished(const wait_result&) { calls->push_back("inner"); }
  std::vector<std::string>* calls;
};

/// \returns The outcome of one wait for a lock that is free from `free_at` on.
template <class Policy>
std::optional<wait_outcome> outcome_of(const Policy& policy,
                                       nanoseconds free_at,
                                       nanoseconds length = unbounded) {
  virtual_driver<Policy> driver(policy, length);
  std::optional<nanoseconds> next = 1s;
  while (next) {
    const nanoseconds now = *next;
    next = driver.resume(now, [&] { return now - 1s >= free_at; });
  }
  return driver.outcome();
}

struct run_result {
  std::vector<std::int64_t> calls;    // in nanoseconds of the wait
  std::vector<std::int64_t> attempts; // the same
  std::optional<wait_outcome> outcome;
};

/// One wait for a lock that is free from `free_at` on.
template <class Inner, class After, class Interval>
run_result run(const Inner& inner, const After& after, const Interval& interval,
               nanoseconds length, nanoseconds free_at) {
  run_result result;
  nanoseconds now = 1s;
  const nanoseconds start = now;
  const notified<Inner, callback> policy(
      inner, after, interval, [&](const wait_state& state) {
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

template <class Inner, class After>
run_result run(const Inner& inner, const After& after,
               nanoseconds length = unbounded, nanoseconds free_at = 1h) {
  return run(inner, after, unbounded, length, free_at);
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

BOOST_AUTO_TEST_CASE(a_call_that_is_due_at_an_attempt_cuts_no_pause) {
  const run_result result = run(constant_backoff(10ns), 20ns, unbounded, 30ns);
  CHECK_TIMES(result.calls, 20);
  CHECK_TIMES(result.attempts, 0, 10, 20, 30);
}

BOOST_AUTO_TEST_CASE(a_time_of_zero_calls_back_at_the_first_busy_attempt) {
  for (const nanoseconds after : {0ns, -1ns, (nanoseconds::min)()}) {
    const run_result result = run(constant_backoff(10ns), after, 20ns);
    CHECK_TIMES(result.calls, 0);
    CHECK_TIMES(result.attempts, 0, 10, 20);
  }
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_earlier_calls_nothing) {
  BOOST_TEST(run(constant_backoff(10ns), 37ns, unbounded, 0ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, unbounded, 30ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, 36ns).calls.empty());
  BOOST_TEST(run(constant_backoff(10ns), 37ns, 0ns).calls.empty());
}

BOOST_AUTO_TEST_CASE(a_time_beyond_every_wait_calls_nothing) {
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

BOOST_AUTO_TEST_CASE(each_wait_calls_back) {
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

BOOST_AUTO_TEST_CASE(notified_gives_up_when_its_inner_policy_does) {
  const run_result result =
      run(limited<constant_backoff>(constant_backoff(10ns), 3), 15ns);
  BOOST_TEST((result.outcome == wait_outcome::gave_up));
  CHECK_TIMES(result.calls, 15);
  CHECK_TIMES(result.attempts, 0, 10, 15);
}

BOOST_AUTO_TEST_CASE(an_inner_policy_that_gives_up_earlier_prevents_the_call) {
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

BOOST_AUTO_TEST_CASE(a_wait_without_a_deadline_calls_back_too) {
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

BOOST_AUTO_TEST_CASE(an_interval_calls_again_and_again_on_time) {
  const run_result result =
      run(constant_backoff(10ns), 25ns, 40ns, unbounded, 130ns);
  CHECK_TIMES(result.calls, 25, 65, 105);
  CHECK_TIMES(result.attempts, 0, 10, 20, 25, 35, 45, 55, 65, 75, 85, 95, 105,
              115, 125, 135);
}

BOOST_AUTO_TEST_CASE(long_delays_are_cut_by_each_call) {
  const run_result result = run(constant_backoff(1h), 5s, 30s, 100s, 2h);
  CHECK_TIMES(result.calls, 5000000000, 35000000000, 65000000000, 95000000000);
  CHECK_TIMES(result.attempts, 0, 5000000000, 35000000000, 65000000000,
              95000000000, 100000000000);
  BOOST_TEST((result.outcome == wait_outcome::timed_out));
}

BOOST_AUTO_TEST_CASE(the_interval_counts_from_the_last_call) {
  any_policy policy(constant_backoff(1h), 10ns, 100ns,
                    [](const wait_state&) {});
  BOOST_TEST((policy(wait_state{1, 0ns}) == 10ns));
  BOOST_TEST((policy(wait_state{2, 250ns}) == 100ns)); // late: no two at once
  BOOST_TEST((policy(wait_state{3, 349ns}) == 1ns));
  BOOST_TEST((policy(wait_state{4, 350ns}) == 100ns));
}

BOOST_AUTO_TEST_CASE(an_interval_of_no_time_calls_after_each_attempt) {
  for (const nanoseconds interval : {0ns, -1ns, (nanoseconds::min)()}) {
    const run_result result =
        run(constant_backoff(10ns), 15ns, interval, unbounded, 40ns);
    CHECK_TIMES(result.calls, 15, 25, 35);
    CHECK_TIMES(result.attempts, 0, 10, 15, 25, 35, 45);
  }
}

BOOST_AUTO_TEST_CASE(an_interval_beyond_every_wait_calls_once) {
  const std::chrono::duration<double> infinity(
      std::numeric_limits<double>::infinity());
  CHECK_TIMES(run(constant_backoff(1h), 5ns, infinity, 300h, 1000h).calls, 5);
  any_policy policy(constant_backoff(1h), 0ns, 1h, [](const wait_state&) {});
  BOOST_TEST((policy(wait_state{1, (nanoseconds::max)() - 1ns}) == 1ns));
}

BOOST_AUTO_TEST_CASE(the_callback_gets_the_result_of_each_wait) {
  std::vector<std::string> calls;
  const notified<constant_backoff, log_of_calls> policy(
      constant_backoff(10ns), 15ns, log_of_calls{&calls});
  outcome_of(policy, 20ns);     // reported, then acquired
  outcome_of(policy, 1h, 12ns); // timed out before it was reported
  outcome_of(policy, 0ns);      // no wait
  outcome_of(policy, 1h, 0ns);  // no wait either
  outcome_of(notified<limited<constant_backoff>, log_of_calls>(
                 limited(constant_backoff(10ns), 2), 1h, log_of_calls{&calls}),
             1h);
  BOOST_TEST(calls == (std::vector<std::string>{"15", "end 0,4,25",
                                                "end 1,3,12", "end 2,2,10"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_callback_may_take_the_result_alone) {
  std::vector<std::string> calls;
  const notified policy(constant_backoff(10ns), [&](const wait_result& result) {
    log_of_calls{&calls}.finished(result);
  });
  outcome_of(policy, 25ns);
  outcome_of(policy, 0ns);
  BOOST_TEST(calls == (std::vector<std::string>{"end 0,4,30"}),
             boost::test_tools::per_element());
  // Nothing is cut for the calls that are not made.
  auto copy = policy;
  BOOST_TEST((copy(wait_state{1, 7ns}) == 10ns));
}

BOOST_AUTO_TEST_CASE(the_inner_policy_gets_the_result_too) {
  std::vector<std::string> calls;
  outcome_of(notified(told_policy(calls), 1h, log_of_calls{&calls}), 5ns);
  outcome_of(notified(told_policy(calls), 1h, [](const wait_state&) {}), 5ns);
  BOOST_TEST(calls ==
                 (std::vector<std::string>{"inner", "end 0,2,10", "inner"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_callback_throws_at_the_end_leaves_no_lock) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  struct refusing {
    void operator()(const wait_state&) { holder->unlock(); }
    void finished(const wait_result& result) {
      BOOST_TEST((result.outcome == wait_outcome::acquired));
      throw std::runtime_error("refused");
    }
    basic_file_lock<>* holder;
  };
  basic_file_lock waiter(folder / "a.lock", notified(constant_backoff(1ms), 0ms,
                                                     refusing{&holder}));
  BOOST_CHECK_THROW(waiter.lock(), std::runtime_error);
  BOOST_TEST(!waiter.owns_lock());
  BOOST_TEST(holder.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_TIMES
