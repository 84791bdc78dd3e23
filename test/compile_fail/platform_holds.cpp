// EXPECT: Platform: holds.handle, request. must be static, noexcept and return bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A holds() that may throw.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool holds(int, const filelock::lock_request&);
};

filelock::basic_file_lock<broken> lock;
