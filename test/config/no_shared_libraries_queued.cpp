// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: elsewhere the C library is a shared one only

// A thread that is cancelled unwinds its stack, in a program that has all of it
// linked in, too.

#include "queued_without_boost_test.hpp"
