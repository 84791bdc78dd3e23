// EXPECT: ignoring return value
// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A wait that can be stopped may end without the lock.

#include <filelock/filelock.hpp>

#include <stop_token>

void wait(filelock::file_lock& lock, std::stop_token token) {
  lock.lock(token);
}
