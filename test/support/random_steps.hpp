// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Random steps of objects and their models.

#ifndef FILELOCK_TEST_SUPPORT_RANDOM_STEPS_HPP
#define FILELOCK_TEST_SUPPORT_RANDOM_STEPS_HPP

#include <filelock/detail/config.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

namespace test {

/// Numbers of a seed.
struct random_choices {
  std::mt19937_64 random;

  std::size_t operator()(std::size_t below) {
    return static_cast<std::size_t>(random() % below);
  }
};

/// The part for the locks of this system. Those of Wine are slow.
constexpr long part_for_this_system = FILELOCK_HAS_FORK ? 5 : 50;

/// Effects: makes steps until the objects and their models differ. \param part
/// What part of the usual number of steps.
template <class ObjectsAndModels>
void check_against_model(const std::filesystem::path& folder, long part) {
  const char* const wanted = std::getenv("FILELOCK_SEED");
  const std::uint64_t seed =
      wanted ? std::stoull(wanted) : std::random_device()();
  const long steps =
      (std::getenv("FILELOCK_LONG") ? 10'000'000 : 100'000) / part;
  ObjectsAndModels both(folder, {std::mt19937_64(seed)});
  std::string wrong;
  long step = 0;
  for (; step != steps && wrong.empty(); ++step)
    wrong = both.step();
  BOOST_TEST(wrong.empty(),
             "step " << step << " of FILELOCK_SEED=" << seed << ": " << wrong);
  BOOST_TEST_MESSAGE(steps << " steps, FILELOCK_SEED=" << seed);
}

} // namespace test

#endif
