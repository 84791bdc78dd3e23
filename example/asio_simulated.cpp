// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An event loop whose locks wait on the clock of a simulation.

#include "support/example.hpp"

#include <iostream>

#if __has_include(<boost/asio.hpp>)

#include <filelock/asio.hpp>
#include <filelock/testing/simulated_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>

namespace {

using example::check;

void use(const example::temporary_folder&) {
  using namespace std::chrono_literals;
  // tag::simulated[]
  filelock::simulation simulation;
  simulation.hold("state.lock"); // by another process, for ever
  simulation.sleep_for(1s);

  boost::asio::io_context context;
  filelock::simulated_file_lock lock{"state.lock"};
  std::optional<bool> answer;
  filelock::async_lock_for(context.get_executor(), lock, 1h,
                           [&](auto, bool is_held) { answer = is_held; });
  while (!answer) {
    context.poll();
    simulation.sleep_for(1s); // only this moves the timers of the loop
  }
  // *answer is false, an hour later
  // end::simulated[]
  check(!*answer, "the time was over");
  check(simulation.now() >= 1h, "an hour has passed");
}

} // namespace

int main() { return example::run(use); }

#else

int main() { std::cout << "the headers of Boost.Asio are missing\n"; }

#endif
