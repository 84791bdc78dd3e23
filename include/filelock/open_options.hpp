// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// How the file of a lock is opened.

#ifndef FILELOCK_OPEN_OPTIONS_HPP
#define FILELOCK_OPEN_OPTIONS_HPP

#include <filelock/lock_request.hpp>

#include <filesystem>

namespace filelock {

/// An aggregate: `open_options options; options.create = false;`, or with
/// C++20 `{.create = false}`.
struct open_options {
  /// Create the file where it is missing.
  bool create = true;
  /// Create missing folders above the file, when the file may be created.
  bool create_parents = true;
  /// The mode of a created file, less the umask.
  std::filesystem::perms permissions =
      static_cast<std::filesystem::perms>(0666);
  /// Whether a symbolic link at the path is followed; otherwise it is refused.
  bool follow_symlink = false;
  /// After each acquire, check that the path still names the locked file.
  bool verify_path = true;
  /// Not supported yet: an acquire reports std::errc::not_supported.
  bool remove_on_release = false;
  /// Not supported yet: an acquire reports std::errc::not_supported.
  bool directory = false;
  /// Keep the file open in a program that this process executes. Not in what a
  /// forked child executes: a forked child has no lock; see release().
  bool inheritable = false;
  /// The bytes to lock, where the platform can lock a part of a file.
  byte_range range{};
};

} // namespace filelock

#endif
