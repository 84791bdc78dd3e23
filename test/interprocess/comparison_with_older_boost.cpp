// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: clocks of its own by raw calls; see windows.interprocess
// ALONE
// LABELS: process

// comparison.cpp with the headers of Boost 1.74, where
// scripts/fetch-boost-1.74 has put them.

#include <boost/version.hpp>

#if BOOST_VERSION / 100 == 1074

#define FILELOCK_TEST_HEADER_ONLY // its libraries are not there
#include "interprocess/comparison.cpp"

#else

#include "support/skipped.hpp"

int main() {
  test::skipped("interprocess.comparison_with_older_boost",
                "build/boost-1.74 has no Boost 1.74; "
                "scripts/fetch-boost-1.74 puts it there, build again then");
}

#endif
