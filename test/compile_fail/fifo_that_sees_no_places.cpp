// EXPECT: conflicting_range.handle, request, ec
// ERRORS: 1
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that cannot tell which bytes others have locked.

#include <filelock/platform/fifo.hpp>

#include "compile_fail/least_platform.hpp"

struct with_ranges : least {
  static constexpr bool byte_ranges = true;
};

const bool is_fifo = filelock::fifo<with_ranges>::byte_ranges;
