// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_JAIN_INDEX_HPP
#define FILELOCK_BENCH_SUPPORT_JAIN_INDEX_HPP

#include <stdexcept>
#include <vector>

namespace bench {

/// \returns How fairly something was shared, by Jain, Chiu and Hawe, "A
/// quantitative measure of fairness", 1984: 1 where all have the same; 1/n
/// where one of n has all.
inline double jain_index(const std::vector<double>& shares) {
  double sum = 0;
  double sum_of_squares = 0;
  for (const double share : shares) {
    sum += share;
    sum_of_squares += share * share;
  }
  if (!(sum_of_squares > 0))
    throw std::invalid_argument("nobody has had a share");
  return sum * sum / (static_cast<double>(shares.size()) * sum_of_squares);
}

} // namespace bench

#endif
