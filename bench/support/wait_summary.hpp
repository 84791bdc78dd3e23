// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_WAIT_SUMMARY_HPP
#define FILELOCK_BENCH_SUPPORT_WAIT_SUMMARY_HPP

#include "hand_over_pair.hpp"
#include "percentile.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace bench {

/// What many waits of one subject were like.
struct wait_summary {
  std::chrono::nanoseconds p50{};
  std::chrono::nanoseconds p90{};
  std::chrono::nanoseconds p99{};
  std::chrono::nanoseconds max{};
  double cpu_share = 0; ///< CPU time through the time waited
  std::size_t count = 0;
};

inline wait_summary summarise(const std::vector<measurement>& measurements) {
  std::vector<std::chrono::nanoseconds> late;
  std::chrono::nanoseconds waited{};
  std::chrono::nanoseconds cpu{};
  for (const measurement& each : measurements) {
    late.push_back(each.late);
    waited += each.waited;
    cpu += each.cpu;
  }
  std::sort(late.begin(), late.end());
  return {percentile(late, 50),
          percentile(late, 90),
          percentile(late, 99),
          percentile(late, 100),
          static_cast<double>(cpu.count()) /
              static_cast<double>(waited.count()),
          late.size()};
}

} // namespace bench

#endif
