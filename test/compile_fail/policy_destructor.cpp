// EXPECT: must be a copy-constructible object type whose destructor
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy whose destructor may throw.

#include <filelock/filelock.hpp>

struct policy {
  ~policy() noexcept(false);
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const;
};

filelock::basic_file_lock<filelock::native_traits, policy> lock;
