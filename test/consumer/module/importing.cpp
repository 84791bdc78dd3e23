// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Half of a program: including.cpp is the other one, and has the same types.

#include <iostream>

import filelock;

bool is_busy_for_header(filelock::file_lock& lock);

int main() {
  filelock::file_lock owner{"consumer.lock"};
  filelock::file_lock lock{"consumer.lock"};
  owner.lock();
  if (!is_busy_for_header(lock)) {
    std::cerr << "the lock does not exclude\n";
    return 1;
  }
}
