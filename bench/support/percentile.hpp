// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_PERCENTILE_HPP
#define FILELOCK_BENCH_SUPPORT_PERCENTILE_HPP

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace bench {

/// \returns By the nearest rank: the least of the values that at least
/// `percent` of all are not above. It is one of them, never between two.
/// \param sorted Ascending.
template <class T>
T percentile(const std::vector<T>& sorted, std::size_t percent) {
  if (sorted.empty() || percent > 100)
    throw std::invalid_argument("a percentile of nothing, or above 100");
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[rank == 0 ? 0 : rank - 1];
}

} // namespace bench

#endif
