// EXPECT: ignoring return value
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Nor is it where the errors are given by a code.

#include <filelock/filelock.hpp>

#include <system_error>

void ignore(filelock::file_lock& lock, std::error_code& ec) {
  lock.try_lock(ec);
}
