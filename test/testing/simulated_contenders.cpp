// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Simulated contenders: what they do, that they exclude each other, and that a
// seed repeats it all.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_simulated_contenders)

namespace {

using namespace std::chrono_literals;
using filelock::constant_backoff;
using filelock::contention;
using filelock::duration_range;
using filelock::exponential_backoff;
using filelock::limited;
using filelock::lock_mode;
using filelock::process_id;
using filelock::proportional_backoff;
using filelock::simulated_action;
using filelock::simulated_file_lock;
using filelock::simulation;
using filelock::simulation_event;
using filelock::wait_state;
using filelock::yield_backoff;
using std::chrono::nanoseconds;

static_assert(duration_range(3ms).least == 3ms);
static_assert(duration_range(3ms).most == 3ms);
static_assert(contention().hold.least == 1ms);

const std::filesystem::path path = "/folder/a.lock";

/// Looks on, and notes what must not be.
class referee {
public:
  explicit referee(simulation& world) {
    world.set_observer([this](const simulation_event& event) { see(event); });
  }
  referee(const referee&) = delete;
  referee& operator=(const referee&) = delete;

  std::size_t count(simulated_action action) const {
    const auto found = counts_.find(action);
    return found == counts_.end() ? 0 : found->second;
  }

  std::string violations;
  std::vector<std::tuple<nanoseconds, process_id, simulated_action>> trace;

private:
  void see(const simulation_event& event) {
    trace.emplace_back(event.time, event.process, event.action);
    ++counts_[event.action];
    if (event.time < last_) violations += "back in time; ";
    last_ = event.time;
    if (event.action == simulated_action::acquired) {
      if (!exclusive_.empty() ||
          (event.mode == lock_mode::exclusive && !shared_.empty()))
        violations += "two owners; ";
      (event.mode == lock_mode::exclusive ? exclusive_ : shared_)
          .insert(event.process);
    }
    if (event.action == simulated_action::busy && exclusive_.empty() &&
        (event.mode == lock_mode::shared || shared_.empty()))
      violations += "busy though it is free; ";
    if (event.action == simulated_action::released &&
        exclusive_.erase(event.process) + shared_.erase(event.process) != 1)
      violations += "released by a stranger; ";
  }

  std::map<simulated_action, std::size_t> counts_;
  std::set<process_id> exclusive_;
  std::set<process_id> shared_;
  nanoseconds last_{};
};

contention plan_of(duration_range start, duration_range hold,
                   nanoseconds timeout = simulation::for_ever) {
  contention plan;
  plan.start = start;
  plan.hold = hold;
  plan.timeout = timeout;
  return plan;
}

/// When `process` did `action`, in nanoseconds.
std::vector<std::int64_t> times_of(const referee& seen, process_id process,
                                   simulated_action action) {
  std::vector<std::int64_t> result;
  for (const auto& [time, who, what] : seen.trace)
    if (who == process && what == action) result.push_back(time.count());
  return result;
}

} // namespace

#define CHECK_TIMES(found, ...)                                                \
  BOOST_TEST((found) == (std::vector<std::int64_t>{__VA_ARGS__}),              \
             boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(a_contender_does_as_it_is_told) {
  simulation world;
  const referee seen(world);
  contention plan = plan_of(5ns, 10ns);
  plan.rest = 3ns;
  plan.times = 3;
  const process_id process = world.contend(path, constant_backoff(1s), plan);
  BOOST_TEST(world.contenders() == 1U);
  world.run();
  CHECK_TIMES(times_of(seen, process, simulated_action::acquired), 5, 18, 31);
  CHECK_TIMES(times_of(seen, process, simulated_action::released), 15, 28, 41);
  BOOST_TEST(world.contenders() == 0U);
  BOOST_TEST(seen.violations == "");
}

BOOST_AUTO_TEST_CASE(a_contender_waits_by_its_policy_and_up_to_its_timeout) {
  simulation world;
  const referee seen(world);
  world.hold(path, 0ns, 100ns);
  const process_id patient = world.contend(path, constant_backoff(30ns));
  const process_id hasty =
      world.contend(path, constant_backoff(30ns), plan_of(0ns, 1ns, 70ns));
  const process_id brief =
      world.contend(path, limited(constant_backoff(30ns), 2));
  const process_id eager =
      world.contend(path, yield_backoff(), plan_of(0ns, 1ns, 2500ns + 99ns));
  world.sleep_for(1us);
  world.hold(path); // against the eager one
  world.run();
  CHECK_TIMES(times_of(seen, patient, simulated_action::busy), 0, 30, 60, 90);
  CHECK_TIMES(times_of(seen, patient, simulated_action::acquired), 120);
  CHECK_TIMES(times_of(seen, hasty, simulated_action::busy), 0, 30, 60, 70);
  CHECK_TIMES(times_of(seen, hasty, simulated_action::gave_up), 70);
  CHECK_TIMES(times_of(seen, brief, simulated_action::busy), 0, 30);
  CHECK_TIMES(times_of(seen, brief, simulated_action::gave_up), 30);
  CHECK_TIMES(times_of(seen, eager, simulated_action::busy), 0, 1000, 2000,
              2599);
  CHECK_TIMES(times_of(seen, eager, simulated_action::gave_up), 2599);
  BOOST_TEST(seen.violations == "");
}

BOOST_AUTO_TEST_CASE(a_contender_of_no_times_never_comes) {
  simulation world;
  contention plan;
  plan.times = 0;
  world.contend(path, constant_backoff(1s), plan);
  BOOST_TEST(world.contenders() == 0U);
  BOOST_TEST(!world.exists(path));
}

BOOST_AUTO_TEST_CASE(giving_up_again_and_again_does_not_recurse) {
  simulation world;
  world.hold(path);
  contention plan = plan_of(0ns, 0ns, 0ns);
  plan.times = 200000;
  world.contend(path, constant_backoff(1s), plan);
  world.run();
  BOOST_TEST(world.contenders() == 1U);
}

BOOST_AUTO_TEST_CASE(a_policy_of_a_contender_sees_the_path_and_the_holder) {
  simulation world;
  const process_id holder = world.hold(path, 0s, 1s);
  std::string seen;
  world.contend(path, [&](const wait_state& wait) {
    seen += wait.path().string() + " " +
            std::to_string(wait.holder().value_or(0)) + ";";
    return 2s;
  });
  world.run();
  BOOST_TEST(seen == path.string() + " " + std::to_string(holder) + ";");
}

BOOST_AUTO_TEST_CASE(chance_keeps_within_its_bounds_and_reaches_them) {
  simulation world(7);
  const referee seen(world);
  contention plan = plan_of({3ns, 7ns}, {10ns, 12ns});
  plan.rest = {0ns, 1ns};
  plan.times = 200;
  const process_id process = world.contend(path, constant_backoff(1s), plan);
  world.run();
  const auto taken = times_of(seen, process, simulated_action::acquired);
  const auto left = times_of(seen, process, simulated_action::released);
  BOOST_REQUIRE(taken.size() == 200U);
  BOOST_REQUIRE(left.size() == 200U);
  BOOST_TEST((taken[0] >= 3 && taken[0] <= 7));
  std::set<std::int64_t> holds;
  std::set<std::int64_t> rests;
  for (std::size_t i = 0; i != taken.size(); ++i) {
    holds.insert(left[i] - taken[i]);
    if (i != 0) rests.insert(taken[i] - left[i - 1]);
  }
  BOOST_TEST((holds == std::set<std::int64_t>{10, 11, 12}));
  BOOST_TEST((rests == std::set<std::int64_t>{0, 1}));
}

BOOST_AUTO_TEST_CASE(the_numbers_of_a_seed_are_the_same_on_every_system) {
  // What SplitMix64 begins with.
  simulation world(1);
  BOOST_TEST(world.random() == 10451216379200822465U);
  simulation other(1);
  BOOST_TEST(other.random() == 10451216379200822465U);
  BOOST_TEST(simulation(0).random() == 16294208416658607535U);
}

BOOST_AUTO_TEST_CASE(a_contender_that_is_killed_in_a_pause_asks_no_more) {
  simulation world;
  const referee seen(world);
  world.hold(path, 0ns, 50ns);
  const process_id waiter = world.contend(path, constant_backoff(30ns));
  world.at(40ns, [&] { world.kill(waiter); });
  world.run();
  CHECK_TIMES(times_of(seen, waiter, simulated_action::busy), 0, 30);
  CHECK_TIMES(times_of(seen, waiter, simulated_action::killed), 40);
  BOOST_TEST(times_of(seen, waiter, simulated_action::acquired).empty());
}

BOOST_AUTO_TEST_SUITE(many_contenders)

namespace {

constexpr std::size_t contenders = 10000;
constexpr nanoseconds deadline = 10s;

/// So many contenders, and a program that waits among them.
void simulate(simulation& world, std::size_t count) {
  for (std::size_t i = 0; i != count; ++i) {
    contention plan = plan_of({0s, 20s}, {0ms, 10ms});
    plan.rest = {0s, 1s};
    plan.times = 1 + i % 3;
    if (i % 2 == 0) plan.timeout = 3s;
    if (i % 5 == 0) plan.mode = lock_mode::shared;
    switch (i % 4) {
    case 0:
      world.contend(path, exponential_backoff(), plan);
      break;
    case 1:
      world.contend(path, constant_backoff(400ms), plan);
      break;
    case 2:
      world.contend(path, proportional_backoff(0.5, 1ms, 1s), plan);
      break;
    default:
      world.contend(path, limited(exponential_backoff(), 40), plan);
    }
  }
  filelock::basic_file_lock<filelock::simulated_traits, constant_backoff> lock(
      path, constant_backoff(7s));
  world.sleep_for(5s);
  const nanoseconds start = world.now();
  const bool is_acquired = lock.try_lock_for(deadline);
  BOOST_TEST((is_acquired ? world.now() <= start + deadline
                          : world.now() == start + deadline));
  lock.close();
  world.run();
}

} // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_exclude_each_other_and_end) {
  simulation world(20260101);
  const referee seen(world);
  simulate(world, contenders);
  BOOST_TEST(seen.violations == "");
  BOOST_TEST(world.contenders() == 0U);
  BOOST_TEST(!world.holder(path));
  BOOST_TEST(world.open_files() == 0U);
  BOOST_TEST(seen.count(simulated_action::acquired) ==
             seen.count(simulated_action::released));
  // Most have had to wait, and many have given up.
  BOOST_TEST(seen.count(simulated_action::acquired) > contenders / 4);
  BOOST_TEST(seen.count(simulated_action::gave_up) > contenders / 10);
  BOOST_TEST(seen.count(simulated_action::busy) > 5 * contenders);
}

BOOST_AUTO_TEST_CASE(do_the_same_for_the_same_seed_and_else_for_another) {
  const auto trace = [](std::uint64_t seed) {
    simulation world(seed);
    const referee seen(world);
    simulate(world, contenders / 10);
    return seen.trace;
  };
  const auto first = trace(1);
  BOOST_TEST((trace(1) == first));
  BOOST_TEST((trace(2) != first));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_TIMES
