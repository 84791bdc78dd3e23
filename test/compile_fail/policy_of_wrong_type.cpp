// EXPECT: must be callable with const wait_state
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The second argument is a policy, not a time-out.

#include <filelock/filelock.hpp>

#include <chrono>

void construct() {
  filelock::basic_file_lock lock{"file", std::chrono::seconds(5)};
}
