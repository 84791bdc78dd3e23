// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled

// The functions of the helper thread that may be on its stack when it is
// cancelled have no personality: cmake/expect_no_personality.cmake looks at
// what the compiler makes of this file. glibc unwinds a cancelled thread by
// libgcc_s. A personality may come from another unwinder, such as LLVM's
// libunwind, which crashes on the context of the first.

#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

template struct filelock::queued<filelock::posix_flock_traits>;
#if FILELOCK_HAS_OFD_LOCKS
template struct filelock::queued<filelock::posix_ofd_traits>;
#endif
