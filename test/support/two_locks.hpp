// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_TWO_LOCKS_HPP
#define FILELOCK_TEST_SUPPORT_TWO_LOCKS_HPP

#include <filelock/file_lock.hpp>

#include "temporary_folder.hpp"

namespace test {

/// Two objects on one file.
struct two_locks {
  test::temporary_folder folder;
  filelock::file_lock lock{folder / "file"};
  filelock::file_lock other{folder / "file"};

  bool is_exclusive() {
    if (other.try_lock_shared()) return other.unlock(), false;
    return lock.owns_lock();
  }
  bool is_shared() {
    if (other.try_lock()) return other.unlock(), false;
    if (!other.try_lock_shared()) return false;
    other.unlock();
    return lock.owns_lock_shared();
  }
  bool is_free() {
    if (!other.try_lock()) return false;
    other.unlock();
    return !lock.owns_lock() && !lock.owns_lock_shared();
  }
};

} // namespace test

#endif
