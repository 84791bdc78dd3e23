// EXPECT: BackoffPolicy: must be complete: include the header
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A policy that is only declared.

#include <filelock/filelock.hpp>

struct declared;
filelock::basic_file_lock<filelock::native_traits, declared> lock;
