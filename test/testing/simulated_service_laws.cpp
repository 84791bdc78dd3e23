// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The laws of a Platform, of a simulated lock service.

#include <boost/test/unit_test.hpp>

#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulated_service.hpp>

#include "support/simulated_law_tools.hpp"

#include <chrono>

BOOST_AUTO_TEST_SUITE(testing_simulated_service_laws)

namespace {

using filelock::simulated_service;
using filelock::simulated_service_traits;

} // namespace

BOOST_AUTO_TEST_CASE(simulated_service_traits_keeps_the_laws) {
  const filelock::simulation world;
  const simulated_service service;
  const filelock::law_report report =
      filelock::check_platform_laws<simulated_service_traits>("laws");
  BOOST_TEST(report.broken == "");
  BOOST_TEST(report.untried == "");
}

BOOST_AUTO_TEST_CASE(a_lease_and_slow_messages_change_no_law) {
  const filelock::simulation world;
  simulated_service service(std::chrono::seconds(9));
  service.set_latency(std::chrono::microseconds(10));
  BOOST_TEST(filelock::broken_laws<simulated_service_traits>("laws") == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_left_at_the_service_by_the_laws) {
  const filelock::simulation world;
  const simulated_service service;
  BOOST_TEST(filelock::broken_laws<simulated_service_traits>("laws") == "");
  BOOST_TEST(service.sessions() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
