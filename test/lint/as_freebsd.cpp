// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The headers for POSIX, as FreeBSD sees them: without the parts for Linux and
// its C library. scripts/lint compiles this. The functions are those of this
// system, so what FreeBSD's are like is not known here.

// Those of the system and of other libraries. The script collects the names.
#include "foreign_headers.hpp"

#undef __linux__
#undef __linux
#undef linux
#undef __GLIBC__
#undef __GLIBC_PREREQ
#define __FreeBSD__ 14
#undef F_OFD_SETLK
#undef F_OFD_SETLKW
#undef F_OFD_GETLK
#undef O_LARGEFILE
#undef O_TMPFILE
#define eventfd there_is_no_eventfd
#undef SYS_futex
#undef SYS_gettid

#include "own_headers.hpp"
#include "use_locks.hpp"

template void use_locks<filelock::posix_flock_traits>();
