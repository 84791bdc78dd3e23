// EXPECT: use of deleted function|call to .*deleted .*constructor
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock has one owner at a time.

#include <filelock/filelock.hpp>

void copy(const filelock::file_lock& lock) { filelock::file_lock other(lock); }
