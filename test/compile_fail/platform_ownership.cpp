// EXPECT: Platform: ownership must be static constexpr lock_ownership
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An owner that is a number.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static constexpr int ownership = 0;
};

filelock::basic_file_lock<broken> lock;
