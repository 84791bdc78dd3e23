// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: it includes what the headers include there

// The headers compile where these names are macros with arguments, as some
// systems have them. A macro that is called with :: before it does not compile:
// POSIX lets a system choose, XSH 2.1.1 "Use and Implementation of Interfaces".

// First the headers of others, which declare the functions.
#include <filelock/detail/asio/library.hpp>

#include <boost/interprocess/detail/workaround.hpp>
#include <boost/interprocess/exceptions.hpp>

#include <arpa/inet.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#if __has_include(<stop_token>)
#include <stop_token>
#endif

#define AS_A_MACRO(...) ((void)0, __VA_ARGS__)
#undef sigmask
#undef major
#undef minor
#undef makedev
#undef htons
#undef htonl
#undef ntohs
#undef ntohl

// <signal.h> of macOS and OpenBSD, <pthread.h> of several systems.
#define sigemptyset(set) AS_A_MACRO((sigemptyset)(set))
#define sigfillset(set) AS_A_MACRO((sigfillset)(set))
#define sigaddset(set, signal) AS_A_MACRO((sigaddset)(set, signal))
#define sigdelset(set, signal) AS_A_MACRO((sigdelset)(set, signal))
#define sigismember(set, signal) AS_A_MACRO((sigismember)(set, signal))
#define sigmask(signal) (1U << ((signal)-1))
#define pthread_equal(a, b) AS_A_MACRO((pthread_equal)(a, b))
// <arpa/inet.h> of macOS and of the BSDs.
#define htons(x) AS_A_MACRO(x)
#define htonl(x) AS_A_MACRO(x)
#define ntohs(x) AS_A_MACRO(x)
#define ntohl(x) AS_A_MACRO(x)
// <stdio.h> and <ctype.h> of the BSDs.
#define getc(file) AS_A_MACRO((getc)(file))
#define putc(c, file) AS_A_MACRO((putc)(c, file))
#define getchar() AS_A_MACRO((getchar)())
#define putchar(c) AS_A_MACRO((putchar)(c))
#define feof(file) AS_A_MACRO((feof)(file))
#define ferror(file) AS_A_MACRO((ferror)(file))
#define clearerr(file) AS_A_MACRO((clearerr)(file))
#define fileno(file) AS_A_MACRO((fileno)(file))
#define isdigit(c) AS_A_MACRO((isdigit)(c))
#define isspace(c) AS_A_MACRO((isspace)(c))
// <sys/types.h> or <sys/sysmacros.h> of most systems.
#define major(device) AS_A_MACRO(device)
#define minor(device) AS_A_MACRO(device)
#define makedev(a, b) AS_A_MACRO((a) + (b))
// The names of large files, of C libraries that have one size of file.
#define stat64(path, file) AS_A_MACRO((stat)(path, file))
#define lstat64(path, file) AS_A_MACRO((lstat)(path, file))
#define fstat64(descriptor, file) AS_A_MACRO((fstat)(descriptor, file))
#define open64(...) AS_A_MACRO((open)(__VA_ARGS__))
#define fcntl64(...) AS_A_MACRO((fcntl)(__VA_ARGS__))
#define ftruncate64(descriptor, size) AS_A_MACRO((ftruncate)(descriptor, size))
// <AssertMacros.h> of macOS, which older versions define without underscores.
#define check(condition) AS_A_MACRO(condition)
#define verify(condition) AS_A_MACRO(condition)
#define require(condition, label) AS_A_MACRO(condition)
// Macros of Qt, whose headers may come first. They stand for nothing.
#define emit
#define slots
#define signals public

#include <filelock/asio.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/filelock.hpp>
#include <filelock/interprocess.hpp>
#include <filelock/testing/contention.hpp>
#include <filelock/testing/fault_script.hpp>
#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulation.hpp>
#include <filelock/testing/virtual_clock.hpp>
