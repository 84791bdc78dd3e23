// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled, of POSIX

#include <boost/test/unit_test.hpp>

#include <filelock/canceller.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <string>
#include <system_error>

BOOST_AUTO_TEST_SUITE(platform_queued_laws)

namespace {

using queued_flock = filelock::queued<filelock::posix_flock_traits>;
using queued_ofd = filelock::queued<filelock::posix_ofd_traits>;

struct ends_early : queued_flock {
  static bool lock_until(int handle, const filelock::lock_request& request,
                         const std::chrono::steady_clock::time_point&,
                         filelock::canceller&, std::error_code& ec) noexcept {
    return queued_flock::try_lock(handle, request, ec);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(queued_keeps_the_laws_and_the_facts_of_what_it_queues) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<queued_flock>(folder.path()) == "");
  BOOST_TEST(filelock::broken_laws<queued_ofd>(folder.path()) == "");
}

BOOST_AUTO_TEST_CASE(one_that_ends_early_is_noticed) {
  // Not by a try that a busy machine stops for as long as that wait.
  bool is_noticed = false;
  for (int tries = 100; tries != 0 && !is_noticed; --tries) {
    const test::temporary_folder folder;
    is_noticed = filelock::broken_laws<ends_early>(folder.path())
                     .find("lock_until waits until") != std::string::npos;
  }
  BOOST_TEST(is_noticed);
}

BOOST_AUTO_TEST_SUITE_END()
