// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Locks of a simulation and their models, with steps that are chosen by bytes,
// such as those of a fuzzer.

#ifndef FILELOCK_TEST_SUPPORT_CHOSEN_STEPS_HPP
#define FILELOCK_TEST_SUPPORT_CHOSEN_STEPS_HPP

#include <filelock/testing/simulation.hpp>

#include "lock_model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace test {

/// Each byte is one choice. After the last one, each choice is 0.
class chosen_bytes {
public:
  chosen_bytes(const std::uint8_t*& next, const std::uint8_t* end)
      : next_(next), end_(end) {}

  std::size_t operator()(std::size_t below) {
    return next_ == end_ ? 0 : *next_++ % below;
  }

private:
  const std::uint8_t*& next_;
  const std::uint8_t* end_;
};

template <class Platform>
std::string difference_of(const std::uint8_t* next, const std::uint8_t* end) {
  const filelock::simulation world;
  locks_and_models<Platform, chosen_bytes> both("/folder",
                                                chosen_bytes(next, end));
  std::string wrong;
  while (next != end && wrong.empty())
    wrong = both.step();
  return wrong;
}

/// \returns How a lock differs from its model after these steps, with and
/// without atomic conversion; empty if none does.
inline std::string difference_after(const std::uint8_t* begin,
                                    const std::uint8_t* end) {
  const std::string wrong =
      difference_of<filelock::simulated_traits>(begin, end);
  return wrong.empty()
             ? difference_of<filelock::atomic_simulated_traits>(begin, end)
             : wrong;
}

} // namespace test

#endif
