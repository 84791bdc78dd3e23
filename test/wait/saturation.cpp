// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/detail/saturation.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ratio>
#include <sstream>
#include <string>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(wait_saturation)

namespace {

using namespace std::chrono_literals;
using filelock::detail::saturated;
using filelock::detail::saturated_delay;
using filelock::detail::saturated_sum;
using filelock::detail::time_between;
using filelock::detail::unbounded;
using std::chrono::duration;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds lowest = (nanoseconds::min)();
constexpr nanoseconds highest = (nanoseconds::max)();

// Unsigned, because the sanitizers check a signed one by a function that not
// every runtime library has.
__extension__ using magnitude = unsigned __int128;

template <class Rep>
constexpr magnitude magnitude_of(Rep value) {
  const auto wide = static_cast<std::uint64_t>(value);
  return value < 0 ? ~wide + 1 : wide;
}

struct exact_result {
  nanoseconds toward_zero;
  bool is_whole; // no fraction of a nanosecond was cut
};

/// The slow and certain way: 128 bits.
template <class Rep, class Period>
exact_result exactly(const duration<Rep, Period>& value) {
  const bool is_negative = value.count() < 0;
  const nanoseconds limit = is_negative ? lowest : highest;
  const magnitude ticks =
      magnitude_of(value.count()) * static_cast<std::uint64_t>(Period::num);
  if (ticks >> 98 != 0) return {limit, true};
  const magnitude numerator = ticks * std::nano::den;
  const magnitude denominator = static_cast<std::uint64_t>(Period::den);
  const magnitude whole = numerator / denominator;
  if (whole >> 63 != 0) return {limit, true};
  const auto count = static_cast<std::int64_t>(whole);
  return {nanoseconds(is_negative ? -count : count),
          numerator % denominator == 0};
}

template <class T>
std::string text(const T& value) {
  std::ostringstream out;
  out << +value;
  return out.str();
}

/// \returns The counts that are converted wrongly.
template <class Duration>
std::string wrong_conversions() {
  using rep = typename Duration::rep;
  using period = typename Duration::period;
  using limits = std::numeric_limits<rep>;
  std::string wrong;
  const auto check = [&](rep count) {
    const Duration value(count);
    const exact_result expected = exactly(value);
    const nanoseconds found = saturated(value);
    // A fraction of a nanosecond may go either way. So may, for a unit that is
    // neither a multiple nor a fraction of a nanosecond, the last one or two
    // nanoseconds of the 64 bits that a long double has.
    const bool is_odd = (period::num != 1 && period::den != 1) ||
                        (std::nano::den % period::den != 0 &&
                         period::den % std::nano::den != 0);
    const bool is_far =
        expected.toward_zero > lowest / 2 && expected.toward_zero < highest / 2;
    nanoseconds tolerance = expected.is_whole ? 0ns : 1ns;
    if (is_odd && !is_far) tolerance = 2ns;
    const nanoseconds difference =
        found > expected.toward_zero
            ? time_between(expected.toward_zero, found)
            : time_between(found, expected.toward_zero);
    if (difference > tolerance)
      wrong += text(count) + " -> " + text(found.count()) + ", not " +
               text(expected.toward_zero.count()) + "; ";
    const nanoseconds delay = saturated_delay(value);
    if (delay != (found > 0ns ? found : 0ns))
      wrong += text(count) + " as a delay -> " + text(delay.count()) + "; ";
  };
  const auto check_around = [&](long double middle) {
    for (int offset = -3; offset <= 3; ++offset) {
      const long double count = std::floor(middle) + offset;
      if (count >= static_cast<long double>((limits::min)()) &&
          count <= static_cast<long double>((limits::max)()))
        check(static_cast<rep>(count));
    }
  };
  check((limits::min)());
  check((limits::max)());
  check_around(static_cast<long double>((limits::min)()));
  check_around(static_cast<long double>((limits::max)()));
  // One tick, a minute, a year, and the ends of what nanoseconds hold.
  const long double tick = static_cast<long double>(period::num) /
                           static_cast<long double>(period::den) * 1e9L;
  for (const long double time :
       {0.0L, 1.0L, 1e3L, 6e10L, 31557600e9L, 4611686018427387904.0L,
        9223372036854775808.0L}) {
    check_around(time / tick);
    check_around(-time / tick);
  }
  for (int shift = 0; shift < limits::digits; ++shift)
    check_around(static_cast<long double>(rep(1) << shift));
  return wrong;
}

template <class Period>
std::string wrong_conversions_of_period() {
  std::string wrong;
  const auto add = [&](const char* rep, const std::string& found) {
    if (!found.empty()) wrong += std::string(rep) + ": " + found;
  };
  add("int64", wrong_conversions<duration<std::int64_t, Period>>());
  add("uint64", wrong_conversions<duration<std::uint64_t, Period>>());
  add("int32", wrong_conversions<duration<std::int32_t, Period>>());
  add("uint32", wrong_conversions<duration<std::uint32_t, Period>>());
  add("int16", wrong_conversions<duration<std::int16_t, Period>>());
  add("uint8", wrong_conversions<duration<std::uint8_t, Period>>());
  return wrong;
}

/// \returns The special values of a floating-point type that are wrong.
template <class Rep, class Period>
std::string wrong_special_values() {
  using limits = std::numeric_limits<Rep>;
  std::string wrong;
  const auto check = [&](const char* what, Rep count, nanoseconds expected) {
    const nanoseconds found = saturated(duration<Rep, Period>(count));
    if (found != expected)
      wrong += std::string(what) + " -> " + text(found.count()) + "; ";
    const nanoseconds delay = saturated_delay(duration<Rep, Period>(count));
    if (delay != (expected > 0ns ? expected : 0ns))
      wrong +=
          std::string(what) + " as a delay -> " + text(delay.count()) + "; ";
  };
  check("infinity", limits::infinity(), highest);
  check("-infinity", -limits::infinity(), lowest);
  check("NaN", limits::quiet_NaN(), lowest);
  check("-NaN", -limits::quiet_NaN(), lowest);
  check("max", (limits::max)(), highest);
  check("lowest", limits::lowest(), lowest);
  check("denorm_min", limits::denorm_min(), 0ns);
  check("min", (limits::min)(), 0ns);
  check("zero", Rep(0), 0ns);
  check("-zero", -Rep(0), 0ns);
  return wrong;
}

template <class Rep>
std::string wrong_special_values_of_rep() {
  return wrong_special_values<Rep, std::nano>() +
         wrong_special_values<Rep, std::ratio<1>>() +
         wrong_special_values<Rep, std::ratio<3600>>() +
         wrong_special_values<Rep, std::ratio<1, 3>>() +
         wrong_special_values<Rep, std::pico>() +
         wrong_special_values<Rep, std::exa>();
}

// ---- Constant expressions ----

static_assert(saturated(5s) == 5000000000ns);
static_assert(saturated(-1h) == -3600000000000ns);
static_assert(saturated(duration<int, std::exa>(1)) == highest);
static_assert(saturated(duration<std::uint64_t>(~std::uint64_t(0))) == highest);
static_assert(saturated(duration<double>(0.5)) == 500ms);
static_assert(saturated(duration<double>(1e300)) == highest);
static_assert(saturated_delay(-1ns) == 0ns);
static_assert(saturated_delay((std::chrono::hours::min)()) == 0ns);
static_assert(time_between(1s, 1500ms) == 500ms);
static_assert(time_between(lowest, highest) == unbounded);
static_assert(unbounded == highest);

} // namespace

BOOST_AUTO_TEST_SUITE(conversion_to_nanoseconds)

BOOST_AUTO_TEST_CASE(is_exact_for_every_si_unit_and_every_integer) {
  BOOST_TEST(wrong_conversions_of_period<std::nano>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::micro>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::milli>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::centi>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::ratio<1>>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::kilo>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::giga>() == "");
}

BOOST_AUTO_TEST_CASE(is_exact_for_minutes_hours_and_days) {
  BOOST_TEST(wrong_conversions_of_period<std::ratio<60>>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::ratio<3600>>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::ratio<86400>>() == "");
}

BOOST_AUTO_TEST_CASE(holds_for_units_that_are_too_large) {
  BOOST_TEST(wrong_conversions_of_period<std::tera>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::peta>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::exa>() == "");
}

BOOST_AUTO_TEST_CASE(holds_for_units_below_a_nanosecond) {
  BOOST_TEST(wrong_conversions_of_period<std::pico>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::femto>() == "");
  BOOST_TEST(wrong_conversions_of_period<std::atto>() == "");
}

BOOST_AUTO_TEST_CASE(holds_for_odd_ratios) {
  BOOST_TEST((wrong_conversions_of_period<std::ratio<1, 3>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<1, 60>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<1001, 30000>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<2, 3>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<1, 44100>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<1, INTMAX_MAX>>() == ""));
  BOOST_TEST((wrong_conversions_of_period<std::ratio<INTMAX_MAX>>() == ""));
}

BOOST_AUTO_TEST_CASE(holds_for_the_special_values_of_every_floating_type) {
  BOOST_TEST(wrong_special_values_of_rep<float>() == "");
  BOOST_TEST(wrong_special_values_of_rep<double>() == "");
  BOOST_TEST(wrong_special_values_of_rep<long double>() == "");
}

BOOST_AUTO_TEST_CASE(is_exact_for_floating_values_that_nanoseconds_hold) {
  using nano_double = duration<double, std::nano>;
  const double limit = 9223372036854775808.0;
  BOOST_TEST((saturated(duration<float>(0.25F)) == 250ms));
  BOOST_TEST((saturated(duration<double>(1e-9)) == 1ns));
  // The double nearest to 0.3 is a little less.
  BOOST_TEST((saturated(duration<double>(0.3)) == 300ms));
  BOOST_TEST((saturated(duration<double>(-0.3)) == -300ms));
  BOOST_TEST((saturated(duration<double>(-2.5)) == -2500ms));
  BOOST_TEST((saturated(nano_double(limit)) == highest));
  BOOST_TEST((saturated(nano_double(-limit)) == lowest));
  // The neighbours of the limits, which are 1024 apart there.
  BOOST_TEST(
      (saturated(nano_double(std::nextafter(limit, 0.0))) == highest - 1023ns));
  BOOST_TEST(
      (saturated(nano_double(std::nextafter(-limit, 0.0))) == lowest + 1024ns));
  BOOST_TEST((saturated(nano_double(limit / 2)) == nanoseconds(1LL << 62)));
  BOOST_TEST((saturated(nano_double(-limit / 2)) == nanoseconds(-(1LL << 62))));
}

BOOST_AUTO_TEST_CASE(cuts_what_is_far_below_a_nanosecond_to_zero) {
  BOOST_TEST((saturated(duration<double, std::nano>(0.25)) == 0ns));
  BOOST_TEST((saturated(duration<double, std::nano>(-0.25)) == 0ns));
  BOOST_TEST((saturated(duration<int, std::pico>(1)) == 0ns));
  BOOST_TEST((saturated(duration<int, std::pico>(-1)) == 0ns));
  BOOST_TEST((saturated(duration<int, std::pico>(7000)) == 7ns));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(time_between_points)

namespace {

/// \returns The pairs of the extreme values of `Duration` that are wrong.
template <class Duration>
std::string wrong_differences() {
  using limits = std::numeric_limits<std::int64_t>;
  constexpr std::int64_t half = std::int64_t(1) << 62;
  constexpr std::int64_t year_2026_in_seconds = 63900000000;
  const std::int64_t values[] = {(limits::min)(),
                                 (limits::min)() + 1,
                                 (limits::min)() + 5000000000,
                                 -half - 1,
                                 -half,
                                 -half + 1,
                                 -year_2026_in_seconds,
                                 -1,
                                 0,
                                 1,
                                 1000,
                                 year_2026_in_seconds,
                                 year_2026_in_seconds + 1,
                                 year_2026_in_seconds * 1000000,
                                 year_2026_in_seconds * 1000000 + 7,
                                 half - 1,
                                 half,
                                 half + 1,
                                 (limits::max)() - 5000000000,
                                 (limits::max)() - 1,
                                 (limits::max)()};
  std::string wrong;
  for (const std::int64_t earlier : values)
    for (const std::int64_t later : values) {
      const std::uint64_t apart = static_cast<std::uint64_t>(later) -
                                  static_cast<std::uint64_t>(earlier);
      using positive = duration<std::uint64_t, typename Duration::period>;
      const exact_result exact = exactly(positive(apart));
      const nanoseconds expected = later > earlier ? exact.toward_zero : 0ns;
      const nanoseconds found =
          time_between(Duration(earlier), Duration(later));
      // A fraction of a nanosecond may go either way.
      const bool is_rounded =
          !exact.is_whole && later > earlier && found == expected + 1ns;
      if (found != expected && !is_rounded)
        wrong += text(earlier) + " to " + text(later) + " -> " +
                 text(found.count()) + ", not " + text(expected.count()) + "; ";
    }
  return wrong;
}

} // namespace

BOOST_AUTO_TEST_CASE(is_exact_from_any_epoch_in_any_unit) {
  BOOST_TEST(wrong_differences<nanoseconds>() == "");
  BOOST_TEST(wrong_differences<std::chrono::microseconds>() == "");
  BOOST_TEST(wrong_differences<std::chrono::milliseconds>() == "");
  BOOST_TEST(wrong_differences<seconds>() == "");
  BOOST_TEST(wrong_differences<std::chrono::hours>() == "");
  BOOST_TEST((wrong_differences<duration<std::int64_t, std::pico>>() == ""));
  BOOST_TEST((wrong_differences<duration<std::int64_t, std::exa>>() == ""));
}

BOOST_AUTO_TEST_CASE(is_exact_between_two_units) {
  BOOST_TEST((time_between(999999999ns, 1s) == 1ns));
  BOOST_TEST((time_between(1s, 1000000001ns) == 1ns));
  BOOST_TEST((time_between(-1s, 1us) == 1000001us));
  // A clock that counts microseconds since the year 0, a deadline in seconds.
  BOOST_TEST((time_between(std::chrono::microseconds(63900000000000001),
                           seconds(63900000001)) == 999999us));
  BOOST_TEST((time_between((std::chrono::milliseconds::min)(),
                           (nanoseconds::max)()) == unbounded));
  BOOST_TEST((time_between((nanoseconds::min)(), (std::chrono::hours::max)()) ==
              unbounded));
  BOOST_TEST(
      (time_between((nanoseconds::max)(), (std::chrono::hours::min)()) == 0ns));
}

BOOST_AUTO_TEST_CASE(is_exact_between_integers_of_different_kinds) {
  using unsigned_nanoseconds = duration<std::uint64_t, std::nano>;
  using short_seconds = duration<std::int32_t>;
  BOOST_TEST((time_between(-5ns, unsigned_nanoseconds(7)) == 12ns));
  BOOST_TEST((time_between(unsigned_nanoseconds(7), -5ns) == 0ns));
  BOOST_TEST(
      (time_between(unsigned_nanoseconds(0),
                    unsigned_nanoseconds(~std::uint64_t(0))) == unbounded));
  BOOST_TEST((time_between(unsigned_nanoseconds(~std::uint64_t(0) - 3),
                           unsigned_nanoseconds(~std::uint64_t(0))) == 3ns));
  BOOST_TEST((time_between((short_seconds::min)(), (short_seconds::max)()) ==
              seconds(4294967295)));
  BOOST_TEST((time_between((short_seconds::max)(), (nanoseconds::max)()) ==
              highest - seconds(2147483647)));
}

BOOST_AUTO_TEST_CASE(is_exact_between_integers_and_floating_values) {
  // An hour of uptime and a nanosecond: no float is near it.
  BOOST_TEST(
      (time_between(3600000000001ns, duration<float>(3601.0F)) == 999999999ns));
  BOOST_TEST((time_between(duration<float>(3600.0F), 3600000000001ns) == 1ns));
  BOOST_TEST((time_between(1700000000000000001ns,
                           duration<double>(1700000001.0)) == 999999999ns));
}

BOOST_AUTO_TEST_CASE(is_zero_for_nan_and_bounded_for_infinity) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST((time_between(1s, duration<double>(nan)) == 0ns));
  BOOST_TEST((time_between(duration<double>(nan), 1s) == 0ns));
  BOOST_TEST((time_between(1s, duration<double>(infinity)) == unbounded));
  BOOST_TEST((time_between(1s, duration<double>(-infinity)) == 0ns));
  BOOST_TEST((time_between(duration<double>(-infinity),
                           duration<double>(infinity)) == unbounded));
  BOOST_TEST((time_between(duration<double>(infinity),
                           duration<double>(infinity)) == 0ns));
  BOOST_TEST((time_between(duration<double>(1e300), duration<double>(2e300)) ==
              unbounded));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sum_of_time_and_delay)

namespace {

template <class Duration>
using point = std::chrono::time_point<std::chrono::steady_clock, Duration>;

template <class Duration>
Duration sum(Duration now, nanoseconds delay) {
  return saturated_sum(point<Duration>(now), delay).time_since_epoch();
}

using short_seconds = duration<std::int32_t>;
using frames = duration<std::int64_t, std::ratio<1, 60>>;
using picoseconds = duration<std::int64_t, std::pico>;

static_assert(saturated_sum(point<nanoseconds>(highest - 5ns), 6ns) ==
              (point<nanoseconds>::max)());

} // namespace

BOOST_AUTO_TEST_CASE(is_exact_up_to_the_last_time_point) {
  BOOST_TEST((sum(0ns, 0ns) == 0ns));
  BOOST_TEST((sum(5ns, 7ns) == 12ns));
  BOOST_TEST((sum(highest - 5ns, 4ns) == highest - 1ns));
  BOOST_TEST((sum(highest - 5ns, 5ns) == highest));
  BOOST_TEST((sum(highest - 5ns, 6ns) == highest));
  BOOST_TEST((sum(highest, unbounded) == highest));
  BOOST_TEST((sum(1ns, unbounded) == highest));
  BOOST_TEST((sum(-1ns, highest - 1ns) == highest - 2ns));
  BOOST_TEST((sum(lowest, highest - 1ns) == -2ns));
}

BOOST_AUTO_TEST_CASE(holds_for_a_coarse_clock) {
  const short_seconds last = (short_seconds::max)();
  BOOST_TEST((sum(short_seconds(10), 1500ms) == short_seconds(12)));
  BOOST_TEST((sum(short_seconds(10), 999999999ns) == short_seconds(11)));
  BOOST_TEST((sum(last - short_seconds(2), 1s) == last - short_seconds(1)));
  BOOST_TEST((sum(last - short_seconds(2), 2s) == last));
  BOOST_TEST((sum(last, 1ns) == last));
  BOOST_TEST((sum(short_seconds(0), unbounded) == last));
}

BOOST_AUTO_TEST_CASE(holds_for_delays_longer_than_the_clock_counts_from_zero) {
  // Its epoch lies ahead: 4294967295 seconds are between its ends.
  BOOST_TEST((sum((short_seconds::min)(), seconds(3000000000)) ==
              short_seconds(852516352)));
  BOOST_TEST(
      (sum((picoseconds::min)(), nanoseconds(10000000000000000)) ==
       (picoseconds::min)() + picoseconds((std::int64_t(1) << 62)) +
           picoseconds(10000000000000000000U - (std::uint64_t(1) << 62))));
}

BOOST_AUTO_TEST_CASE(holds_for_a_clock_of_an_odd_period) {
  BOOST_TEST((sum(frames(3), 1s) == frames(63)));
  // 146 years: three times that is more than nanoseconds hold.
  BOOST_TEST((sum(frames(0), seconds(4600000000)) == frames(276000000000)));
}

BOOST_AUTO_TEST_CASE(holds_for_a_floating_clock) {
  BOOST_TEST((sum(duration<double>(1.0), 500ms) == duration<double>(1.5)));
  BOOST_TEST(
      (sum(duration<double>(1.0), unbounded) == (duration<double>::max)()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
