// EXPECT: lock_cancellably.handle, request., which is not
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled

// A call that a cancelled thread could not unwind.

#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

struct broken : filelock::posix_flock_traits {
  static int lock_cancellably(int, const filelock::lock_request&) noexcept;
};

const bool is_queued = filelock::queued<broken>::byte_ranges;
