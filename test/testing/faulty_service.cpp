// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Injected errors in the members of the Platform of a service.

#include <boost/test/unit_test.hpp>

#include <filelock/testing/faulty.hpp>
#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulated_service.hpp>

#include "support/simulated_law_tools.hpp"

#include <chrono>
#include <system_error>

using namespace std::chrono_literals;

namespace {

using filelock::fault_scope;
using filelock::fault_script;
using filelock::platform_call;
using faulty_service = filelock::faulty<filelock::simulated_service_traits>;
using faulty_lock = filelock::basic_file_lock<faulty_service>;

struct in_service {
  filelock::simulation world;
  filelock::simulated_service service;
  fault_script faults;
  fault_scope scope{faults};
  faulty_lock lock{"jobs"};
  std::error_code ec;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testing_faulty_service, in_service)

BOOST_AUTO_TEST_CASE(it_keeps_the_laws_under_an_empty_script) {
  BOOST_TEST(filelock::broken_laws<faulty_service>("laws") == "");
  BOOST_TEST(faults.count(platform_call::open_until) != 0U);
  BOOST_TEST(faults.count(platform_call::holds) != 0U);
  BOOST_TEST(faults.count(platform_call::token) != 0U);
  BOOST_TEST(faults.count(platform_call::loss) != 0U);
  BOOST_TEST(faults.count(platform_call::holder_name) != 0U);
}

BOOST_AUTO_TEST_CASE(a_connect_fails) {
  faults.fail(platform_call::open_until, std::errc::host_unreachable);
  BOOST_TEST(!lock.try_lock_for(1s, ec));
  BOOST_TEST((ec == std::errc::host_unreachable));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(lock.try_lock_for(1s));
  BOOST_TEST(faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(a_connect_that_ends_early_is_made_again) {
  faults.busy(platform_call::open_until);
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST(faults.count(platform_call::open_until) == 2U);
  BOOST_TEST(faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(a_connect_is_interrupted) {
  faults.fail(platform_call::open_until, std::errc::interrupted);
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST(faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(a_connect_is_late) {
  faults.delay(platform_call::open_until, 3s);
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST((world.now() == 3s));
}

BOOST_AUTO_TEST_CASE(an_attempt_in_a_wait_loses_the_session) {
  faults.fail(platform_call::attempt_until, std::errc::connection_reset);
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST(faults.count(platform_call::open_until) == 2U);
  BOOST_TEST(service.sessions() == 1U);
}

BOOST_AUTO_TEST_CASE(an_attempt_in_a_wait_is_busy) {
  faults.busy(platform_call::attempt_until);
  BOOST_TEST(lock.try_lock_for(1min));
  BOOST_TEST(faults.count(platform_call::lock_until) == 1U);
}

BOOST_AUTO_TEST_CASE(an_attempt_loses_each_session) {
  faults.fail(platform_call::try_lock, std::errc::connection_reset,
              filelock::every_call());
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(service.sessions() == 0U);
}

BOOST_AUTO_TEST_CASE(a_hold_seems_lost) {
  lock.lock();
  faults.fail(platform_call::holds, std::errc::io_error);
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(lock.still_valid());
  faults.fail(platform_call::loss, std::errc::io_error);
  BOOST_TEST(lock.loss().requested());
  BOOST_TEST(!lock.loss().requested());
  faults.fail(platform_call::token, std::errc::io_error);
  BOOST_TEST(lock.token() == 0U);
  BOOST_TEST(lock.token() == 1U);
  BOOST_TEST(faults.is_exhausted());
}

BOOST_AUTO_TEST_CASE(a_nested_acquire_of_a_lost_hold_is_an_error) {
  lock.lock();
  faults.fail(platform_call::holds, std::errc::io_error);
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::connection_aborted));
}

BOOST_AUTO_TEST_CASE(nobody_is_named) {
  service.hold("jobs");
  faults.fail(platform_call::holder_name, std::errc::io_error);
  BOOST_TEST(lock.holder_name() == "");
  BOOST_TEST(lock.holder_name() == "process 2");
}

BOOST_AUTO_TEST_CASE(a_release_loses_the_session) {
  lock.lock();
  faults.fail(platform_call::unlock, std::errc::connection_reset);
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::connection_reset));
  BOOST_TEST(service.sessions() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
