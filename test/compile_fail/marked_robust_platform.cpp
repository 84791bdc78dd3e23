// EXPECT: marked<P>: P must have std::optional<char> read_single_byte
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes; see compile_fail.marked_without_a_byte

// The file of a robust lock holds the mutex, which tells of a death itself.

#include <filelock/platform/marked.hpp>
#include <filelock/platform/posix_robust_traits.hpp>

const bool is_marked =
    filelock::marked<filelock::posix_robust_traits>::byte_ranges;
