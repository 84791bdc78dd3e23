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

/// The options of open(): an aggregate. `open_options options; options.create =
/// false;`, or with C++20 `{.create = false}`.
struct open_options {
  /// Create the file if it is missing. A folder is never created.
  bool create = true;
  /// Create missing folders above a file that may be created.
  bool create_parents = true;
  /// The mode of a created file, less the umask.
  std::filesystem::perms permissions =
      static_cast<std::filesystem::perms>(0666);
  /// Follow a symbolic link at the path. Without this option it is refused.
  /// Implies compare_always, as the link may lead to another file some day.
  bool follow_symlink = false;
  /// Check after each acquire that the path names the file. If not, go on with
  /// the file that it names now. An unchanged ctime is enough, where the system
  /// can be trusted to set it at each link, unlink and rename of the file;
  /// otherwise path and file are compared. The ctime does not show what happens
  /// above the file: see compare_always.
  bool verify_path = true;
  /// Remove the file before each release, if the path names it. Each of
  /// unlock(), close(), the destructor and a move assignment does so. A shared
  /// holder removes it only if it is the last one. Implies verify_path and
  /// compare_always: a waiter goes on with the next file, and no two owners
  /// hold the lock. Every program that uses the path must lock the file before
  /// it removes or replaces it. A file that cannot be removed stays, which is
  /// no error: the lock is released all the same. The file of an owner that was
  /// killed stays for the next owner. Not promised on NFS.
  /// std::errc::invalid_argument with `directory` or a `range`.
  bool remove_on_release = false;
  /// Lock a folder, which must exist. std::errc::not_a_directory if the path
  /// names something else. The folder is opened for reading, so some platforms
  /// cannot lock it exclusively. Not supported on Windows.
  bool directory = false;
  /// Keep the file open in a program that is executed. A program that a forked
  /// child executes does not get it, because a forked child has no lock: see
  /// release().
  bool inheritable = false;
  /// The bytes to lock, if the platform can lock some.
  byte_range range{};
  /// With verify_path: compare path and file at each acquire, by two system
  /// calls, whatever the ctime of the file says. The lock then notices that a
  /// folder above the file was renamed, or that a file system was mounted over
  /// it.
  bool compare_always = false;
  /// Open the file for reading only. The system refuses to execute a program
  /// that is open for writing, and tells programs that watch a file, such as
  /// udev, when a descriptor that could write is closed. Some platforms cannot
  /// lock such a file exclusively.
  bool read_only = false;
  /// Lock a device, such as a disk or a serial port. It must exist: nothing is
  /// created. std::errc::invalid_argument if the path names something else, or
  /// with `directory` or `remove_on_release`. Not supported on Windows.
  bool device = false;
};

} // namespace v1
} // namespace filelock

#endif
