// EXPECT: the clock of P must be std::chrono::steady_clock
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled

// The helper thread's end is a time of the system.

#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

#include <chrono>

struct broken : filelock::posix_flock_traits {
  using clock = std::chrono::system_clock;
};

const bool is_queued = filelock::queued<broken>::byte_ranges;
