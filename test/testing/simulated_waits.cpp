// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// When a lock asks, policy by policy, to the nanosecond; and how its wait is
// stopped: on the virtual clock.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(testing_simulated_waits)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::canceller;
using filelock::constant_backoff;
using filelock::exponential_backoff;
using filelock::jittered;
using filelock::limited;
using filelock::notified;
using filelock::proportional_backoff;
using filelock::simulated_action;
using filelock::simulated_file_lock;
using filelock::simulated_traits;
using filelock::simulation;
using filelock::simulation_event;
using filelock::then;
using filelock::wait_result;
using filelock::wait_state;
using filelock::yield_backoff;
using std::chrono::nanoseconds;

const std::filesystem::path path = "/folder/a.lock";

using times = std::vector<std::int64_t>;

/// \returns When the program under test asks, in microseconds.
template <class Policy>
times attempts(const Policy& policy, nanoseconds length, nanoseconds held) {
  simulation world;
  times result;
  world.set_observer([&](const simulation_event& event) {
    if (event.process == simulation::this_process &&
        event.action != simulated_action::released)
      result.push_back(event.time / 1us);
  });
  world.hold(path, 0s, held);
  basic_file_lock<simulated_traits, Policy> lock(path, policy);
  const bool is_acquired = lock.try_lock_for(length);
  BOOST_TEST(is_acquired == (held <= length));
  BOOST_TEST((world.now() <= length));
  return result;
}

template <class Platform, class Policy>
using core_on = filelock::detail::lock_core<Platform, Policy>;

} // namespace

#define CHECK_TIMES(found, ...)                                                \
  BOOST_TEST((found) == (times{__VA_ARGS__}), boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(each_policy_asks_by_its_schedule) {
  CHECK_TIMES(attempts(constant_backoff(10us), 35us, 1h), 0, 10, 20, 30, 35);
  CHECK_TIMES(attempts(constant_backoff(10us), 1h, 35us), 0, 10, 20, 30, 40);
  CHECK_TIMES(attempts(exponential_backoff(), 1s, 1h), 0, 10000, 30000, 70000,
              150000, 310000, 630000, 1000000);
  CHECK_TIMES(attempts(proportional_backoff(1.0, 1us, 8us), 20us, 1h), 0, 1, 2,
              4, 8, 16, 20);
  CHECK_TIMES(attempts(filelock::default_backoff(), 600us, 1h), 0, 50, 100, 150,
              225, 337, 506, 600);
  CHECK_TIMES(attempts(yield_backoff(), 4us, 1h), 0, 1, 2, 3, 4);
  CHECK_TIMES(attempts(limited(constant_backoff(10us), 3), 1h, 2h), 0, 10, 20);
  CHECK_TIMES(
      attempts(then(yield_backoff(), 3us, constant_backoff(10us)), 30us, 1h), 0,
      1, 2, 3, 13, 23, 30);
  CHECK_TIMES(attempts(notified(constant_backoff(10us), 25us, 10us,
                                [](const wait_state&) {}),
                       50us, 1h),
              0, 10, 20, 25, 35, 45, 50);
  CHECK_TIMES(attempts([](const wait_state&) { return 7us; }, 20us, 1h), 0, 7,
              14, 20);
}

BOOST_AUTO_TEST_CASE(chance_is_repeated_with_its_seed) {
  const auto scattered = [](std::uint32_t seed) {
    return attempts(
        jittered<constant_backoff, std::mt19937>(
            constant_backoff(10us), filelock::jitter::full, std::mt19937(seed)),
        1ms, 1h);
  };
  BOOST_TEST((scattered(1) == scattered(1)));
  BOOST_TEST((scattered(1) != scattered(2)));
}

BOOST_AUTO_TEST_CASE(a_yield_takes_a_microsecond_and_ends_at_the_deadline) {
  simulation world;
  world.hold(path);
  basic_file_lock<simulated_traits, yield_backoff> lock(path);
  BOOST_TEST(!lock.try_lock_for(5ms));
  BOOST_TEST((world.now() == 5ms));
}

BOOST_AUTO_TEST_CASE(the_result_of_each_wait_is_reported) {
  simulation world;
  world.hold(path, 0s, 25s);
  std::vector<wait_result> told;
  basic_file_lock<
      simulated_traits,
      notified<constant_backoff, std::function<void(const wait_result&)>>>
      lock(path, {constant_backoff(10s),
                  [&](const wait_result& result) { told.push_back(result); }});
  BOOST_TEST(!lock.try_lock_for(12s));
  BOOST_TEST(lock.try_lock_for(1h));
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST((told[0].outcome == filelock::wait_outcome::timed_out));
  BOOST_TEST((told[0].elapsed == 12s));
  BOOST_TEST(told[0].attempts == 3U);
  BOOST_TEST((told[1].outcome == filelock::wait_outcome::acquired));
  BOOST_TEST((told[1].elapsed == 20s));
  BOOST_TEST(told[1].attempts == 3U);
  // lock() is left to the kernel, and told all the same.
  lock.unlock();
  world.hold(path, 0s, 25s);
  const nanoseconds start = world.now();
  lock.lock();
  BOOST_TEST((world.now() - start == 25s));
  BOOST_REQUIRE(told.size() == 3U);
  BOOST_TEST((told[2].elapsed == 25s));
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_a_pause_at_its_virtual_time) {
  simulation world;
  world.hold(path);
  core_on<simulated_traits, constant_backoff> core(std::filesystem::path(path),
                                                   constant_backoff(1h), {});
  filelock::cancel_source source;
  world.at(7s, [&] { source.request(); });
  world.at(8s, [] { BOOST_ERROR("after the cancel"); });
  filelock::detail::failure failed;
  BOOST_TEST((core.acquire(filelock::lock_mode::exclusive,
                           filelock::detail::no_deadline(), canceller(source),
                           failed) == filelock::wait_outcome::stopped));
  BOOST_TEST(!failed);
  BOOST_TEST((world.now() == 7s));
  BOOST_TEST(world.open_files() == 0U);
  // A second one is over before it begins to wait.
  BOOST_TEST((core.acquire(filelock::lock_mode::exclusive,
                           filelock::detail::no_deadline(), canceller(source),
                           failed) == filelock::wait_outcome::stopped));
  BOOST_TEST((world.now() == 7s));
}

#if FILELOCK_HAS_STOP_TOKEN
BOOST_AUTO_TEST_CASE(a_stop_token_ends_a_wait_at_its_virtual_time) {
  simulation world;
  world.hold(path, 0s, 20s);
  simulated_file_lock lock(path);
  std::stop_source source;
  world.at(7s, [&] { source.request_stop(); });
  BOOST_TEST(!lock.lock(source.get_token()));
  BOOST_TEST((world.now() == 7s));
  BOOST_TEST(!lock.owns_lock());
  BOOST_TEST(!lock.try_lock_for(1h, source.get_token()));
  BOOST_TEST((world.now() == 7s));
  BOOST_TEST(lock.lock(std::stop_source().get_token()));
  BOOST_TEST((world.now() >= 20s));
}
#endif

BOOST_AUTO_TEST_CASE(what_a_callback_throws_ends_the_wait_without_the_lock) {
  simulation world;
  world.hold(path, 0s, 20s);
  const auto refuse = [](const wait_state&) {
    throw std::runtime_error("refused");
  };
  basic_file_lock<simulated_traits,
                  notified<constant_backoff, std::decay_t<decltype(refuse)>>>
      lock(path, notified(constant_backoff(1s), 3s, refuse));
  BOOST_CHECK_THROW(lock.lock(), std::runtime_error);
  BOOST_TEST((world.now() == 3s));
  BOOST_TEST(!lock.owns_lock());
  BOOST_TEST(world.open_files() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_TIMES
