// EXPECT: P has previous_owner_died.handle, request. already
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: a platform of POSIX

#include <filelock/filelock.hpp>

using marked_once = filelock::marked<filelock::posix_flock_traits>;

int main() { return filelock::marked<marked_once>::byte_ranges; }
