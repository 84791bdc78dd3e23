// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// polled<P> waits as the policy says, whatever P can do.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_law_tools.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(platform_polled)

namespace {

using namespace std::chrono_literals;
using filelock::is_platform_v;
using filelock::polled;

template <class P>
constexpr bool waits_in_kernel =
    filelock::detail::has_lock_v<P> || filelock::detail::has_lock_until_v<P>;

template <class P>
constexpr bool is_polled =
    is_platform_v<P>&& is_platform_v<polled<P>> && !waits_in_kernel<polled<P>>;

static_assert(is_polled<filelock::native_traits>, "the native one");
static_assert(is_polled<filelock::queued_file_lock::platform_type>, "queued");
static_assert(is_polled<test::scripted_full>, "both waits");
static_assert(is_polled<test::scripted_blocking>, "lock alone");
static_assert(is_polled<test::scripted_bounded>, "lock_until alone");
static_assert(is_polled<test::scripted_polled>, "neither");
static_assert(is_polled<polled<test::scripted_full>>, "polled already");
static_assert(is_polled<filelock::faulty<test::scripted_full>>, "faulty");
static_assert(!waits_in_kernel<filelock::faulty<polled<test::scripted_full>>>,
              "faulty over it");

using polled_lock = filelock::basic_file_lock<polled<test::scripted_full>,
                                              filelock::constant_backoff>;

} // namespace

BOOST_AUTO_TEST_CASE(the_policy_paces_lock) {
  test::script script;
  script.free_from = 2s;
  polled_lock lock("/folder/file", filelock::constant_backoff(1s));
  lock.lock();
  BOOST_TEST(script.log() ==
             "open try pause(1000000000) try pause(1000000000) try names");
}

BOOST_AUTO_TEST_CASE(the_policy_paces_a_timed_wait) {
  test::script script;
  script.free_from = test::never;
  polled_lock lock("/folder/file", filelock::constant_backoff(1s));
  BOOST_TEST(!lock.try_lock_for(2s));
  BOOST_TEST(script.log() == "open try pause(1000000000) try pause(1000000000) "
                             "try close");
}

BOOST_AUTO_TEST_CASE(polled_keeps_the_laws) {
  const test::temporary_folder folder;
  using native = polled<filelock::native_traits>;
  BOOST_TEST(filelock::broken_laws<native>(folder.path()) == "");
}

BOOST_AUTO_TEST_SUITE_END()
