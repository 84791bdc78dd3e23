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
inline namespace v1 {

/// An aggregate: `open_options options; options.create = false;`, or with
/// C++20 `{.create = false}`.
struct open_options {
  /// Create the file where it is missing. A folder is never created.
  bool create = true;
  /// Create missing folders above the file, when the file may be created.
  bool create_parents = true;
  /// The mode of a created file, less the umask.
  std::filesystem::perms permissions =
      static_cast<std::filesystem::perms>(0666);
  /// Whether a symbolic link at the path is followed; otherwise it is refused.
  /// Implies compare_always, as the link may lead to another file some day.
  bool follow_symlink = false;
  /// After each acquire, check that the path still names the locked file, and
  /// go on with the file that it names now. Where the system can be trusted to
  /// note each link, unlink and rename of a file in its ctime, an unchanged
  /// ctime is the check, else a comparison of path and file. What happens above
  /// the file does not show in its ctime: see compare_always.
  bool verify_path = true;
  /// Remove the file before each release, by unlock(), close(), the destructor
  /// or a move assignment, if the path still names it; a shared holder only if
  /// it is the last one. Implies verify_path and compare_always: a waiter goes
  /// on with the next file, and no two owners hold the lock. Every program that
  /// uses the path must lock it before it removes or replaces the file. A file
  /// that cannot be removed stays, which is no error: the lock is released all
  /// the same. The file of an owner that was killed stays for the next owner.
  /// Not promised on NFS.
  /// std::errc::invalid_argument with `directory` or a `range`.
  bool remove_on_release = false;
  /// Lock a folder, which has to be there; std::errc::not_a_directory where it
  /// is none. It is opened to be read: some platforms cannot lock it
  /// exclusively. Not supported on Windows.
  bool directory = false;
  /// Keep the file open in a program that this process executes. Not in what a
  /// forked child executes: a forked child has no lock; see release().
  bool inheritable = false;
  /// The bytes to lock, where the platform can lock a part of a file.
  byte_range range{};
  /// With verify_path: compare path and file at each acquire, by two system
  /// calls, whatever the ctime of the file says. It then notices that a folder
  /// above the file was renamed, or that a file system was mounted over it.
  bool compare_always = false;
};

} // namespace v1
} // namespace filelock

#endif
