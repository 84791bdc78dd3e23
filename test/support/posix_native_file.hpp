// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Part of native_file.hpp.

#ifndef FILELOCK_TEST_SUPPORT_POSIX_NATIVE_FILE_HPP
#define FILELOCK_TEST_SUPPORT_POSIX_NATIVE_FILE_HPP

#include <filelock/lock_request.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

namespace test {

inline int open_native(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
}

inline void delete_file(const std::filesystem::path& path) {
  std::filesystem::remove(path);
}

inline bool close_native(int handle) { return ::close(handle) == 0; }

inline bool is_open_native(int handle) {
  return ::fcntl(handle, F_GETFD) != -1;
}

/// Waits for the lock.
inline bool lock_native(int handle, filelock::lock_mode mode) {
  const bool is_shared = mode == filelock::lock_mode::shared;
  return ::flock(handle, is_shared ? LOCK_SH : LOCK_EX) == 0;
}

inline int open_descriptor(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
}

inline void close_descriptor(int descriptor) { ::close(descriptor); }

/// As the seed does: fcntl.flock(fd, LOCK_EX | LOCK_NB).
inline bool lock_as_the_seed(int descriptor) {
  return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
}

} // namespace test

#endif
