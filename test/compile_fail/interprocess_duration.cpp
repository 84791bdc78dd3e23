// EXPECT: a duration is one of std::chrono, of Boost.Chrono
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A number of seconds is no duration.

#include <filelock/interprocess.hpp>

bool wait(filelock::interprocess::file_lock& lock) {
  return lock.try_lock_for(5);
}
