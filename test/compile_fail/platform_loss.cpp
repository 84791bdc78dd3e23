// EXPECT: Platform: loss.handle. must be static, noexcept and return canceller
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A loss() that returns whether the hold is lost.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool loss(int) noexcept;
};

filelock::basic_file_lock<broken> lock;
