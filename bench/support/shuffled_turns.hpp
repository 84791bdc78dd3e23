// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_SHUFFLED_TURNS_HPP
#define FILELOCK_BENCH_SUPPORT_SHUFFLED_TURNS_HPP

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace bench {

/// The order of the subjects in a round: another one in each, so that whatever
/// else the machine does meets all subjects alike.
class shuffled_turns {
public:
  explicit shuffled_turns(std::size_t subjects) : turns_(subjects) {
    std::iota(turns_.begin(), turns_.end(), std::size_t{0});
  }

  const std::vector<std::size_t>& next_round() {
    std::shuffle(turns_.begin(), turns_.end(), generator_);
    return turns_;
  }

private:
  std::mt19937 generator_{1};
  std::vector<std::size_t> turns_;
};

} // namespace bench

#endif
