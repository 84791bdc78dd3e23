// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/detail/wait/deadline.hpp>

#include <support/manual_clock.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

BOOST_AUTO_TEST_SUITE(wait_deadline)

namespace {

using namespace std::chrono_literals;
using filelock::detail::no_deadline;
using filelock::detail::no_wait;
using filelock::detail::rest_of;
using filelock::detail::time_limit;
using filelock::detail::timeout;
using filelock::detail::unbounded;
using filelock::detail::wait_clock;
using filelock::detail::wait_time;
using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using test::foreign_clock;
using test::manual_clock;

constexpr nanoseconds lowest = (nanoseconds::min)();
constexpr nanoseconds highest = (nanoseconds::max)();

struct clocks_at_zero {
  clocks_at_zero() {
    manual_clock::reset();
    foreign_clock::reset();
  }
};

/// \returns What remains of a time-out at its start.
template <class Duration>
nanoseconds at_start(const Duration& length) {
  return timeout(length).remaining(0ns, manual_clock::time_point());
}

using own_limit = time_limit<manual_clock, manual_clock, nanoseconds>;
using foreign_limit = time_limit<manual_clock, foreign_clock, nanoseconds>;

/// \returns What remains until a point of the platform's clock.
template <class Duration>
nanoseconds until(const Duration& end, nanoseconds now = 0ns) {
  using point = std::chrono::time_point<manual_clock, Duration>;
  return time_limit<manual_clock, manual_clock, Duration>(point(end))
      .remaining(0ns, manual_clock::time_point(now));
}

/// \returns What remains until a point of a clock that is not the platform's.
template <class Clock, class Duration>
nanoseconds until_foreign(const std::chrono::time_point<Clock, Duration>& end) {
  return time_limit<manual_clock, Clock, Duration>(end).remaining(
      0ns, manual_clock::time_point());
}

static_assert(no_wait::is_bounded && !no_wait::reads_clock);
static_assert(!no_deadline::is_bounded && no_deadline::reads_clock);
static_assert(timeout::is_bounded && timeout::reads_clock);
static_assert(own_limit::is_bounded && foreign_limit::is_bounded);
static_assert(no_deadline::longest_slice == unbounded);
static_assert(timeout::longest_slice == unbounded);
static_assert(own_limit::longest_slice == unbounded);
static_assert(foreign_limit::longest_slice == 1s);
static_assert(timeout(5s).remaining(2s, 0) == 3s);
static_assert(timeout(-5s).remaining(0s, 0) == 0s);

} // namespace

BOOST_AUTO_TEST_CASE(no_wait_never_reads_a_clock_and_has_no_time) {
  manual_clock::reset();
  wait_clock<manual_clock, no_wait> clock{no_wait()};
  const wait_time time = clock.read();
  BOOST_TEST(time.elapsed.count() == 0);
  BOOST_TEST(time.remaining.count() == 0);
  BOOST_TEST(manual_clock::readings == 0);
}

BOOST_FIXTURE_TEST_CASE(no_deadline_always_leaves_all_the_time,
                        clocks_at_zero) {
  const no_deadline deadline;
  wait_clock<manual_clock, no_deadline> clock(deadline);
  BOOST_TEST(clock.read().remaining.count() == highest.count());
  manual_clock::set(highest);
  const wait_time time = clock.read();
  BOOST_TEST(time.elapsed.count() == highest.count());
  BOOST_TEST(time.remaining.count() == highest.count());
}

BOOST_AUTO_TEST_SUITE(of_a_timeout)

BOOST_AUTO_TEST_CASE(what_remains_is_the_length_less_the_time_waited) {
  const timeout deadline(5s);
  const manual_clock::time_point now;
  BOOST_TEST(deadline.remaining(0ns, now).count() == 5000000000);
  BOOST_TEST(deadline.remaining(1ns, now).count() == 4999999999);
  BOOST_TEST(deadline.remaining(5s - 1ns, now).count() == 1);
  BOOST_TEST(deadline.remaining(5s, now).count() == 0);
  BOOST_TEST(deadline.remaining(5s + 1ns, now).count() == 0);
  BOOST_TEST(deadline.remaining(highest, now).count() == 0);
}

BOOST_AUTO_TEST_CASE(the_rest_of_a_wait_has_what_is_left_of_its_deadline) {
  const manual_clock::time_point now{};
  BOOST_TEST((rest_of(timeout(10s), 4s).remaining(0ns, now) == 6s));
  BOOST_TEST((rest_of(timeout(10s), 4s).remaining(5s, now) == 1s));
  BOOST_TEST((rest_of(timeout(10s), 11s).remaining(0ns, now) == 0s));
  BOOST_TEST((rest_of(timeout(highest), 4s).remaining(1s, now) == unbounded));
  BOOST_TEST((rest_of(no_deadline(), 4s).remaining(1s, now) == unbounded));
  // A point in time stays where it is.
  const own_limit limit{manual_clock::time_point(10s)};
  BOOST_TEST((rest_of(limit, 4s).remaining(0ns, now) == 10s));
}

BOOST_AUTO_TEST_CASE(a_saturated_length_is_unbounded) {
  const manual_clock::time_point now;
  BOOST_TEST((at_start(highest) == unbounded));
  BOOST_TEST((at_start((std::chrono::hours::max)()) == unbounded));
  BOOST_TEST((at_start((seconds::max)()) == unbounded));
  BOOST_TEST((at_start(duration<std::int32_t, std::exa>(1)) == unbounded));
  BOOST_TEST((at_start(std::chrono::hours(24 * 366 * 300)) == unbounded));
  BOOST_TEST((at_start(duration<double>(
                  std::numeric_limits<double>::infinity())) == unbounded));
  BOOST_TEST((at_start((duration<float>::max)()) == unbounded));
  BOOST_TEST((timeout(highest).remaining(highest, now) == unbounded));
  // One less is a deadline, in 292 years.
  BOOST_TEST((at_start(highest - 1ns) == highest - 1ns));
  BOOST_TEST((timeout(highest - 1ns).remaining(highest, now) == 0ns));
}

BOOST_AUTO_TEST_CASE(a_length_that_is_none_is_zero) {
  BOOST_TEST((at_start(0s) == 0ns));
  BOOST_TEST((at_start(-1ns) == 0ns));
  BOOST_TEST((at_start(lowest) == 0ns));
  BOOST_TEST((at_start((std::chrono::hours::min)()) == 0ns));
  BOOST_TEST((at_start(duration<double>(
                  std::numeric_limits<double>::quiet_NaN())) == 0ns));
  BOOST_TEST((at_start(duration<double>(
                  -std::numeric_limits<double>::infinity())) == 0ns));
  BOOST_TEST((at_start(duration<double, std::nano>(0.25)) == 0ns));
}

BOOST_FIXTURE_TEST_CASE(the_time_waited_begins_at_the_first_reading,
                        clocks_at_zero) {
  manual_clock::set(1h);
  const timeout deadline(10s);
  wait_clock<manual_clock, timeout> clock(deadline);
  BOOST_TEST(manual_clock::readings == 0);
  manual_clock::set(2h);
  const wait_time first = clock.read();
  BOOST_TEST((first.elapsed == 0ns));
  BOOST_TEST((first.remaining == 10s));
  manual_clock::advance(3s + 1ns);
  const wait_time second = clock.read();
  BOOST_TEST((second.elapsed == 3s + 1ns));
  BOOST_TEST((second.remaining == 7s - 1ns));
  BOOST_TEST(manual_clock::readings == 2);
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_goes_back_leaves_no_negative_time,
                        clocks_at_zero) {
  manual_clock::set(1h);
  const timeout deadline(10s);
  wait_clock<manual_clock, timeout> clock(deadline);
  clock.read();
  manual_clock::set(30min);
  const wait_time back = clock.read();
  BOOST_TEST((back.elapsed == 0ns));
  BOOST_TEST((back.remaining == 10s));
  manual_clock::set(lowest);
  BOOST_TEST((clock.read().elapsed == 0ns));
  manual_clock::set(1h + 1s);
  BOOST_TEST((clock.read().elapsed == 1s));
}

BOOST_FIXTURE_TEST_CASE(the_time_waited_is_cut_to_what_nanoseconds_hold,
                        clocks_at_zero) {
  const timeout deadline(10s);
  manual_clock::set(lowest);
  wait_clock<manual_clock, timeout> clock(deadline);
  clock.read();
  manual_clock::set(highest);
  const wait_time time = clock.read();
  BOOST_TEST((time.elapsed == highest));
  BOOST_TEST((time.remaining == 0ns));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(of_a_time_limit)

BOOST_AUTO_TEST_CASE(what_remains_is_exact_in_the_clock_of_the_platform) {
  BOOST_TEST((until(10s) == 10s));
  BOOST_TEST((until(10s, 10s - 1ns) == 1ns));
  BOOST_TEST((until(10s, 10s) == 0ns));
  BOOST_TEST((until(10s, 10s + 1ns) == 0ns));
  BOOST_TEST((until(nanoseconds(-5), -7ns) == 2ns));
  BOOST_TEST((until(duration<double>(1.5), 1s) == 500ms));
  BOOST_TEST((until(duration<int, std::ratio<1, 4>>(3), 500ms) == 250ms));
}

BOOST_AUTO_TEST_CASE(the_last_time_point_is_no_deadline) {
  BOOST_TEST((until(highest) == unbounded));
  BOOST_TEST((until(highest, highest) == unbounded));
  BOOST_TEST((until((seconds::max)(), 5s) == unbounded));
  BOOST_TEST((until((std::chrono::hours::max)(), -1h) == unbounded));
  BOOST_TEST((until((duration<double>::max)()) == unbounded));
  BOOST_TEST((until(duration<double>(std::numeric_limits<double>::infinity()),
                    1s) == unbounded));
  // Not the last one, yet further than nanoseconds reach.
  BOOST_TEST((until((seconds::max)() - 1s, 5s) == unbounded));
  BOOST_TEST((until(highest - 1ns, lowest) == unbounded));
  BOOST_TEST((until(highest - 1ns, 1ns) == highest - 2ns));
}

BOOST_AUTO_TEST_CASE(a_time_point_that_is_past_or_none_leaves_nothing) {
  BOOST_TEST((until(lowest) == 0ns));
  BOOST_TEST((until(lowest, highest) == 0ns));
  BOOST_TEST((until((std::chrono::hours::min)()) == 0ns));
  BOOST_TEST((until(-1ns) == 0ns));
  BOOST_TEST((until(duration<double>(
                  std::numeric_limits<double>::quiet_NaN())) == 0ns));
  BOOST_TEST((until(duration<double>(
                  -std::numeric_limits<double>::infinity())) == 0ns));
}

BOOST_FIXTURE_TEST_CASE(the_clock_of_the_platform_is_read_once_for_both_times,
                        clocks_at_zero) {
  const own_limit deadline(manual_clock::time_point(10s));
  wait_clock<manual_clock, own_limit> clock(deadline);
  manual_clock::set(4s);
  const wait_time first = clock.read();
  BOOST_TEST((first.elapsed == 0ns));
  BOOST_TEST((first.remaining == 6s));
  BOOST_TEST(manual_clock::readings == 1);
  manual_clock::set(12s);
  const wait_time second = clock.read();
  BOOST_TEST((second.elapsed == 8s));
  BOOST_TEST((second.remaining == 0ns));
  BOOST_TEST(foreign_clock::readings == 0);
}

BOOST_FIXTURE_TEST_CASE(a_foreign_clock_is_read_anew_at_each_reading,
                        clocks_at_zero) {
  const foreign_limit deadline(foreign_clock::time_point(10s));
  wait_clock<manual_clock, foreign_limit> clock(deadline);
  manual_clock::set(1h); // says nothing of the other clock
  BOOST_TEST((clock.read().remaining == 10s));
  BOOST_TEST(foreign_clock::readings == 1);

  manual_clock::advance(1s);
  const wait_time stands_still = clock.read();
  BOOST_TEST((stands_still.elapsed == 1s));
  BOOST_TEST((stands_still.remaining == 10s));

  foreign_clock::set(9s);
  BOOST_TEST((clock.read().remaining == 1s));
  foreign_clock::set(-1h); // set back
  BOOST_TEST((clock.read().remaining == 1h + 10s));
  foreign_clock::set(1h); // set forward
  BOOST_TEST((clock.read().remaining == 0ns));
  BOOST_TEST(foreign_clock::readings == 5);
}

BOOST_FIXTURE_TEST_CASE(a_foreign_clock_may_have_any_epoch_and_unit,
                        clocks_at_zero) {
  // Since the year 0: nanoseconds would have overflowed in the year 292.
  using in_seconds = test::basic_manual_clock<struct in_seconds_tag, seconds>;
  using in_microseconds = test::basic_manual_clock<struct in_microseconds_tag,
                                                   std::chrono::microseconds>;
  using short_clock =
      test::basic_manual_clock<struct short_clock_tag, duration<std::int32_t>>;
  using frame_clock =
      test::basic_manual_clock<struct frame_clock_tag,
                               duration<std::int64_t, std::ratio<1, 60>>>;
  using float_clock =
      test::basic_manual_clock<struct float_clock_tag, duration<float>>;

  in_seconds::set(63900000000s);
  BOOST_TEST((until_foreign(in_seconds::time_point(63900000005s)) == 5s));
  BOOST_TEST(
      (until_foreign(
           std::chrono::time_point<in_seconds, std::chrono::microseconds>(
               63900000000000001us)) == 1us));
  BOOST_TEST((until_foreign(in_seconds::time_point(0s)) == 0ns));
  BOOST_TEST((until_foreign((in_seconds::time_point::max)()) == unbounded));
  BOOST_TEST((until_foreign((in_seconds::time_point::min)()) == 0ns));
  in_seconds::set((seconds::min)());
  BOOST_TEST((until_foreign((in_seconds::time_point::min)()) == 0ns));
  BOOST_TEST((until_foreign((in_seconds::time_point::min)() + 3s) == 3s));
  BOOST_TEST(
      (until_foreign((in_seconds::time_point::max)() - 1s) == unbounded));

  in_microseconds::set(63900000000000001us);
  BOOST_TEST(
      (until_foreign(in_microseconds::time_point(63900000000000008us)) == 7us));

  short_clock::set((duration<std::int32_t>::min)());
  BOOST_TEST((until_foreign((short_clock::time_point::max)() -
                            duration<std::int32_t>(1)) == 4294967294s));
  BOOST_TEST((until_foreign((short_clock::time_point::max)()) == unbounded));

  BOOST_TEST((until_foreign(
                  frame_clock::time_point(frame_clock::duration(120))) == 2s));
  BOOST_TEST(
      (until_foreign(float_clock::time_point(duration<float>(0.5F))) == 500ms));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(a_delay_is_counted_from_the_last_reading,
                        clocks_at_zero) {
  const timeout deadline(10s);
  wait_clock<manual_clock, timeout> clock(deadline);
  manual_clock::set(5s);
  clock.read();
  manual_clock::set(6s);
  clock.read();
  manual_clock::set(1h);
  BOOST_TEST((clock.after_last_reading(0ns).time_since_epoch() == 6s));
  BOOST_TEST((clock.after_last_reading(1ns).time_since_epoch() == 6s + 1ns));
  BOOST_TEST((clock.after_last_reading(unbounded) ==
              (manual_clock::time_point::max)()));
  BOOST_TEST(manual_clock::readings == 2);
}

BOOST_AUTO_TEST_SUITE_END()
