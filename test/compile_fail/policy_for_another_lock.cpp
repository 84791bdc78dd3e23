// EXPECT: no matching (function|constructor)|could not convert
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock takes the policy that its type names.

#include <filelock/filelock.hpp>

void construct() {
  filelock::file_lock lock("file", filelock::yield_backoff());
}
