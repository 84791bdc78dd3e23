// EXPECT: a hold of this Platform is not lost: there is no loss..
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The loss of a hold that only ends by a release.

#include <filelock/filelock.hpp>

auto loss(filelock::file_lock& lock) { return lock.loss(); }
