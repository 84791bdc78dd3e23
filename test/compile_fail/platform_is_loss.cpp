// EXPECT: Platform: is_loss.ec. must be static, noexcept and return bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An is_loss() that returns a number.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static int is_loss(const std::error_code&) noexcept;
};

filelock::basic_file_lock<broken> lock;
