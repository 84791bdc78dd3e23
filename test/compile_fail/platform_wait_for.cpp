// EXPECT: Platform: wait_for.handle, duration, canceller. must be static, noexcept and return void
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A wait_for() that cannot be cancelled.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static void wait_for(int, std::chrono::nanoseconds) noexcept;
};

filelock::basic_file_lock<broken> lock;
