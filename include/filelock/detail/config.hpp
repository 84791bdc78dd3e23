// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Properties of the compiler and the system. No macro here changes a default
/// of the library. As with the standard library, all translation units of a
/// program must agree on exceptions and on sanitizers.

#ifndef FILELOCK_DETAIL_CONFIG_HPP
#define FILELOCK_DETAIL_CONFIG_HPP

#if __has_include(<version>)
#include <version>
#endif

// SHARED_BY_PROCESS is for state that every copy of the library in a process
// has to share. OWN_OF_LIBRARY is for state that each shared library has to
// keep for itself. Both hold with any -fvisibility. On Windows a DLL shares
// nothing.
#if defined(_WIN32)
#define FILELOCK_NATIVE_TRAITS win_locking_traits
#define FILELOCK_NATIVE_TRAITS_HEADER                                          \
<filelock/platform/win_locking_traits.hpp>
#define FILELOCK_QUEUED_TRAITS win_overlapped_traits
#define FILELOCK_QUEUED_TRAITS_HEADER                                          \
<filelock/platform/win_overlapped_traits.hpp>
#define FILELOCK_INTERPROCESS_TRAITS win_interprocess_traits
#define FILELOCK_INTERPROCESS_TRAITS_HEADER                                    \
<filelock/platform/win_interprocess_traits.hpp>
#define FILELOCK_ROBUST_TRAITS win_mutex_traits
#define FILELOCK_ROBUST_TRAITS_HEADER <filelock/platform/win_mutex_traits.hpp>
#define FILELOCK_HAS_FORK 0
#define FILELOCK_SHARED_BY_PROCESS
#define FILELOCK_OWN_OF_LIBRARY
#elif defined(__unix__) || (defined(__APPLE__) && defined(__MACH__))
#define FILELOCK_NATIVE_TRAITS posix_flock_traits
#define FILELOCK_NATIVE_TRAITS_HEADER                                          \
<filelock/platform/posix_flock_traits.hpp>
#define FILELOCK_QUEUED_TRAITS queued<posix_flock_traits>
#define FILELOCK_QUEUED_TRAITS_HEADER <filelock/platform/queued.hpp>
#define FILELOCK_INTERPROCESS_TRAITS posix_interprocess_traits
#define FILELOCK_INTERPROCESS_TRAITS_HEADER                                    \
<filelock/platform/posix_interprocess_traits.hpp>
#define FILELOCK_ROBUST_TRAITS posix_robust_traits
#define FILELOCK_ROBUST_TRAITS_HEADER                                          \
<filelock/platform/posix_robust_traits.hpp>
#define FILELOCK_HAS_FORK 1
#include <fcntl.h> // for the feature test below
#define FILELOCK_SHARED_BY_PROCESS __attribute__((visibility("default")))
#define FILELOCK_OWN_OF_LIBRARY __attribute__((visibility("hidden")))
#else
#error "filelock: no platform is known for this system"
#endif

// Whether fcntl(2) can lock for an open file description: Linux 3.15, macOS and
// illumos. On other systems it can lock only for a process.
#if defined(F_OFD_SETLK) && defined(F_OFD_SETLKW) && defined(F_OFD_GETLK)
#define FILELOCK_HAS_OFD_LOCKS 1
#else
#define FILELOCK_HAS_OFD_LOCKS 0
#endif

// Whether there are robust process-shared mutexes,
// pthread_mutexattr_setrobust(3). macOS, OpenBSD and Android have none. FreeBSD
// has them, but is untested.
#if defined(__linux__) && !defined(__ANDROID__)
#define FILELOCK_HAS_ROBUST_MUTEX 1
#else
#define FILELOCK_HAS_ROBUST_MUTEX 0
#endif

// Whether the system tells the next owner of a mutex that the last one died.
#if defined(_WIN32) || FILELOCK_HAS_ROBUST_MUTEX
#define FILELOCK_HAS_ROBUST_LOCK 1
#else
#define FILELOCK_HAS_ROBUST_LOCK 0
#endif

// Whether the system shows the owners of locks by flock(2): proc_locks(5).
#if defined(__linux__)
#define FILELOCK_HAS_PROC_LOCKS 1
#else
#define FILELOCK_HAS_PROC_LOCKS 0
#endif

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define FILELOCK_HAS_EXCEPTIONS 1
#else
#define FILELOCK_HAS_EXCEPTIONS 0
#endif

#if defined(__cpp_lib_jthread) && __cpp_lib_jthread >= 201911L
#define FILELOCK_HAS_STOP_TOKEN 1
#else
#define FILELOCK_HAS_STOP_TOKEN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define FILELOCK_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FILELOCK_THREAD_SANITIZER 1
#endif
#endif
#ifndef FILELOCK_THREAD_SANITIZER
#define FILELOCK_THREAD_SANITIZER 0
#endif

// Whether a thread can be cancelled: pthread_cancel(3). Android has none.
#if defined(__ANDROID__)
#define FILELOCK_HAS_CANCEL 0
#else
#define FILELOCK_HAS_CANCEL 1
#endif

// Whether that ends a system call that is no cancellation point, such as
// flock(2). The kernel of macOS does not interrupt it: __pthread_markcancel()
// in bsd/kern/kern_sig.c of xnu. ThreadSanitizer may wait for the thread for
// ever.
#if FILELOCK_HAS_CANCEL && !defined(__APPLE__) && !FILELOCK_THREAD_SANITIZER
#define FILELOCK_HAS_ASYNCHRONOUS_CANCEL 1
#else
#define FILELOCK_HAS_ASYNCHRONOUS_CANCEL 0
#endif

// Whether files above 2 GiB need functions with other names: in a program of 32
// bits with glibc, without _FILE_OFFSET_BITS=64. feature_test_macros(7)
#if defined(__GLIBC__) && defined(__USE_LARGEFILE64) &&                        \
    !defined(__USE_FILE_OFFSET64) && !defined(__OFF_T_MATCHES_OFF64_T)
#define FILELOCK_HAS_LARGE_FILE_NAMES __GLIBC_PREREQ(2, 28) // has fcntl64
#else
#define FILELOCK_HAS_LARGE_FILE_NAMES 0
#endif

// For functions that make a system call. Where the kernel guards against
// speculation, a processor mispredicts each return after one, at some 8 ns a
// level.
#if defined(__GNUC__)
#define FILELOCK_ALWAYS_INLINE __attribute__((always_inline)) inline
#elif defined(_MSC_VER)
#define FILELOCK_ALWAYS_INLINE __forceinline
#else
#define FILELOCK_ALWAYS_INLINE inline
#endif

#if defined(__GNUC__)
#define FILELOCK_NOINLINE __attribute__((noinline))
#elif defined(_MSC_VER)
#define FILELOCK_NOINLINE __declspec(noinline)
#else
#define FILELOCK_NOINLINE
#endif

// For a function whose thread may be cancelled inside it.
#if defined(__GNUC__)
#define FILELOCK_CANCELLED                                                     \
  __attribute__((noinline, no_sanitize("address", "undefined")))
#endif

#endif
