// EXPECT: this Platform locks exclusively only
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes

// A robust mutex has no readers.

#include <filelock/file_lock.hpp>

#include <shared_mutex>

void use(filelock::robust_file_lock& lock) {
  std::shared_lock<filelock::robust_file_lock> guard(lock);
}
