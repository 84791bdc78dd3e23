// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_GOAL_HPP
#define FILELOCK_BENCH_SUPPORT_GOAL_HPP

#include <cstdio>
#include <string>

namespace bench {

/// Effects: says whether a figure is as low as it should be.
inline void print_goal(const std::string& what, double value, double most,
                       const char* unit) {
  std::printf("%-66s %8.3g %s, goal %g %s: %s\n", what.c_str(), value, unit,
              most, unit, value <= most ? "met" : "MISSED");
}

} // namespace bench

#endif
