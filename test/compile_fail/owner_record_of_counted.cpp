// EXPECT: write_owner: the Platform must have read_bytes, write_bytes
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The record of an owner would replace its number.

#include <filelock/filelock.hpp>

void name_owner(
    const filelock::basic_file_lock<filelock::counted<filelock::native_traits>>&
        lock) {
  filelock::write_owner(lock);
}
