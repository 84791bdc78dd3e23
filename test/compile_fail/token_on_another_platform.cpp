// EXPECT: this Platform does not number its holds: use counted<P>
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The token of a file that has no counter.

#include <filelock/filelock.hpp>

auto token(filelock::file_lock& lock) { return lock.token(); }
