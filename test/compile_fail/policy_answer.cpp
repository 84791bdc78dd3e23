// EXPECT: must return a duration, or std::optional of one
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy that returns a number.

#include <filelock/filelock.hpp>

struct policy {
  int operator()(const filelock::wait_state&) const;
};

filelock::basic_file_lock<filelock::native_traits, policy> lock;
