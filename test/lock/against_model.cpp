// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Random sequences of the members of several locks, against a small model.
// FILELOCK_LONG=1: 10 000 000 steps in place of 100 000. FILELOCK_SEED=N: with
// that seed, such as one of a failure.

#include <boost/test/unit_test.hpp>

#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/chosen_steps.hpp"
#include "support/lock_model.hpp"
#include "support/temporary_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_against_model)

namespace {

/// Numbers of a seed.
struct random_choices {
  std::mt19937_64 random;

  std::size_t operator()(std::size_t below) {
    return static_cast<std::size_t>(random() % below);
  }
};

template <class Platform>
void check_against_model(const std::filesystem::path& folder, long part) {
  const char* const wanted = std::getenv("FILELOCK_SEED");
  const std::uint64_t seed =
      wanted ? std::stoull(wanted) : std::random_device()();
  const long steps =
      (std::getenv("FILELOCK_LONG") ? 10'000'000 : 100'000) / part;
  test::locks_and_models<Platform, random_choices> both(
      folder, {std::mt19937_64(seed)});
  std::string wrong;
  long step = 0;
  for (; step != steps && wrong.empty(); ++step)
    wrong = both.step();
  BOOST_TEST(wrong.empty(),
             "step " << step << " of FILELOCK_SEED=" << seed << ": " << wrong);
  BOOST_TEST_MESSAGE(steps << " steps, FILELOCK_SEED=" << seed);
}

BOOST_AUTO_TEST_CASE(locks_of_a_simulation_are_as_the_model) {
  const filelock::simulation world;
  check_against_model<filelock::simulated_traits>("/folder", 1);
}

BOOST_AUTO_TEST_CASE(locks_that_convert_atomically_are_as_the_model) {
  const filelock::simulation world;
  check_against_model<filelock::atomic_simulated_traits>("/folder", 2);
}

BOOST_AUTO_TEST_CASE(locks_of_this_system_are_as_the_model) {
  const test::temporary_folder folder;
  check_against_model<filelock::native_traits>(folder.path(), 5);
}

/// What scripts/fuzz found, and what once was a fault.
BOOST_AUTO_TEST_CASE(locks_are_as_the_model_after_the_steps_of_a_fuzzer) {
  const std::filesystem::path corpus =
      std::filesystem::path(__FILE__).parent_path() /
      "../fuzz/corpus/lock_model";
  std::size_t inputs = 0;
  for (const auto& each : std::filesystem::directory_iterator(corpus)) {
    std::ifstream file(each.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    BOOST_TEST_CONTEXT(each.path().filename())
    BOOST_TEST(test::difference_after(bytes.data(),
                                      bytes.data() + bytes.size()) == "");
    ++inputs;
  }
  BOOST_TEST(inputs > 0u);
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
