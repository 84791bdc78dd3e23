// EXPECT: Platform: locks_names, where it is there, must be static constexpr bool
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A fact that is no constant.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static bool locks_names;
};

filelock::basic_file_lock<broken> lock;
