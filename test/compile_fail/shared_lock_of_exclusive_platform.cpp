// EXPECT: this Platform locks exclusively only
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The guard asks for a shared lock.

#include <filelock/filelock.hpp>

#include <shared_mutex>

struct exclusive_only : filelock::native_traits {
  static constexpr bool shared_locks = false;
};

void use(filelock::basic_file_lock<exclusive_only>& lock) {
  std::shared_lock<filelock::basic_file_lock<exclusive_only>> guard(lock);
}
