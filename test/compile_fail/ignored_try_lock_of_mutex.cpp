// EXPECT: ignoring return value
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Whether a try_lock() succeeded is not ignored by mistake.

#include <filelock/filelock.hpp>

void ignore(filelock::file_mutex& mutex) { mutex.try_lock(); }
