// EXPECT: marked<P>: P must have std::optional<char> read_single_byte
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The number of the owner stands where the mark would.

#include <filelock/filelock.hpp>

using counted_once = filelock::counted<filelock::native_traits>;

int main() { return filelock::marked<counted_once>::byte_ranges; }
