// EXPECT: Platform: this is a BackoffPolicy, the second template argument
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy where the Platform stands.

#include <filelock/filelock.hpp>

filelock::basic_file_lock<filelock::yield_backoff> lock;
