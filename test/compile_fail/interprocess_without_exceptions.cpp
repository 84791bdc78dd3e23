// EXPECT: filelock/interprocess.hpp needs exceptions
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Its interface is that of a class that throws.

#include <filelock/detail/config.hpp>

#undef FILELOCK_HAS_EXCEPTIONS
#define FILELOCK_HAS_EXCEPTIONS 0

#include <filelock/interprocess.hpp>
