// EXPECT: a clock other than std::chrono::steady_clock needs wait_for
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A clock that nothing moves.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  using clock = std::chrono::system_clock;
};

filelock::basic_file_lock<broken> lock;
