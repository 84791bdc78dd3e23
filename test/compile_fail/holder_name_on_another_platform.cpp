// EXPECT: this Platform has no names of holders: use holder..
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The name of a holder that has only a process id.

#include <filelock/filelock.hpp>

auto name(filelock::file_lock& lock) { return lock.holder_name(); }
