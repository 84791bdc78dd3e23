// EXPECT: Platform: lock_for is no member of a Platform; lock_until is
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A misspelt member would be passed over.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool lock_for(int, const filelock::lock_request&,
                       std::chrono::nanoseconds, filelock::canceller&,
                       std::error_code&) noexcept;
};

filelock::basic_file_lock<broken> lock;
