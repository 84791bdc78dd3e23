// EXPECT: Platform: has_shared_locks is no member of a Platform; shared_locks is
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A misspelt fact would be passed over.

#include <filelock/filelock.hpp>

#include "compile_fail/least_platform.hpp"

struct broken : least {
  static constexpr bool has_shared_locks = false;
};

filelock::basic_file_lock<broken> lock;
