// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_RANDOM_TIMES_HPP
#define FILELOCK_BENCH_SUPPORT_RANDOM_TIMES_HPP

#include <chrono>
#include <cstddef>
#include <random>
#include <vector>

namespace bench {

/// \returns Times from `least` to `most`, the same in every run of one `seed`.
inline std::vector<std::chrono::nanoseconds>
random_times(std::size_t count, std::chrono::microseconds least,
             std::chrono::microseconds most, unsigned seed = 20260101) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<std::chrono::microseconds::rep> microseconds(
      least.count(), most.count());
  std::vector<std::chrono::nanoseconds> result;
  while (result.size() != count)
    result.push_back(std::chrono::microseconds(microseconds(generator)));
  return result;
}

} // namespace bench

#endif
