// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The middle of what was measured.

#ifndef FILELOCK_BENCH_SUPPORT_MEDIAN_HPP
#define FILELOCK_BENCH_SUPPORT_MEDIAN_HPP

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench {

/// Preconditions: there is at least one value.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 != 0 ? values[middle]
                                : (values[middle - 1] + values[middle]) / 2;
}

} // namespace bench

#endif
