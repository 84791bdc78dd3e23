// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What was found out, of the file system and of each model of a lock.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FINDINGS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FINDINGS_HPP

#include "failure.hpp"
#include "hold_intervals.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace verify {

/// The settings of a run.
struct settings {
  std::vector<std::filesystem::path> folders;       ///< one or two
  std::vector<std::string> models;                  ///< empty: all
  nanoseconds contention = std::chrono::seconds(4); ///< in all
  nanoseconds patience = std::chrono::seconds(3);   ///< for one answer
  nanoseconds bound = std::chrono::seconds(60);     ///< of the whole run
  int processes = 4;
  bool is_json = false;
};

enum class answer {
  not_asked,
  yes,
  no,
  none ///< the helper process did not come back in time
};

/// How long something took, several times.
struct delays {
  answer came = answer::not_asked;
  std::vector<nanoseconds> each; ///< sorted
  nanoseconds half() const { return each[each.size() / 2]; }
  nanoseconds longest() const { return each.back(); }
};

/// Several processes took the lock again and again.
struct contention {
  answer ended = answer::not_asked;
  overlaps found;
};

struct model_findings {
  const char* name = "";             ///< posix_flock_traits
  const char* short_name = "";       ///< flock
  const char* needs = "";            ///< what it asks of a file system
  bool should_exclude_itself = true; ///< two objects of one process

  answer answers = answer::not_asked; ///< one attempt came back
  failure refused;                    ///< the error of that attempt
  failure failed;                     ///< a later error

  contention here;
  contention across; ///< through two folders
  answer descriptors_exclude = answer::not_asked;
  answer replacement_is_seen = answer::not_asked; ///< of the lock file
  delays hand_over;           ///< from a release to the waiter's return
  delays after_kill;          ///< from kill -9 of the owner
  delays after_timeout;       ///< from the deadline to the waiter's return
  delays after_cancel;        ///< from the cancel to the waiter's return
  bool has_cancel = true;     ///< the model has waits that can be cancelled
  bool is_interrupted = true; ///< the bound came before all was asked
};

/// What each model needs of the file system.
struct file_findings {
  std::string problem; ///< why nothing could be asked
  std::string left;    ///< a folder that could not be removed

  std::string type; ///< as in /proc/self/mountinfo; or the number of statfs(2)
  std::string mount_options; ///< those that say how locks are made
  std::uint32_t magic = 0;   ///< of statfs(2)
  bool is_network = false;
  bool is_nfs = false;

  answer inodes_are_stable = answer::not_asked;
  answer link_count_tells = answer::not_asked; ///< of a deletion
  answer ctime_tells = answer::not_asked;
  bool ctime_is_in_seconds = false;
  answer comparison_tells = answer::not_asked; ///< of path and file
};

} // namespace verify

#endif
