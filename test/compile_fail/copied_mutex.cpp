// EXPECT: use of deleted function|call to deleted constructor
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads know the address of a mutex: it is not copied.

#include <filelock/filelock.hpp>

void copy(const filelock::file_mutex& mutex) {
  filelock::file_mutex other(mutex);
}
