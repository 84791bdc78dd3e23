// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The simulated lock service: sessions, leases, and messages that get lost.

#include <boost/test/unit_test.hpp>

#include <filelock/testing/simulated_service.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

using namespace std::chrono_literals;

namespace {

using filelock::simulated_service;
using filelock::simulated_service_lock;
using filelock::simulation;

struct in_simulation {
  simulation world;
};

bool is_taken(std::error_code& ec, bool result) { return result && !ec; }

} // namespace

BOOST_FIXTURE_TEST_SUITE(testing_simulated_service, in_simulation)

BOOST_AUTO_TEST_CASE(two_owners_exclude_each_other) {
  simulated_service service;
  simulated_service_lock first{"jobs"};
  simulated_service_lock second{"jobs"};
  simulated_service_lock other{"other jobs"};
  first.lock();
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(other.try_lock());
  BOOST_TEST((service.holder("jobs") == simulation::this_process));
  first.unlock();
  BOOST_TEST(second.try_lock());
  BOOST_TEST(service.sessions() == 3U);
}

BOOST_AUTO_TEST_CASE(a_name_is_not_a_path) {
  simulated_service service;
  simulated_service_lock first{"a/../jobs/"};
  simulated_service_lock second{"jobs"};
  BOOST_TEST(first.try_lock());
  BOOST_TEST(second.try_lock());
  BOOST_TEST(service.holder("a/../jobs/").has_value());
}

BOOST_AUTO_TEST_CASE(a_waiter_gets_the_lock_at_its_release) {
  simulated_service service;
  service.hold("jobs", 0s, 5s);
  simulated_service_lock lock{"jobs"};
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST((lock.holder_name() == "process 2"));
  lock.lock();
  BOOST_TEST((world.now() == 5s));
  BOOST_TEST(lock.token() == 2U);
  BOOST_TEST(service.last_token() == 2U);
}

BOOST_AUTO_TEST_CASE(a_deadline_is_not_overslept) {
  simulated_service service;
  service.set_latency(10ms);
  service.hold("jobs");
  simulated_service_lock lock{"jobs"};
  BOOST_TEST(!lock.try_lock_for(2s));
  BOOST_TEST((world.now() == 2s));
  BOOST_TEST(lock.is_open());
}

BOOST_AUTO_TEST_CASE(waiters_get_the_lock_in_their_order) {
  simulated_service service;
  service.hold("jobs", 0s, 5s);
  service.hold("jobs", 1s, 5s);
  service.hold("jobs", 3s, 5s);
  world.sleep_for(2s);
  simulated_service_lock lock{"jobs"};
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST((world.now() == 10s)); // before the one that came at 3 s
}

BOOST_AUTO_TEST_CASE(a_wait_that_can_never_end_is_an_error) {
  simulated_service service;
  service.hold("jobs");
  simulated_service_lock lock{"jobs"};
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
}

BOOST_AUTO_TEST_CASE(messages_take_their_time) {
  simulated_service service;
  service.set_latency(10ms);
  simulated_service_lock lock{"jobs"};
  lock.lock(); // a connect and a request
  BOOST_TEST((world.now() == 40ms));
  lock.unlock();
  BOOST_TEST((world.now() == 60ms));
}

BOOST_AUTO_TEST_CASE(a_grant_that_comes_after_the_deadline_is_given_back) {
  simulated_service service;
  service.set_latency(10ms);
  service.hold("jobs", 0s, 1s);
  simulated_service_lock late{"jobs"};
  late.open();
  BOOST_TEST(!late.try_lock_for(985ms)); // until 1005 ms
  BOOST_TEST((world.now() == 1005ms));
  simulated_service_lock other{"jobs"};
  BOOST_TEST(other.try_lock_for(1s));
  BOOST_TEST(late.is_open());
}

BOOST_AUTO_TEST_CASE(an_owner_that_runs_keeps_its_lease) {
  simulated_service service(9s);
  simulated_service_lock lock{"jobs"};
  lock.lock();
  world.sleep_for(1h);
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(!lock.loss().requested());
}

BOOST_AUTO_TEST_CASE(an_owner_that_sleeps_over_its_lease_loses_it) {
  simulated_service service(9s);
  simulated_service_lock lock{"jobs"};
  lock.lock();
  const filelock::canceller loss = lock.loss();
  const std::uint64_t token = lock.token();
  service.hold("jobs", 1s, 1h);
  service.suspend_for(10s);
  BOOST_TEST(loss.requested());
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(service.last_token() > token);
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(an_owner_that_wakes_in_time_keeps_it) {
  simulated_service service(9s);
  simulated_service_lock lock{"jobs"};
  lock.lock();
  service.suspend_for(5s);
  BOOST_TEST(lock.still_valid());
  world.sleep_for(1min);
  service.suspend_for(5s);
  BOOST_TEST(lock.still_valid());
  lock.unlock();
}

BOOST_AUTO_TEST_CASE(an_owner_knows_the_end_of_its_lease_by_its_clock) {
  simulated_service service(9s);
  simulated_service_lock lock{"jobs"};
  lock.lock();
  service.suspend(lock.native_handle());
  world.sleep_for(9s - 1ns);
  BOOST_TEST(lock.still_valid());
  world.sleep_for(1ns);
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(!lock.loss().requested()); // nobody runs who could tell
  service.resume(lock.native_handle());
  BOOST_TEST(lock.loss().requested());
}

BOOST_AUTO_TEST_CASE(a_grant_during_sleep_over_the_lease_is_no_hold) {
  simulated_service service(9s);
  service.hold("jobs", 0s, 2s);
  simulated_service_lock lock{"jobs"};
  lock.open();
  const std::int64_t session = lock.native_handle();
  world.at(1s, [&] { service.suspend(session); });
  world.at(20s, [&] { service.resume(session); });
  lock.lock(); // by another session
  BOOST_TEST((world.now() == 20s));
  BOOST_TEST(lock.native_handle() != session);
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_session_that_the_service_ends_is_told) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  lock.lock();
  const filelock::canceller loss = lock.loss();
  service.end_session(lock.native_handle());
  BOOST_TEST(loss.requested());
  BOOST_TEST(!lock.still_valid());
  simulated_service_lock other{"jobs"};
  BOOST_TEST(other.try_lock());
  BOOST_TEST(service.sessions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_restart_ends_sessions_and_no_numbers) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  lock.lock();
  const std::uint64_t token = lock.token();
  service.end_sessions();
  BOOST_TEST(service.sessions() == 0U);
  lock.close();
  lock.lock();
  BOOST_TEST(lock.token() > token);
}

BOOST_AUTO_TEST_CASE(a_session_that_ends_in_a_wait_is_begun_anew) {
  simulated_service service;
  service.hold("jobs", 0s, 5s);
  simulated_service_lock lock{"jobs"};
  lock.open();
  world.at(1s, [&] { service.end_session(lock.native_handle()); });
  BOOST_TEST(lock.try_lock_for(10s));
  BOOST_TEST((world.now() == 5s));
}

BOOST_AUTO_TEST_CASE(a_lost_request_ends_the_session_after_the_patience) {
  simulated_service service(simulation::for_ever, 3s);
  simulated_service_lock lock{"jobs"};
  lock.open();
  service.lose_requests();
  BOOST_TEST(lock.try_lock()); // by another session
  BOOST_TEST((world.now() == 3s));
  BOOST_TEST(lock.token() == 1U);
  BOOST_TEST(service.sessions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lost_grant_is_released_with_its_session) {
  simulated_service service(9s, 3s);
  simulated_service_lock lock{"jobs"};
  lock.open();
  service.lose_answers();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST((world.now() == 3s));
  BOOST_TEST(lock.token() == 2U); // the first one nobody knew
  BOOST_TEST(service.sessions() == 1U);
}

BOOST_AUTO_TEST_CASE(a_lost_grant_from_the_queue_is_not_kept) {
  simulated_service service(9s);
  service.hold("jobs", 0s, 2s);
  simulated_service_lock lock{"jobs"};
  lock.open();
  world.at(1s, [&] { service.lose_answers(); });
  BOOST_TEST(!lock.try_lock_for(2500ms));
  simulated_service_lock other{"jobs"};
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(other.try_lock_for(1s));
  BOOST_TEST((world.now() == 3s));
}

BOOST_AUTO_TEST_CASE(a_lost_answer_to_a_release_is_an_error_and_a_release) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  lock.lock();
  service.lose_answers();
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  simulated_service_lock other{"jobs"};
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(a_connect_that_gets_no_answer_is_made_again_in_a_wait) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  service.lose_requests(2);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(is_taken(ec, lock.try_lock_for(1min, ec)));
  BOOST_TEST((world.now() >= 2s));
  BOOST_TEST((world.now() < 3s));
}

BOOST_AUTO_TEST_CASE(a_connect_ends_at_the_deadline) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  service.lose_answers();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(200ms, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((world.now() == 200ms));
  BOOST_TEST(service.sessions() == 1U); // whose owner has gone
  world.run();
  BOOST_TEST(service.sessions() == 0U);
}

BOOST_AUTO_TEST_CASE(an_attempt_without_an_answer_ends_at_the_deadline) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  lock.open();
  service.lose_answers();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(200ms, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((world.now() == 200ms));
  world.run(); // until both sides have ended the session, and so its hold
  simulated_service_lock other{"jobs"};
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(a_refused_connect_is_an_error) {
  simulated_service service;
  service.set_refusing(true);
  simulated_service_lock lock{"jobs"};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(1min, ec));
  BOOST_TEST((ec == std::errc::connection_refused));
  service.set_refusing(false);
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_conversion_has_a_number_of_its_own) {
  simulated_service service;
  simulated_service_lock lock{"jobs"};
  simulated_service_lock reader{"jobs"};
  lock.lock_shared();
  reader.lock_shared();
  const std::uint64_t of_reader = reader.token();
  BOOST_TEST(
      (lock.try_upgrade() == filelock::conversion::refused_still_shared));
  reader.unlock();
  BOOST_TEST((lock.try_upgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(lock.token() > of_reader);
}

BOOST_AUTO_TEST_CASE(an_observer_sees_the_service) {
  simulated_service service;
  std::string seen;
  world.set_observer([&](const filelock::simulation_event& event) {
    seen += std::to_string(event.process) + " " + event.path.string() + " " +
            std::to_string(static_cast<int>(event.action)) + "\n";
  });
  service.hold("jobs", 0s, 2s);
  simulated_service_lock lock{"jobs"};
  lock.lock();
  lock.unlock();
  BOOST_TEST(seen == "2 jobs 1\n1 jobs 0\n2 jobs 2\n1 jobs 1\n1 jobs 2\n");
}

BOOST_AUTO_TEST_CASE(services_of_one_thread_nest) {
  simulated_service outer;
  simulated_service_lock lock{"jobs"};
  lock.lock();
  {
    simulated_service inner;
    simulated_service_lock other{"jobs"};
    BOOST_TEST(other.try_lock());
    BOOST_TEST(lock.still_valid());
  }
  BOOST_TEST(outer.sessions() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_service_a_lock_is_not_supported) {
  simulated_service_lock lock{"jobs"};
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_AUTO_TEST_CASE(events_that_outlive_the_service_do_no_harm) {
  {
    simulated_service service(9s);
    service.hold("jobs", 5s, 5s);
    simulated_service_lock lock{"jobs"};
    lock.lock();
    service.suspend(lock.native_handle());
  }
  world.run();
  BOOST_TEST((world.now() >= 9s));
}

BOOST_AUTO_TEST_SUITE_END()
