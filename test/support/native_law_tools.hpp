// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the laws need of the system, for the platforms of this one.

#ifndef FILELOCK_TEST_SUPPORT_NATIVE_LAW_TOOLS_HPP
#define FILELOCK_TEST_SUPPORT_NATIVE_LAW_TOOLS_HPP

#if defined(_WIN32)
#include "win_law_tools.hpp"
#else
#include "posix_law_tools.hpp"
#endif

#endif
