// EXPECT: use of deleted function|call to .*deleted .*constructor
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two objects would be one owner.

#include <filelock/interprocess.hpp>

filelock::interprocess::file_lock
copy(const filelock::interprocess::file_lock& lock) {
  return lock;
}
