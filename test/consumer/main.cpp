// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <filelock/filelock.hpp>

#include <iostream>
#include <mutex>

int main() {
  // The test runs in the folder of this build, where nothing else writes.
  filelock::file_lock lock{"consumer.lock"};
  filelock::file_lock other{"consumer.lock"};
  std::unique_lock guard{lock, std::try_to_lock};
  if (!guard || other.try_lock()) {
    std::cerr << "the lock does not exclude\n";
    return 1;
  }
}
