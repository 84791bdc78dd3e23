// EXPECT: not a process or a thread
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: a platform of POSIX

// Two threads of one process would have one place.

#include <filelock/platform/fifo.hpp>
#include <filelock/platform/posix_fcntl_traits.hpp>

const bool is_fifo = filelock::fifo<filelock::posix_fcntl_traits>::byte_ranges;
