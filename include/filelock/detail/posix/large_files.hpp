// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The system's calls for files of any size. In a program of 32 bits the usual
/// ones refuse a file above 2 GiB or with an inode number above 2^32, unless
/// the program is compiled with _FILE_OFFSET_BITS=64.
///
/// The sources of one program may be compiled with and without that macro, and
/// the linker keeps one copy of an inline function. So both copies have to do
/// the same: no type whose layout depends on the macro is a parameter, a result
/// or a member, except where the function has no copy, as it is always inlined.

#ifndef FILELOCK_DETAIL_POSIX_LARGE_FILES_HPP
#define FILELOCK_DETAIL_POSIX_LARGE_FILES_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/integer_cast.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/vfs.h>
#endif

#include <cstdint>

namespace filelock {
inline namespace v1 {
namespace detail {

// References, since a function whose name is a macro somewhere is not called
// here.
#if FILELOCK_HAS_LARGE_FILE_NAMES
using file_offset = ::off64_t;
using file_record = ::flock64; // flock, where it has 64 bits
using system_status = struct ::stat64;
using system_statfs = struct ::statfs64;
inline constexpr auto& large_fcntl = ::fcntl64;
inline constexpr auto& large_fstat = ::fstat64;
inline constexpr auto& large_stat = ::stat64;
inline constexpr auto& large_lstat = ::lstat64;
inline constexpr auto& large_fstatfs = ::fstatfs64;
inline constexpr auto& large_pread = ::pread64;
inline constexpr auto& large_pwrite = ::pwrite64;
inline constexpr auto& large_ftruncate = ::ftruncate64;
constexpr int set_record = F_SETLK64;
constexpr int wait_for_record = F_SETLKW64;
constexpr int get_record = F_GETLK64;
#else
using file_offset = ::off_t;
using file_record = struct ::flock;
using system_status = struct ::stat;
inline constexpr auto& large_fcntl = ::fcntl;
inline constexpr auto& large_fstat = ::fstat;
inline constexpr auto& large_stat = ::stat;
inline constexpr auto& large_lstat = ::lstat;
inline constexpr auto& large_pread = ::pread;
inline constexpr auto& large_pwrite = ::pwrite;
inline constexpr auto& large_ftruncate = ::ftruncate;
constexpr int set_record = F_SETLK;
constexpr int wait_for_record = F_SETLKW;
constexpr int get_record = F_GETLK;
#if defined(__linux__)
using system_statfs = struct ::statfs;
inline constexpr auto& large_fstatfs = ::fstatfs;
#endif
#endif

/// The flag for open(2).
#if defined(O_LARGEFILE)
constexpr int open_large = O_LARGEFILE;
#else
constexpr int open_large = 0;
#endif

#if defined(__linux__)
/// \returns The number of the file system that has the open file: f_type of
/// statfs(2). Zero if it is not known. System calls: 1.
FILELOCK_ALWAYS_INLINE std::uint32_t file_system_type(int descriptor) noexcept {
  system_statfs system;
  if (large_fstatfs(descriptor, &system) != 0) return 0;
  return integer_cast<std::uint32_t>(system.f_type);
}
#endif

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
