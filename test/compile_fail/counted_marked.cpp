// EXPECT: counted<P>: P must have read_bytes and write_bytes
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The mark of the owner stands where the number would.

#include <filelock/filelock.hpp>

using marked_once = filelock::marked<filelock::native_traits>;

int main() { return filelock::counted<marked_once>::byte_ranges; }
