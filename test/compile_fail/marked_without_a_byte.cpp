// EXPECT: marked<P>: P must have std::optional<char> read_single_byte
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that cannot keep a byte in its file.

#include <filelock/platform/marked.hpp>

#include "compile_fail/least_platform.hpp"

const bool is_marked = filelock::marked<least>::byte_ranges;
