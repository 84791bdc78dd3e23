// EXPECT: counted<P>: P must have read_bytes and write_bytes
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that cannot keep a number in its file.

#include <filelock/platform/counted.hpp>

#include "compile_fail/least_platform.hpp"

const bool is_counted = filelock::counted<least>::byte_ranges;
