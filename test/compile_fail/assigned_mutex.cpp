// EXPECT: use of deleted function|overload resolution selected deleted operator
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads know the address of a mutex: nothing is assigned to it.

#include <filelock/filelock.hpp>

#include <utility>

void assign(filelock::file_mutex& to, filelock::file_mutex& from) {
  to = std::move(from);
}
