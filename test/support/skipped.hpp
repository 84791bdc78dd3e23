// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Says what cannot run on this machine; scripts/test counts these lines.

#ifndef FILELOCK_TEST_SUPPORT_SKIPPED_HPP
#define FILELOCK_TEST_SUPPORT_SKIPPED_HPP

#ifdef BOOST_TEST_NO_OLD_TOOLS // as all tests with Boost.Test are compiled
#include <boost/test/unit_test.hpp>
#endif

#include <cstdio>
#include <string>

namespace test {

/// \returns The test case that runs, as --run_test takes it. Empty where there
/// is none, and in a program without Boost.Test.
inline std::string running_case() {
#ifdef BOOST_TEST_NO_OLD_TOOLS
  namespace framework = boost::unit_test::framework;
  if (framework::test_in_progress())
    return framework::current_test_case().full_name();
#endif
  return "";
}

/// Effects: names the case too, as one piece of code may serve several.
inline void skipped(const std::string& what, const char* why) {
  std::string name = running_case();
  if (name.empty())
    name = what;
  else if (name.substr(name.rfind('/') + 1) != what)
    name += ": " + what;
  std::printf("SKIPPED: %s: %s\n", name.c_str(), why);
  std::fflush(stdout);
}

} // namespace test

#endif
