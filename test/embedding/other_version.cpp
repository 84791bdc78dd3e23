// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The first library, as a later version of the headers would build it: in
// another inline namespace.
#define v1 v2

#include "first_library.cpp"
