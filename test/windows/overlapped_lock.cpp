// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Overlapped waits for a lock, in every order of events: what Wine cannot show.

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/canceller.hpp>
#include <filelock/detail/windows/overlapped_lock.hpp>
#include <filelock/lock_request.hpp>

#include "support/overlapped_world.hpp"

#include <chrono>
#include <set>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(windows_overlapped_lock)

namespace {

using filelock::lock_mode;
using filelock::lock_request;
using test::overlapped_setting;
using test::overlapped_world;
using lock = filelock::detail::overlapped_lock<test::overlapped_fake,
                                               filelock::default_backoff>;
using time_point = lock::time_point;

constexpr int handle = 1;

/// What all runs together have shown.
struct summary {
  std::set<std::string> seen;
  std::set<std::string> outcomes;
  std::string broken; ///< the first run that broke a rule
  int runs = 0;
};

/// Effects: calls `run(world)`, which returns what is wrong with the outcome,
/// once for every order of events.
template <class Run>
void explore(const overlapped_setting& setting, summary& all, Run run) {
  test::choices choices;
  do {
    overlapped_world world(setting, choices);
    const std::string wrong = run(world) + world.broken;
    ++all.runs;
    all.seen.insert(world.seen.begin(), world.seen.end());
    if (wrong.empty() || !all.broken.empty()) continue;
    all.broken = wrong + " after:";
    for (const std::string& each : world.seen)
      all.broken += " " + each + ",";
  } while (choices.next());
}

std::string outcome_of(bool result, const std::error_code& ec) {
  return result ? "acquired" : ec ? "error" : "not acquired";
}

std::string wrong_outcome(const overlapped_world& world, bool result,
                          const std::error_code& ec, const char* wanted) {
  std::string wrong;
  if (result && ec) wrong += "acquired with an error; ";
  if (result && world.held() != wanted) wrong += "acquired, but not held; ";
  if (!result && world.held() != "") wrong += "not acquired, but held; ";
  if (world.events() != 0) wrong += "an event is left; ";
  if (ec && !world.has_failed() &&
      world.seen.count("aborted by a stranger") == 0)
    wrong += "an error from nowhere; ";
  return wrong;
}

void explore_lock_until(const overlapped_setting& setting, summary& all) {
  explore(setting, all, [&](overlapped_world& world) {
    filelock::canceller stop;
    if (setting.may_stop) stop = filelock::canceller(world.source);
    const time_point end =
        setting.is_bounded ? time_point(world.deadline) : (time_point::max)();
    std::error_code ec;
    const bool result = lock::lock_until(handle, {}, end, stop, ec);
    all.outcomes.insert(outcome_of(result, ec));
    std::string wrong = wrong_outcome(world, result, ec, "exclusive");
    if (!result && !ec && !world.has_passed() && !world.is_stopped())
      wrong += "gave up early; ";
    if (result && world.is_stopped() && world.was_granted_late() &&
        world.seen.count("the unlock fails") == 0)
      wrong += "kept what was granted after the stop; ";
    return wrong;
  });
}

template <class Set>
bool contains(const Set& set, std::initializer_list<const char*> all) {
  bool result = true;
  for (const char* each : all) {
    if (set.count(each) != 0) continue;
    result = false;
    BOOST_TEST_MESSAGE("never seen: " << each);
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_wait_ends_as_it_has_to_in_every_order_of_events) {
  summary all;
  for (const lock_mode other :
       {lock_mode::unlocked, lock_mode::shared, lock_mode::exclusive})
    for (const bool is_bounded : {false, true})
      for (const bool may_stop : {false, true})
        for (const bool has_late_events : {false, true}) {
          overlapped_setting setting;
          setting.other = other;
          setting.is_bounded = is_bounded;
          setting.may_stop = may_stop;
          setting.has_late_events = has_late_events;
          explore_lock_until(setting, all);
        }
  BOOST_TEST(all.broken == "");
  BOOST_TEST_MESSAGE(all.runs << " runs");
  BOOST_TEST(contains(all.outcomes, {"acquired", "not acquired", "error"}));
  BOOST_TEST(contains(all.seen, {"granted between two calls",
                                 "granted in the wait",
                                 "granted in the cancel",
                                 "granted after the cancel",
                                 "aborted at once",
                                 "aborted after the cancel",
                                 "aborted by a stranger",
                                 "nothing to cancel",
                                 "the cancel fails",
                                 "the wait fails",
                                 "the request fails",
                                 "the lock fails",
                                 "the unlock fails",
                                 "no event can be made",
                                 "the event is late",
                                 "a wait is refused",
                                 "what is free is pending",
                                 "timed out",
                                 "the deadline passes between two calls",
                                 "the deadline passes in a pause",
                                 "stopped in the wait",
                                 "stopped between two calls",
                                 "stopped in a pause"}));
}

BOOST_AUTO_TEST_CASE(a_wait_polls_if_its_request_is_lost) {
  summary all;
  for (const lock_mode other : {lock_mode::unlocked, lock_mode::exclusive})
    for (const bool is_bounded : {false, true})
      for (const bool may_stop : {false, true}) {
        overlapped_setting setting;
        setting.is_wine = true;
        setting.other = other;
        setting.is_bounded = is_bounded;
        setting.may_stop = may_stop;
        explore_lock_until(setting, all);
      }
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.outcomes, {"acquired", "not acquired", "error"}));
  BOOST_TEST(contains(all.seen, {"a request is lost", "stopped in a pause",
                                 "the deadline passes in a pause"}));
}

BOOST_AUTO_TEST_CASE(a_wait_polls_if_no_event_can_be_waited_for) {
  summary all;
  for (const bool is_wine : {false, true})
    for (const bool is_bounded : {false, true}) {
      overlapped_setting setting;
      setting.is_wine = is_wine;
      setting.has_events = false;
      setting.other = lock_mode::exclusive;
      setting.is_bounded = is_bounded;
      explore_lock_until(setting, all);
    }
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.outcomes, {"acquired", "not acquired", "error"}));
}

BOOST_AUTO_TEST_CASE(a_wait_without_end_ends_with_the_lock_or_an_error) {
  summary all;
  for (const bool is_wine : {false, true}) {
    overlapped_setting setting;
    setting.is_wine = is_wine;
    setting.other = lock_mode::exclusive;
    explore(setting, all, [&](overlapped_world& world) {
      std::error_code ec;
      lock::lock(handle, {lock_mode::shared, {}}, ec);
      all.outcomes.insert(outcome_of(!ec, ec));
      return wrong_outcome(world, !ec, ec, "shared");
    });
  }
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.outcomes, {"acquired", "error"}));
}

BOOST_AUTO_TEST_CASE(pending_is_never_busy) {
  summary all;
  for (const lock_mode other : {lock_mode::unlocked, lock_mode::exclusive}) {
    overlapped_setting setting;
    setting.other = other;
    explore(setting, all, [&](overlapped_world& world) {
      std::error_code ec;
      const bool result = lock::try_lock(handle, {}, ec);
      all.outcomes.insert(outcome_of(result, ec));
      std::string wrong = wrong_outcome(world, result, ec, "exclusive");
      if (!result && !ec && other == lock_mode::unlocked) wrong += "not busy; ";
      return wrong;
    });
  }
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.outcomes, {"acquired", "not acquired", "error"}));
  BOOST_TEST(
      contains(all.seen, {"what is free is pending", "what is busy is pending",
                          "granted without a wait", "the request fails"}));
}

BOOST_AUTO_TEST_CASE(a_failed_unlock_is_an_error) {
  summary all;
  overlapped_setting setting;
  setting.own = lock_mode::exclusive;
  explore(setting, all, [&](overlapped_world& world) {
    std::error_code ec;
    lock::unlock(handle, {}, ec);
    all.outcomes.insert(outcome_of(false, ec));
    return std::string(bool(ec) == (world.held() == "") ? "wrong; " : "");
  });
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.seen, {"the unlock is pending"}));
  BOOST_TEST(contains(all.outcomes, {"not acquired", "error"}));
}

BOOST_AUTO_TEST_CASE(a_conversion_holds_what_it_says) {
  summary all;
  const lock_request exclusive{lock_mode::exclusive, {}};
  const lock_request shared{lock_mode::shared, {}};
  for (const lock_mode other : {lock_mode::unlocked, lock_mode::shared})
    for (const bool is_upgrade : {false, true}) {
      if (!is_upgrade && other == lock_mode::shared) continue;
      overlapped_setting setting;
      setting.own = is_upgrade ? lock_mode::shared : lock_mode::exclusive;
      setting.other = other;
      explore(setting, all, [&](overlapped_world& world) {
        std::error_code ec;
        const bool result = is_upgrade
                                ? lock::convert(handle, shared, exclusive, ec)
                                : lock::convert(handle, exclusive, shared, ec);
        all.outcomes.insert(outcome_of(result, ec));
        std::string wrong;
        if (result && world.held() != (is_upgrade ? "exclusive" : "shared"))
          wrong += "converted, but not held; ";
        if (!result && !ec && world.held() != "")
          wrong += "refused, but held; ";
        if (!result && !ec && other == lock_mode::unlocked)
          wrong += "refused for nobody; ";
        if (result && !is_upgrade && world.was_ever_free())
          wrong += "a downgrade has released; ";
        return wrong;
      });
    }
  BOOST_TEST(all.broken == "");
  BOOST_TEST(contains(all.outcomes, {"acquired", "not acquired", "error"}));
}

BOOST_AUTO_TEST_SUITE_END()
