// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Each header compiles alone, and twice.
#include FILELOCK_TEST_HEADER
#include FILELOCK_TEST_HEADER
