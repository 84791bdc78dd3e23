// EXPECT: deleted function|deleted default constructor|no matching
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lambda with a capture has no default constructor, so the lock has none.

#include <filelock/filelock.hpp>

void construct() {
  int milliseconds = 5;
  auto policy = [milliseconds](const filelock::wait_state&) {
    return std::chrono::milliseconds(milliseconds);
  };
  filelock::basic_file_lock<filelock::native_traits, decltype(policy)> lock;
}
