// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Work that stops when its lock is lost.

#include "support/example.hpp"

#include <filelock/stop_on_loss.hpp>
#include <filelock/testing/simulated_service.hpp>

#include <chrono>
#include <mutex>
#include <stop_token>

namespace {

using namespace std::chrono_literals;
using example::check;

void use() {
  filelock::simulation world;
  filelock::simulated_service service(9s);
  filelock::simulated_service_lock lock{"jobs"};
  int done = 0;
  const auto next_job = [&] {
    if (++done == 3) service.suspend_for(10s); // the machine sleeps
  };
  // tag::stop[]
  const std::lock_guard guard(lock);
  const filelock::stop_on_loss stop(lock.loss());
  const std::stop_token token = stop.token(); // for any work that takes one
  while (!token.stop_requested())
    next_job();
  // end::stop[]
  check(done == 3, "it stopped when its lease was over");
}

} // namespace

int main() {
  return example::run([](const example::temporary_folder&) { use(); });
}
