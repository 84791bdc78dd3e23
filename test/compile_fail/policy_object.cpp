// EXPECT: must be a copy-constructible object type whose destructor
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy that only moves.

#include <filelock/filelock.hpp>

#include <memory>

struct policy {
  std::unique_ptr<int> member;
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const;
};

filelock::basic_file_lock<filelock::native_traits, policy> lock;
