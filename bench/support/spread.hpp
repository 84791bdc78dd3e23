// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SPREAD_HPP
#define FILELOCK_BENCH_SUPPORT_SPREAD_HPP

#include <cstddef>

namespace bench {

/// \returns Whether something is due in this step, counted from zero, that is
/// done `times` in all and spread evenly over `steps`, which are as many at
/// least.
inline bool is_due(std::size_t step, std::size_t times, std::size_t steps) {
  return step * times / steps != (step + 1) * times / steps;
}

} // namespace bench

#endif
