// EXPECT: counted<P>: P has token.handle. already
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A Platform that numbers its holds.

#include <filelock/filelock.hpp>

using counted_once = filelock::counted<filelock::native_traits>;

int main() { return filelock::counted<counted_once>::byte_ranges; }
