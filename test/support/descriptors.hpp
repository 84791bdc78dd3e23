// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Which descriptors are open. Opens none itself, and allocates nothing, so that
// it may be used where there are none left and in a child of a process with
// threads.

#ifndef FILELOCK_TEST_SUPPORT_DESCRIPTORS_HPP
#define FILELOCK_TEST_SUPPORT_DESCRIPTORS_HPP

#include <fcntl.h>
#include <sys/stat.h>

namespace test {

inline constexpr int most_descriptors = 1024;

/// \returns How many descriptors are open.
inline int count_descriptors() noexcept {
  int count = 0;
  for (int each = 0; each != most_descriptors; ++each)
    if (::fcntl(each, F_GETFD) >= 0) ++count;
  return count;
}

/// \returns How many descriptors are open on the file at `path`.
inline int count_descriptors_of(const char* path) noexcept {
  struct ::stat named;
  if (::stat(path, &named) != 0) return 0;
  int count = 0;
  for (int each = 0; each != most_descriptors; ++each) {
    struct ::stat opened;
    if (::fstat(each, &opened) == 0 && opened.st_dev == named.st_dev &&
        opened.st_ino == named.st_ino)
      ++count;
  }
  return count;
}

} // namespace test

#endif
