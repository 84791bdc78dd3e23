// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_CROWD_HPP
#define FILELOCK_BENCH_SUPPORT_CROWD_HPP

#include "child.hpp"
#include "starting_gate.hpp"

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// Effects: runs `work(index, gate)` in `count` processes, each of which passes
/// the gate, and waits for their end. Throws where one has failed.
/// \param patience How long they may run.
template <class Work>
void run_crowd(std::size_t count, std::chrono::nanoseconds patience,
               Work work) {
  using std::chrono::steady_clock;
  starting_gate gate;
  std::vector<child> crowd;
  for (std::size_t index = 0; index != count; ++index)
    crowd.emplace_back("contender " + std::to_string(index),
                       [&] { work(index, gate); });

  const steady_clock::time_point opening_time =
      steady_clock::now() + std::chrono::minutes(1);
  while (gate.arrived() != count) {
    for (child& each : crowd)
      if (each.has_ended())
        throw std::runtime_error("a contender has not begun");
    if (steady_clock::now() > opening_time)
      throw std::runtime_error("the contenders have not begun in time");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  gate.open();
  const steady_clock::time_point deadline = steady_clock::now() + patience;
  for (child& each : crowd)
    each.join(deadline);
}

} // namespace bench

#endif
