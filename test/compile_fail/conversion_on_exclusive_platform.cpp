// EXPECT: this Platform locks exclusively only
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A conversion is from or to a shared lock.

#include <filelock/filelock.hpp>

struct exclusive_only : filelock::native_traits {
  static constexpr bool shared_locks = false;
};

int use(filelock::basic_file_lock<exclusive_only>& lock) {
  return static_cast<int>(lock.downgrade());
}
