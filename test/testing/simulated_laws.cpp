// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The laws of a Platform, on the virtual clock.

#include <boost/test/unit_test.hpp>

#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/simulated_law_tools.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(testing_simulated_laws)

namespace {

using filelock::atomic_simulated_traits;
using filelock::lock_ownership;
using filelock::lock_request;
using filelock::simulated_traits;

template <class P>
std::string broken_laws() {
  const filelock::simulation world;
  return filelock::broken_laws<P>("/laws");
}

struct says_atomic : simulated_traits {
  static constexpr bool atomic_conversion = true;
};
struct says_not_atomic : atomic_simulated_traits {
  static constexpr bool atomic_conversion = false;
};
struct says_description : simulated_traits {
  static constexpr lock_ownership ownership =
      lock_ownership::open_file_description;
};
struct does_not_wait : simulated_traits {
  static void lock(std::int64_t handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    if (!try_lock(handle, request, ec)) return;
  }
};
struct does_not_pause : simulated_traits {
  static void wait_for(std::int64_t, std::chrono::nanoseconds,
                       filelock::canceller&) noexcept {}
};

template <class P>
bool breaks(const std::string& law) {
  return broken_laws<P>().find(law) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(simulated_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<simulated_traits>() == "");
}

BOOST_AUTO_TEST_CASE(atomic_simulated_traits_keeps_the_laws) {
  BOOST_TEST(broken_laws<atomic_simulated_traits>() == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_left_open_by_the_laws) {
  const filelock::simulation world;
  BOOST_TEST(filelock::broken_laws<simulated_traits>("/laws") == "");
  BOOST_TEST(world.open_files() == 0U);
}

BOOST_AUTO_TEST_CASE(a_law_that_is_broken_on_the_virtual_clock_is_noticed) {
  BOOST_TEST(breaks<says_atomic>("fact: atomic_conversion"));
  BOOST_TEST(breaks<says_not_atomic>("fact: atomic_conversion"));
  BOOST_TEST(breaks<says_description>("fact: ownership"));
  BOOST_TEST(breaks<does_not_wait>("lock waits until it is granted"));
  BOOST_TEST(breaks<does_not_pause>("wait_for waits for a time"));
}

BOOST_AUTO_TEST_SUITE_END()
