// EXPECT: ignoring return value
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A conversion may have lost the lock.

#include <filelock/filelock.hpp>

void ignore(filelock::file_lock& lock) { lock.downgrade(); }
