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
#include "support/random_steps.hpp"
#include "support/temporary_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_against_model)

namespace {

template <class Platform>
using locks = test::locks_and_models<Platform, test::random_choices>;

BOOST_AUTO_TEST_CASE(locks_of_a_simulation_are_as_the_model) {
  const filelock::simulation world;
  test::check_against_model<locks<filelock::simulated_traits>>("/folder", 1);
}

BOOST_AUTO_TEST_CASE(locks_that_convert_atomically_are_as_the_model) {
  const filelock::simulation world;
  test::check_against_model<locks<filelock::atomic_simulated_traits>>("/folder",
                                                                      2);
}

BOOST_AUTO_TEST_CASE(locks_of_this_system_are_as_the_model) {
  const test::temporary_folder folder;
  test::check_against_model<locks<filelock::native_traits>>(
      folder.path(), test::part_for_this_system);
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
