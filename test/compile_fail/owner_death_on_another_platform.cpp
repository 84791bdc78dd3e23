// EXPECT: this Platform cannot tell that an owner died: use marked<P>
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// No lock by flock(2) tells of a death.

#include <filelock/file_lock.hpp>

bool ask(const filelock::file_lock& lock) { return lock.previous_owner_died(); }
