// EXPECT: observes_wait must be static constexpr bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy that says it observes with a number.

#include <filelock/filelock.hpp>

struct policy {
  static constexpr int observes_wait = 1;
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const;
};

filelock::basic_file_lock<filelock::native_traits, policy> lock;
