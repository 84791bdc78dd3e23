// EXPECT: must be an open file description
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled

// What the helper thread locks would not be the caller's.

#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

struct broken : filelock::posix_flock_traits {
  static constexpr auto ownership = filelock::lock_ownership::handle;
};

const bool is_queued = filelock::queued<broken>::byte_ranges;
