// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A wait that somebody else ends.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <iostream>
#include <stop_token>
#include <thread>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  filelock::file_lock holder{path};
  holder.lock();

  bool was_stopped = false;
  // tag::stop[]
  std::jthread worker{[&](std::stop_token token) {
    filelock::file_lock lock{path};
    if (!lock.lock(token)) {
      std::cout << "stopped while it waited\n";
      // end::stop[]
      was_stopped = true;
      // tag::stop[]
      return;
    }
    // the lock is held here
  }};
  worker.request_stop();
  worker.join();
  // end::stop[]
  check(was_stopped, "the wait ended, and the lock is still held by another");
}

} // namespace

int main() { return example::run(use); }
