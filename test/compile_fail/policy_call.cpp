// EXPECT: must be callable with const wait_state
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy that does not take the state of the wait.

#include <filelock/filelock.hpp>

struct policy {
  std::chrono::nanoseconds operator()(int) const;
};

filelock::basic_file_lock<filelock::native_traits, policy> lock;
