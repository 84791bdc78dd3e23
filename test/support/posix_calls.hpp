// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What Linux, the BSDs and POSIX 2024 have, and macOS spells another way.

#ifndef FILELOCK_TEST_SUPPORT_POSIX_CALLS_HPP
#define FILELOCK_TEST_SUPPORT_POSIX_CALLS_HPP

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace test {

/// pipe(2), closed by exec. \returns Zero, or -1 and errno.
inline int open_pipe(int (&ends)[2]) {
#if defined(__APPLE__)
  if (::pipe(ends) != 0) return -1;
  for (const int each : ends)
    ::fcntl(each, F_SETFD, FD_CLOEXEC);
  return 0;
#else
  return ::pipe2(ends, O_CLOEXEC);
#endif
}

/// socket(2), closed by exec. A stream of bytes that sends no SIGPIPE if
/// `quietly` is handed to send(2). \returns A descriptor, or -1 and errno.
inline int open_socket(int family) {
#if defined(__APPLE__)
  const int made = ::socket(family, SOCK_STREAM, 0);
  const int on = 1;
  if (made < 0) return made;
  ::fcntl(made, F_SETFD, FD_CLOEXEC);
  ::setsockopt(made, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
  return made;
#else
  return ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
#endif
}
#if defined(MSG_NOSIGNAL)
inline constexpr int quietly = MSG_NOSIGNAL;
#else
inline constexpr int quietly = 0;
#endif

/// Times of a file.
/// @{
inline ::timespec accessed(const struct ::stat& file) {
#if defined(__APPLE__)
  return file.st_atimespec;
#else
  return file.st_atim;
#endif
}
inline ::timespec modified(const struct ::stat& file) {
#if defined(__APPLE__)
  return file.st_mtimespec;
#else
  return file.st_mtim;
#endif
}
inline ::timespec changed(const struct ::stat& file) {
#if defined(__APPLE__)
  return file.st_ctimespec;
#else
  return file.st_ctim;
#endif
}
/// @}

} // namespace test

#endif
