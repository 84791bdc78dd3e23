// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The locks that the platforms of POSIX make, for tests that are run on each.

#ifndef FILELOCK_TEST_SUPPORT_POSIX_MODELS_HPP
#define FILELOCK_TEST_SUPPORT_POSIX_MODELS_HPP

#include <filelock/filelock.hpp>
#include <filelock/platform/posix_robust_traits.hpp>

#include "child_process.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace test {

using flock_lock = filelock::basic_file_lock<filelock::posix_flock_traits>;
using fcntl_lock = filelock::basic_file_lock<filelock::posix_fcntl_traits>;
#if FILELOCK_HAS_OFD_LOCKS
using ofd_lock = filelock::basic_file_lock<filelock::posix_ofd_traits>;
using all_locks = std::tuple<flock_lock, ofd_lock, fcntl_lock>;
using description_locks = std::tuple<flock_lock, ofd_lock>;
using record_locks = std::tuple<ofd_lock, fcntl_lock>;
#else
using all_locks = std::tuple<flock_lock, fcntl_lock>;
using description_locks = std::tuple<flock_lock>;
using record_locks = std::tuple<fcntl_lock>;
#endif

/// A Platform, and whether its locks remove the file at their release.
template <class P, bool is_removed = false>
struct world {
  using lock = filelock::basic_file_lock<P>;
  static constexpr bool removes = is_removed;
};

#if FILELOCK_HAS_ROBUST_MUTEX
template <class World>
inline constexpr bool is_robust =
    std::is_same_v<typename World::lock::platform_type,
                   filelock::posix_robust_traits>;
#endif

/// Says to lock_child which platform is meant.
template <class Lock>
inline constexpr const char* option_for = "--flock";
template <>
inline constexpr const char* option_for<fcntl_lock> = "--fcntl";
#if FILELOCK_HAS_OFD_LOCKS
template <>
inline constexpr const char* option_for<ofd_lock> = "--ofd";
#endif

/// Runs lock_child on the platform of Lock.
template <class Lock>
child_process lock_child_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), option_for<Lock>);
  return lock_child(std::move(arguments));
}

/// A file that other processes lock as Lock does.
template <class Lock>
struct lock_file_of {
  temporary_folder folder;
  std::string path = folder / "a.lock";

  child_process child() const { return lock_child_of<Lock>({path}); }
  std::string other_tries(const char* command = "try") const {
    return lock_child_of<Lock>({path, command}).read_line();
  }
};

} // namespace test

#endif
