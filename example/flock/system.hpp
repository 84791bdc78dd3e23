// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the system has.

#ifndef FILELOCK_EXAMPLE_FLOCK_SYSTEM_HPP
#define FILELOCK_EXAMPLE_FLOCK_SYSTEM_HPP

#if !defined(_WIN32)
#include <fcntl.h>
#endif

// Where filelock::posix_ofd_traits is declared.
#if !defined(_WIN32) && defined(F_OFD_SETLK) && defined(F_OFD_SETLKW) &&       \
    defined(F_OFD_GETLK)
#define FLOCK_HAS_RECORD_LOCKS 1
#else
#define FLOCK_HAS_RECORD_LOCKS 0
#endif

#endif
