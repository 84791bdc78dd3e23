// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What all models need of a file system: folders that can be used, and files
// that can be told apart.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FILE_CHECKS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_FILE_CHECKS_HPP

#include "file_system.hpp"
#include "findings.hpp"
#include "helpers.hpp"

#include <filelock/open_options.hpp>
#include <filelock/platform/posix_file.hpp>

#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace verify {

namespace fs = std::filesystem;

/// A folder of this run's own in each of the folders.
class places {
public:
  /// Effects: makes them. Sets `found.problem` where that fails.
  places(helpers& run, const settings& set, const std::string& name,
         file_findings& found)
      : patience_(set.patience) {
    for (const fs::path& each : set.folders)
      folders_.push_back(each / name);
    struct board {
      std::atomic<std::uint32_t> magic{0};
      std::atomic<bool> may_be_made{false};
      note path;
      note failed;
    };
    const shared<board> said;
    const auto make = [&] {
      for (const fs::path& each : set.folders)
        if (!fs::is_directory(each))
          throw std::runtime_error(each.string() + " is not a folder");
      struct ::statfs system = {};
      if (::statfs(set.folders.front().c_str(), &system) == 0)
        said->magic = static_cast<std::uint32_t>(system.f_type);
      said->path.set({fs::canonical(set.folders.front()).string()});
      said->may_be_made = true;
      std::error_code ec;
      fs::create_directory(folders_.front(), ec);
      if (ec) {
        said->may_be_made = false;
        throw std::runtime_error("no folder can be made in " +
                                 set.folders.front().string() + ": " +
                                 ec.message());
      }
      if (!fs::is_directory(folders_.back()))
        throw std::runtime_error(
            "the two folders do not show the same files: " +
            folders_.front().string() + " is not in the second one");
    };
    run.say("making a folder");
    if (!run.run({make}, patience_, said->failed))
      found.problem = "the file system did not answer";
    else
      found.problem = said->failed.get().text;
    may_be_made_ = said->may_be_made;
    found.magic = said->magic;
    if (said->path.is_set()) describe(said->path.get().text, found);
  }

  std::vector<fs::path> of(const char* name) const {
    std::vector<fs::path> result;
    for (const fs::path& each : folders_)
      result.push_back(each / name);
    return result;
  }

  /// Effects: removes what this run has made. Sets `found.left` where that
  /// fails.
  void remove(helpers& run, file_findings& found) const {
    if (!may_be_made_) return;
    struct board {
      std::atomic<bool> is_done{false};
      note failed;
    };
    const shared<board> said;
    run.say("removing the folder");
    const auto remove = [&] {
      // One of two mounts may not see what was removed through the other.
      std::error_code ec;
      fs::remove_all(folders_.front(), ec);
      if (ec) fs::remove_all(folders_.back(), ec);
      said->is_done = !ec;
    };
    run.clean_up(remove, (std::min)(patience_, longest_removal), said->failed);
    if (!said->is_done) found.left = folders_.front().string();
  }

private:
  static constexpr nanoseconds longest_removal = std::chrono::seconds(2);

  nanoseconds patience_;
  std::vector<fs::path> folders_;
  bool may_be_made_ = false; ///< a helper that did not answer may have done it
};

/// An open file.
class opened_file {
public:
  explicit opened_file(const fs::path& path) {
    std::error_code ec;
    handle_ = filelock::posix_file::open(path, {}, ec);
    if (ec) throw fs::filesystem_error("", path, ec);
  }
  ~opened_file() { filelock::posix_file::close(handle_); }
  opened_file(const opened_file&) = delete;
  opened_file& operator=(const opened_file&) = delete;

  int handle() const { return handle_; }

  struct ::stat status() const {
    struct ::stat result = {};
    if (::fstat(handle_, &result) != 0)
      throw std::system_error(errno, std::generic_category());
    return result;
  }

private:
  int handle_;
};

/// \returns The number of the file that `path` names now; zero if there is
/// none.
inline ::ino_t inode_at(const fs::path& path) {
  struct ::stat result = {};
  return ::stat(path.c_str(), &result) == 0 ? result.st_ino : 0;
}

/// Whether a file keeps its number: while it is open, by its path, when it is
/// opened again, and in both folders.
inline void check_inodes(helpers& run, const std::vector<fs::path>& paths,
                         nanoseconds patience, file_findings& found) {
  struct board {
    std::atomic<bool> are_stable{false};
    note failed;
  };
  const shared<board> said;
  const auto look = [&] {
    const opened_file file(paths.front());
    const ::ino_t number = file.status().st_ino;
    bool are_same = true;
    for (int i = 0; i != 5; ++i) {
      for (const fs::path& each : paths)
        are_same = are_same && inode_at(each) == number;
      are_same =
          are_same && opened_file(paths.back()).status().st_ino == number;
      are_same = are_same && file.status().st_ino == number;
    }
    said->are_stable = are_same;
  };
  run.say("inode numbers");
  if (!run.run({look}, patience, said->failed))
    found.inodes_are_stable = answer::none;
  else if (found.problem = said->failed.get().text; found.problem.empty())
    found.inodes_are_stable = said->are_stable ? answer::yes : answer::no;
}

/// What an owner can see when another process removes its file.
struct seen_deletion {
  std::atomic<bool> link_count{false};
  std::atomic<bool> ctime{false};
  std::atomic<bool> comparison{false};
};

/// Removes a file that another process has open, `pause` after it was made.
/// \returns Whether the helpers came back.
inline bool remove_open_file(helpers& run, const std::vector<fs::path>& paths,
                             nanoseconds patience, nanoseconds pause,
                             seen_deletion& seen, std::string& problem) {
  struct board {
    moment opened;
    moment removed;
    note failed;
  };
  const shared<board> said;
  const auto owner = [&] {
    const opened_file file(paths.front());
    const struct ::stat before = file.status();
    said->opened.set_now();
    wait_until([&] { return said->removed.is_set() || said->failed.is_set(); });
    const struct ::stat after = file.status();
    seen.link_count = after.st_nlink == 0;
    seen.ctime = before.st_ctim.tv_sec != after.st_ctim.tv_sec ||
                 before.st_ctim.tv_nsec != after.st_ctim.tv_nsec;
    seen.comparison =
        !filelock::posix_file::names(paths.front(), file.handle());
  };
  const auto other = [&] {
    wait_until([&] { return said->opened.is_set() || said->failed.is_set(); });
    std::this_thread::sleep_for(pause);
    fs::remove(paths.back());
    said->removed.set_now();
  };
  const bool have_ended =
      run.run({owner, other}, patience + pause, said->failed);
  problem = said->failed.get().text;
  return have_ended;
}

/// Whether the owner of a file can see that another process removed it.
inline void check_deletion(helpers& run, const std::vector<fs::path>& paths,
                           nanoseconds patience, file_findings& found) {
  using std::chrono::milliseconds;
  const shared<seen_deletion> seen;
  run.say("what shows a deletion");
  bool have_ended = remove_open_file(run, paths, patience, milliseconds(20),
                                     *seen, found.problem);
  if (have_ended && found.problem.empty() && !seen->ctime) {
    // A ctime may be in seconds.
    have_ended = remove_open_file(run, paths, patience, milliseconds(1100),
                                  *seen, found.problem);
    found.ctime_is_in_seconds = seen->ctime;
  }
  const auto told = [&](bool is_so) {
    if (!have_ended) return answer::none;
    return is_so ? answer::yes : answer::no;
  };
  found.link_count_tells = told(seen->link_count);
  found.ctime_tells = told(seen->ctime);
  found.comparison_tells = told(seen->comparison);
}

} // namespace verify

#endif
