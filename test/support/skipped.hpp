// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Says what cannot run on this machine; scripts/test counts these lines.

#ifndef FILELOCK_TEST_SUPPORT_SKIPPED_HPP
#define FILELOCK_TEST_SUPPORT_SKIPPED_HPP

#include <cstdio>

namespace test {

inline void skipped(const char* what, const char* why) {
  std::printf("SKIPPED: %s: %s\n", what, why);
  std::fflush(stdout);
}

} // namespace test

#endif
