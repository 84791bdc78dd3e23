// EXPECT: Platform: must be a class, and complete: include the header
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that is only declared.

#include <filelock/filelock.hpp>

struct declared;
filelock::basic_file_lock<declared> lock;
