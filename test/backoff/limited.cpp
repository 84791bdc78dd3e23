// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
#include <filelock/file_lock.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <system_error>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_limited)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::limited;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::yield_backoff;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

static_assert(filelock::is_backoff_policy_v<limited<constant_backoff>>);
static_assert(filelock::detail::observes_wait_v<limited<constant_backoff>>);
static_assert(!filelock::detail::has_finished_v<limited<constant_backoff>>);

constexpr std::optional<nanoseconds> answer(std::uint64_t limit,
                                            std::uint64_t attempts) {
  return limited<constant_backoff>(constant_backoff(5ms),
                                   limit)(wait_state{attempts});
}
static_assert(answer(3, 1) == 5ms);
static_assert(answer(3, 2) == 5ms);
static_assert(answer(3, 3) == std::nullopt);
static_assert(answer(3, 4) == std::nullopt);
static_assert(answer(0, 1) == std::nullopt);

constexpr std::optional<nanoseconds> timed_answer(nanoseconds limit,
                                                  nanoseconds elapsed) {
  return limited<constant_backoff>(constant_backoff(5ms),
                                   limit)(wait_state{1, elapsed});
}
static_assert(timed_answer(12ms, 0ms) == 5ms);
static_assert(timed_answer(12ms, 7ms) == 5ms);
static_assert(timed_answer(12ms, 7ms + 1ns) == 5ms - 1ns);
static_assert(timed_answer(12ms, 12ms - 1ns) == 1ns);
static_assert(timed_answer(12ms, 12ms) == std::nullopt);
static_assert(timed_answer(12ms, 1h) == std::nullopt);
static_assert(timed_answer(0ms, 0ms) == std::nullopt);
static_assert(timed_answer(-1ms, 0ms) == std::nullopt);

static_assert(std::is_same_v<decltype(limited(yield_backoff(), 3)),
                             limited<yield_backoff>>);
static_assert(std::is_same_v<decltype(limited(yield_backoff(), 3s)),
                             limited<yield_backoff>>);
static_assert(std::is_same_v<decltype(limited(limited(yield_backoff(), 3s), 3)),
                             limited<limited<yield_backoff>>>);

/// How a wait went for a lock that is never free.
struct course {
  wait_outcome outcome;
  std::vector<std::int64_t> attempts; ///< the time of each, in nanoseconds
};

/// \param length The time-out of the wait itself.
template <class Policy>
course course_of(const Policy& policy,
                 nanoseconds length = (nanoseconds::max)()) {
  virtual_driver<Policy> driver(policy, length);
  std::vector<std::int64_t> attempts;
  std::optional<nanoseconds> next = 0ns;
  while (next && attempts.size() != 1000) {
    const nanoseconds now = *next;
    next = driver.resume(now, [&] {
      attempts.push_back(now.count());
      return false;
    });
  }
  BOOST_TEST_REQUIRE(driver.outcome().has_value());
  return {*driver.outcome(), attempts};
}

/// \returns How many attempts are made for a lock that is never free.
std::uint64_t attempts_of(std::uint64_t limit) {
  const limited<exponential_backoff> policy(exponential_backoff(), limit);
  virtual_driver<limited<exponential_backoff>> driver(policy);
  std::uint64_t attempts = 0;
  std::optional<nanoseconds> next = 0ns;
  while (next)
    next = driver.resume(*next, [&] {
      ++attempts;
      return false;
    });
  BOOST_TEST((driver.outcome() == wait_outcome::gave_up));
  return attempts;
}

/// Counts how often all of its copies are asked.
struct counting_policy {
  nanoseconds operator()(const wait_state&) {
    ++*asked;
    return 0ns;
  }
  int* asked;
};

} // namespace

#define CHECK_COURSE(course, end, ...)                                         \
  do {                                                                         \
    const auto result = course;                                                \
    BOOST_TEST((result.outcome == (end)));                                     \
    BOOST_TEST(result.attempts == (std::vector<std::int64_t>{__VA_ARGS__}),    \
               boost::test_tools::per_element());                              \
  } while (false)

BOOST_AUTO_TEST_CASE(as_many_attempts_are_made_as_are_allowed) {
  BOOST_TEST(attempts_of(1) == 1U);
  BOOST_TEST(attempts_of(2) == 2U);
  BOOST_TEST(attempts_of(1000) == 1000U);
}

BOOST_AUTO_TEST_CASE(one_attempt_is_made_even_where_none_is_allowed) {
  BOOST_TEST(attempts_of(0) == 1U);
}

BOOST_AUTO_TEST_CASE(the_delays_are_those_of_the_inner_policy) {
  limited<exponential_backoff> policy(exponential_backoff(1ms, 2.0, 1h), 100);
  BOOST_TEST((policy(wait_state{1}) == 1ms));
  BOOST_TEST((policy(wait_state{2}) == 2ms));
  BOOST_TEST((policy(wait_state{3}) == 4ms));
}

BOOST_AUTO_TEST_CASE(the_largest_limit_means_no_limit) {
  limited<constant_backoff> policy(constant_backoff(1ms), ~std::uint64_t(0));
  BOOST_TEST(policy(wait_state{1000000}).has_value());
}

BOOST_AUTO_TEST_CASE(a_limit_of_time_cuts_the_last_pause) {
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), 12ns)),
               wait_outcome::gave_up, 0, 5, 10, 12);
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), 10ns)),
               wait_outcome::gave_up, 0, 5, 10);
  CHECK_COURSE(course_of(limited(constant_backoff(1h), 3ns)),
               wait_outcome::gave_up, 0, 3);
  CHECK_COURSE(course_of(limited(exponential_backoff(1ns, 2.0, 1h), 10ns)),
               wait_outcome::gave_up, 0, 1, 3, 7, 10);
}

BOOST_AUTO_TEST_CASE(a_limit_of_no_time_allows_one_attempt) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), 0ns)),
               wait_outcome::gave_up, 0);
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), -1h)),
               wait_outcome::gave_up, 0);
  CHECK_COURSE(course_of(limited(constant_backoff(5ns),
                                 std::chrono::duration<double>(nan))),
               wait_outcome::gave_up, 0);
}

BOOST_AUTO_TEST_CASE(any_duration_may_be_a_limit) {
  limited<constant_backoff> policy(constant_backoff(1h),
                                   std::chrono::duration<double>(0.5));
  BOOST_TEST((policy(wait_state{1}) == 500ms));
  policy = limited(constant_backoff(1h), std::chrono::hours(2));
  BOOST_TEST((policy(wait_state{2, 90min}) == 30min));
  policy = limited(constant_backoff(1h), (std::chrono::hours::max)());
  BOOST_TEST((policy(wait_state{1000000, 1000h}) == 1h));
}

BOOST_AUTO_TEST_CASE(the_earlier_of_limit_and_deadline_ends_the_wait) {
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), 12ns), 7ns),
               wait_outcome::timed_out, 0, 5, 7);
  CHECK_COURSE(course_of(limited(constant_backoff(5ns), 7ns), 12ns),
               wait_outcome::gave_up, 0, 5, 7);
}

BOOST_AUTO_TEST_CASE(the_earlier_of_two_limits_ends_the_wait) {
  CHECK_COURSE(course_of(limited(limited(constant_backoff(5ns), 12ns), 3)),
               wait_outcome::gave_up, 0, 5, 10);
  CHECK_COURSE(course_of(limited(limited(constant_backoff(5ns), 3), 7ns)),
               wait_outcome::gave_up, 0, 5, 7);
  CHECK_COURSE(course_of(limited(limited(constant_backoff(5ns), 7ns), 12ns)),
               wait_outcome::gave_up, 0, 5, 7);
}

BOOST_AUTO_TEST_CASE(a_limit_of_time_holds_for_lock) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  basic_file_lock waiter(folder / "a.lock", limited(constant_backoff(1h), 5ms));
  std::error_code ec;
  const auto before = std::chrono::steady_clock::now();
  waiter.lock(ec);
  const auto length = std::chrono::steady_clock::now() - before;
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST((length >= 5ms));
  BOOST_TEST((length < 30min)); // not for the pause of the inner policy
  holder.unlock();
  waiter.lock();
  BOOST_TEST(waiter.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_limit_ends_a_wait_without_a_deadline) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  int asked = 0;
  using policy = limited<counting_policy>;
  basic_file_lock<filelock::native_traits, policy> waiter(
      folder / "a.lock", policy(counting_policy{&asked}, 4));

  std::error_code ec;
  waiter.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(!waiter.owns_lock());
  BOOST_TEST(asked == 3);

  // Each wait has a copy: the limit is that of one wait.
  waiter.lock_shared(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(asked == 6);
  BOOST_CHECK_THROW(waiter.lock(), std::system_error);

  holder.unlock();
  waiter.lock();
  BOOST_TEST(waiter.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_timed_wait_ends_without_an_error) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  using policy = limited<yield_backoff>;
  basic_file_lock<filelock::native_traits, policy> waiter(
      folder / "a.lock", policy(yield_backoff(), 3));
  BOOST_TEST(!waiter.try_lock_for(1h));
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_COURSE
