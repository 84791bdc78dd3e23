// EXPECT: queued<P>: P must have int lock_cancellably
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: a platform of POSIX

// The helper of queued<P> would take the lock without a number.

#include <filelock/filelock.hpp>

using counted_flock = filelock::counted<filelock::posix_flock_traits>;

int main() { return filelock::queued<counted_flock>::byte_ranges; }
