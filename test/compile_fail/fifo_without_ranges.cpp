// EXPECT: byte_ranges must be true
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: a platform of POSIX

// Of a Platform that locks the whole file only: there is no byte for a place.

#include <filelock/platform/fifo.hpp>
#include <filelock/platform/posix_flock_traits.hpp>

const bool is_fifo = filelock::fifo<filelock::posix_flock_traits>::byte_ranges;
