// EXPECT: no matching (function|constructor)
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A mutex that cannot be given a path later has one from the start.

#include <filelock/filelock.hpp>

filelock::file_mutex mutex;
