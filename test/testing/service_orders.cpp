// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1200

// Every order of the events of small scripts: two owners of one lock of a
// service acquire and release it, while sessions end, messages get lost, and
// owners sleep, wake and give up. Then Platforms that are wrong in one way each
// are seen to fail.

#include <boost/test/unit_test.hpp>

#include "support/service_course.hpp"
#include "support/wrong_services.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <system_error>

namespace {

using filelock::lock_request;
using filelock::simulated_service_traits;
using test::course_plan;
using test::course_tally;
using test::every_order;
using test::owner_step;

/// \returns How many things happen to the owners in a course: one more in the
/// long form.
int one_more_if_long(int chances) {
  return chances + (std::getenv("FILELOCK_LONG") != nullptr);
}

constexpr owner_step acquire = owner_step::acquire;
constexpr owner_step try_acquire = owner_step::try_acquire;
constexpr owner_step acquire_shared = owner_step::acquire_shared;
constexpr owner_step upgrade = owner_step::upgrade;
constexpr owner_step downgrade = owner_step::downgrade;
constexpr owner_step release = owner_step::release;

const course_plan& writers() {
  static const course_plan plan{{acquire, release, acquire},
                                {acquire, release}};
  return plan;
}
const course_plan& attempts() {
  static const course_plan plan{{try_acquire, release, acquire},
                                {try_acquire, try_acquire}};
  return plan;
}
const course_plan& conversions() {
  static const course_plan plan{{acquire_shared, upgrade, release},
                                {acquire, downgrade, release}};
  return plan;
}

course_plan with_lease(course_plan plan) {
  plan.lease = std::chrono::seconds(3);
  return plan;
}
course_plan slow(course_plan plan) {
  plan.latency = std::chrono::milliseconds(300);
  return plan;
}

/// \returns What happened.
course_tally check_every_order(const course_plan& plan, int chances) {
  course_tally tally;
  BOOST_TEST(every_order<simulated_service_traits>(
                 plan, one_more_if_long(chances), tally) == "");
  BOOST_TEST_MESSAGE(tally.text());
  BOOST_TEST(tally.holds > tally.courses);
  BOOST_TEST(tally.losses != 0U);
  BOOST_TEST(tally.refusals != 0U);
  return tally;
}

// ---- Platforms that are wrong in one way ----

/// A hold is kept after the end of its session, or of its lease.
struct believes_for_ever : simulated_service_traits {
  static std::set<std::int64_t>& held() {
    static std::set<std::int64_t> all;
    return all;
  }
  static bool lock_until(std::int64_t handle, const lock_request& request,
                         const filelock::virtual_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    return simulated_service_traits::lock_until(handle, request, end, stop,
                                                ec) &&
           held().insert(handle).second;
  }
  static bool try_lock(std::int64_t handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    return simulated_service_traits::try_lock(handle, request, ec) &&
           held().insert(handle).second;
  }
  static bool attempt_until(std::int64_t handle, const lock_request& request,
                            const filelock::virtual_clock::time_point& end,
                            filelock::canceller& stop,
                            std::error_code& ec) noexcept {
    return simulated_service_traits::attempt_until(handle, request, end, stop,
                                                   ec) &&
           held().insert(handle).second;
  }
  static void unlock(std::int64_t handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    held().erase(handle);
    simulated_service_traits::unlock(handle, request, ec);
  }
  static void close(std::int64_t handle) noexcept {
    held().erase(handle);
    simulated_service_traits::close(handle);
  }
  static bool holds(std::int64_t handle, const lock_request&) noexcept {
    return held().count(handle) != 0;
  }
  static filelock::canceller loss(std::int64_t) noexcept { return {}; }
};

/// A session is left open at the service.
struct leaves_its_session : simulated_service_traits {
  static void close(std::int64_t) noexcept {}
};

struct releases_nothing : simulated_service_traits {
  static void unlock(std::int64_t, const lock_request&,
                     std::error_code&) noexcept {}
};

/// The tokens begin anew with each session.
struct counts_by_session : simulated_service_traits {
  static std::uint64_t token(std::int64_t handle) noexcept {
    static std::map<std::int64_t, std::uint64_t> last;
    return ++last[handle];
  }
};

template <class P>
bool is_found(const course_plan& plan, const std::string& what) {
  course_tally tally;
  const std::string wrong = every_order<P>(plan, 2, tally);
  BOOST_TEST_MESSAGE(wrong);
  return wrong.find(what) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(testing_service_orders)

BOOST_AUTO_TEST_CASE(no_two_owners_believe_at_once) {
  const course_tally tally = check_every_order(slow(with_lease(writers())), 2);
  BOOST_TEST(tally.courses > 10000U);
  BOOST_TEST(tally.losses > 1000U);
  BOOST_TEST(tally.new_sessions > 1000U);
}

BOOST_AUTO_TEST_CASE(messages_that_take_no_time_change_nothing) {
  check_every_order(with_lease(writers()), 1);
}

BOOST_AUTO_TEST_CASE(sessions_without_a_lease_exclude_each_other) {
  check_every_order(slow(writers()), 1);
}

BOOST_AUTO_TEST_CASE(attempts_exclude_each_other) {
  check_every_order(slow(with_lease(attempts())), 1);
}

BOOST_AUTO_TEST_CASE(conversions_exclude_each_other) {
  check_every_order(slow(with_lease(conversions())), 1);
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_wrong_in_one_way_is_found) {
  const course_plan plan = with_lease(writers());
  BOOST_TEST(is_found<believes_for_ever>(plan, "two owners believe"));
  BOOST_TEST(
      is_found<test::a_lost_wait_is_granted>(plan, "acquired, and not held"));
  BOOST_TEST(is_found<test::an_ended_session_is_busy>(plan, "nobody can free"));
  BOOST_TEST(is_found<leaves_its_session>(plan, "a session is left"));
  BOOST_TEST(is_found<releases_nothing>(plan, "nobody can free"));
  BOOST_TEST(is_found<counts_by_session>(plan, "a token does not rise"));
}

BOOST_AUTO_TEST_SUITE_END()
