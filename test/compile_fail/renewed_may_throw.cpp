// EXPECT: renewed_after_fork: the default constructor must not throw
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// In a forked child there may be nobody to tell of an exception.

#include <filelock/detail/mutex/renewed_after_fork.hpp>

struct may_throw {
  may_throw() noexcept(false) {}
};
filelock::detail::renewed_after_fork<may_throw> value;
