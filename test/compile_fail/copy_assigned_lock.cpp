// EXPECT: use of deleted function|implicitly deleted
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock has one owner at a time.

#include <filelock/filelock.hpp>

void copy(filelock::file_lock& to, const filelock::file_lock& from) {
  to = from;
}
