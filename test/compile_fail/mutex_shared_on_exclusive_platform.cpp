// EXPECT: this Platform locks exclusively only
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The readers of a mutex share the lock of the file.

#include <filelock/filelock.hpp>

struct exclusive_only : filelock::native_traits {
  static constexpr bool shared_locks = false;
};

void use(filelock::basic_file_mutex<exclusive_only>& mutex) {
  mutex.lock_shared();
}
