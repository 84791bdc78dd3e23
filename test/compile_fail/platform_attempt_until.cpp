// EXPECT: Platform: attempt_until.handle, request, deadline, canceller, ec. must be static, noexcept and return bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A attempt_until() that tells nothing of errors.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

#include <chrono>

struct broken : least {
  static bool attempt_until(int, const filelock::lock_request&,
                            const std::chrono::steady_clock::time_point&,
                            filelock::canceller&) noexcept;
};

filelock::basic_file_lock<broken> lock;
