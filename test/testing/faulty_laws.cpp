// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A faulty Platform keeps the laws as long as its script says nothing.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"

BOOST_AUTO_TEST_SUITE(testing_faulty_laws)

namespace {

using filelock::faulty;
using filelock::native_traits;

} // namespace

BOOST_AUTO_TEST_CASE(faulty_keeps_the_laws_without_a_script) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<faulty<native_traits>>(folder.path()) == "");
}

BOOST_AUTO_TEST_CASE(faulty_keeps_the_laws_under_an_empty_script) {
  const test::temporary_folder folder;
  filelock::fault_script faults;
  const filelock::fault_scope scope(faults);
  BOOST_TEST(filelock::broken_laws<faulty<native_traits>>(folder.path()) == "");
  BOOST_TEST(faults.count(filelock::platform_call::try_lock) > 10);
}

BOOST_AUTO_TEST_CASE(two_layers_keep_the_laws) {
  const test::temporary_folder folder;
  BOOST_TEST(filelock::broken_laws<faulty<faulty<native_traits>>>(
                 folder.path()) == "");
}

#if FILELOCK_HAS_OFD_LOCKS
BOOST_AUTO_TEST_CASE(faulty_keeps_the_laws_of_records) {
  const test::temporary_folder folder;
  using description = faulty<filelock::posix_ofd_traits>;
  using process = faulty<filelock::posix_fcntl_traits>;
  BOOST_TEST(filelock::broken_laws<description>(folder.path()) == "");
  BOOST_TEST(filelock::broken_laws<process>(folder.path()) == "");
}
#endif

BOOST_AUTO_TEST_SUITE_END()
