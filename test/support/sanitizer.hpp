// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// FILELOCK_TEST_HAS_SANITIZER: 1 where a sanitizer has functions of the C
// library of its own, which a test cannot replace.

#ifndef FILELOCK_TEST_SUPPORT_SANITIZER_HPP
#define FILELOCK_TEST_SUPPORT_SANITIZER_HPP

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FILELOCK_TEST_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FILELOCK_TEST_HAS_SANITIZER 1
#endif
#endif
#ifndef FILELOCK_TEST_HAS_SANITIZER
#define FILELOCK_TEST_HAS_SANITIZER 0
#endif

#endif
