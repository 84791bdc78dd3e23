// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_TEST_SUPPORT_LOCAL_FILE_SYSTEM_HPP
#define FILELOCK_TEST_SUPPORT_LOCAL_FILE_SYSTEM_HPP

#include "skipped.hpp"

#if defined(__linux__)
#include <linux/magic.h>
#include <sys/vfs.h>
#endif

#include <filesystem>

namespace test {

/// \returns Whether locks by flock(2) and by fcntl(2) are two kinds in
/// `folder`: on Linux, but not on NFS, which makes locks by fcntl of all of
/// them; on the BSDs they are one. Where not, `name` is skipped.
inline bool is_local_file_system(const std::filesystem::path& folder,
                                 const char* name) {
#if defined(__linux__)
  struct ::statfs file_system = {};
  if (::statfs(folder.c_str(), &file_system) == 0 &&
      file_system.f_type != NFS_SUPER_MAGIC)
    return true;
  skipped(name, "the files are on NFS");
#else
  static_cast<void>(folder);
  skipped(name, "only Linux has two kinds of locks");
#endif
  return false;
}

} // namespace test

#endif
