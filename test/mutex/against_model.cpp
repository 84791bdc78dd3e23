// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// LONG: 1800

// Random steps of several mutexes in one thread, each compared with a model.
// FILELOCK_SEED=N replays. FILELOCK_LONG=1: 10^7 steps.

#include <boost/test/unit_test.hpp>

#include <filelock/file_mutex.hpp>
#include <filelock/platform/native_traits.hpp>
#include <filelock/testing/simulated_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/mutex_model.hpp"
#include "support/random_steps.hpp"
#include "support/temporary_folder.hpp"

BOOST_AUTO_TEST_SUITE(mutex_against_model)

namespace {

template <class Platform>
using mutexes = test::mutexes_and_models<Platform, test::random_choices>;

BOOST_AUTO_TEST_CASE(mutexes_of_a_simulation_are_as_the_model) {
  const filelock::simulation world;
  test::check_against_model<mutexes<filelock::simulated_traits>>("/folder", 1);
}

BOOST_AUTO_TEST_CASE(mutexes_of_this_system_are_as_the_model) {
  const test::temporary_folder folder;
  test::check_against_model<mutexes<filelock::native_traits>>(
      folder.path(), test::part_for_this_system);
}

} // namespace

BOOST_AUTO_TEST_SUITE_END()
