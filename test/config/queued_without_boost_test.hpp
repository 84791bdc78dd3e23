// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program of its own, for builds that the test framework is not made for.

#ifndef FILELOCK_TEST_CONFIG_QUEUED_WITHOUT_BOOST_TEST_HPP
#define FILELOCK_TEST_CONFIG_QUEUED_WITHOUT_BOOST_TEST_HPP

#include <filelock/platform/posix_flock_traits.hpp>

#include "support/descriptors.hpp"
#include "support/queued_race.hpp"
#include "support/temporary_folder.hpp"

#include <cstdio>
#include <string>

int main() {
  const test::temporary_folder folder;
  const int descriptors = test::count_descriptors();
  std::string wrong =
      test::race_of_cancel_and_grant<filelock::posix_flock_traits>(
          folder / "a.lock", 2000);
  if (test::count_descriptors() != descriptors) wrong += "descriptors leak";
  if (!wrong.empty()) std::printf("%s\n", wrong.c_str());
  return wrong.empty() ? 0 : 1;
}

#endif
