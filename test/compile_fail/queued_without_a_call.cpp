// EXPECT: P must have int lock_cancellably.handle, request.
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled

// queued<> of a platform that cannot wait in the kernel.

#include <filelock/platform/queued.hpp>

#include "compile_fail/least_platform.hpp"

const bool is_queued = filelock::queued<least>::byte_ranges;
