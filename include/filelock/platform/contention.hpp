// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The former place of filelock/testing/contention.hpp. Goes with the next
/// version.

#ifndef FILELOCK_PLATFORM_CONTENTION_HPP
#define FILELOCK_PLATFORM_CONTENTION_HPP

#include <filelock/testing/contention.hpp>

#endif
