// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The former place of filelock/testing/virtual_clock.hpp. Goes with the next
/// version.

#ifndef FILELOCK_PLATFORM_VIRTUAL_CLOCK_HPP
#define FILELOCK_PLATFORM_VIRTUAL_CLOCK_HPP

#include <filelock/testing/virtual_clock.hpp>

#endif
