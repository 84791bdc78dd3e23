// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What is asked of one model of a lock: of a Platform P.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_LOCK_CHECKS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_LOCK_CHECKS_HPP

#include "findings.hpp"
#include "helpers.hpp"
#include "models.hpp"

#include <filelock/filelock.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <random>
#include <system_error>
#include <thread>
#include <vector>

namespace verify {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

inline constexpr int most_processes = 16;

/// Asks for a lock that nobody holds. Without a comparison of path and file:
/// that is another question.
template <class P>
void check_support(helpers& run, const fs::path& path, nanoseconds patience,
                   model_findings& found) {
  struct board {
    note refused;
    note failed;
  };
  const shared<board> said;
  const auto attempt = [&] {
    filelock::open_options options;
    options.verify_path = false;
    filelock::basic_file_lock<P> lock{path, options};
    std::error_code ec;
    if (lock.try_lock(ec)) return lock.unlock();
    if (ec)
      said->refused.set(failure_of(ec));
    else
      said->failed.set({"a lock that nobody holds is busy"});
  };
  const bool has_ended = run.run({attempt}, patience, said->failed);
  found.answers = has_ended ? answer::yes : answer::none;
  found.refused = said->refused.get();
  found.failed = said->failed.get();
}

/// What the contenders of check_contention() share.
struct contest {
  std::array<hold_log, most_processes> logs;
  note failed;
  std::size_t contenders;
  steady::time_point end;
  steady::time_point latest_end; ///< where some had hardly a hold until `end`

  /// On a busy machine a contender may have no hold in a short time, and then
  /// there is nothing to compare.
  bool goes_on() const {
    constexpr std::size_t fewest = 8;
    const auto now = steady::now();
    const auto first = logs.begin();
    return !failed.is_set() && now < latest_end &&
           (now < end ||
            std::any_of(first, first + contenders, [](const hold_log& each) {
              return each.size() < fewest;
            }));
  }
};

/// One contender of check_contention().
template <class P>
void contend(const fs::path& path, unsigned number, contest& all) {
  filelock::basic_file_lock<P> lock{path};
  hold_log& log = all.logs[number];
  // So that they do not go in step.
  std::minstd_rand random(number + 1);
  std::uniform_int_distribution<int> length(50, 1000);
  for (unsigned i = number; all.goes_on() && !log.is_full(); ++i) {
    const bool waits = i % 2 == 0;
    const bool is_shared = has_shared_locks<P> && i % 8 >= 6;
    bool is_held = waits;
    if constexpr (has_shared_locks<P>) {
      if (is_shared && waits) lock.lock_shared();
      if (is_shared && !waits) is_held = lock.try_lock_shared();
    }
    if (!is_shared && waits) lock.lock();
    if (!is_shared && !waits) is_held = lock.try_lock();
    const auto begin = steady::now();
    std::this_thread::sleep_for(std::chrono::microseconds(length(random)));
    if (!is_held) continue;
    log.add(begin, steady::now(), is_shared);
    std::error_code ec;
    lock.unlock(ec);
    if (ec) throw std::system_error(ec);
  }
}

/// Lets processes contend, each with the next of `paths`.
template <class P>
contention check_contention(helpers& run, const std::vector<fs::path>& paths,
                            const settings& set, nanoseconds length,
                            model_findings& found) {
  const shared<contest> said;
  said->contenders = static_cast<std::size_t>(set.processes);
  said->end = steady::now() + length;
  said->latest_end = said->end + set.patience / 2;
  std::vector<helpers::body> contenders;
  for (unsigned i = 0; i != said->contenders; ++i)
    contenders.push_back(
        [&, i] { contend<P>(paths[i % paths.size()], i, *said); });
  contention result;
  const bool have_ended =
      run.run(contenders, length + set.patience, said->failed);
  result.ended = have_ended ? answer::yes : answer::none;
  std::vector<hold> holds;
  for (const hold_log& log : said->logs) {
    const std::vector<hold> more = log.get();
    holds.insert(holds.end(), more.begin(), more.end());
  }
  result.found = find_overlaps(std::move(holds));
  if (found.failed.empty()) found.failed = said->failed.get();
  return result;
}

/// Whether two objects of one process, with a descriptor each, exclude each
/// other.
template <class P>
void check_descriptors(helpers& run, const fs::path& path, nanoseconds patience,
                       model_findings& found) {
  struct board {
    std::atomic<bool> exclude{false};
    note failed;
  };
  const shared<board> said;
  const auto two_objects = [&] {
    filelock::basic_file_lock<P> first{path};
    filelock::basic_file_lock<P> second{path};
    first.lock();
    said->exclude = !second.try_lock();
  };
  if (!run.run({two_objects}, patience, said->failed))
    found.descriptors_exclude = answer::none;
  else if (found.failed = said->failed.get(); found.failed.empty())
    found.descriptors_exclude = said->exclude ? answer::yes : answer::no;
}

/// Whether a lock notices that another process has put another file at its
/// path: then both would own the path.
template <class P>
void check_replacement(helpers& run, const fs::path& own_path,
                       const fs::path& others_path, nanoseconds patience,
                       model_findings& found) {
  struct board {
    moment ready; ///< the first one has used the file that is there
    moment held;  ///< the other one holds the next file
    std::atomic<answer> seen{answer::none};
    note failed;
  };
  const shared<board> said;
  const auto is_asked = [&] {
    return said->seen != answer::none || said->failed.is_set();
  };
  const auto first = [&] {
    filelock::basic_file_lock<P> lock{own_path};
    lock.lock();
    // A lock remembers a comparison of path and file once the file is so old.
    std::this_thread::sleep_for(milliseconds(30));
    for (int i = 0; i != 3; ++i) {
      lock.unlock();
      lock.lock();
    }
    lock.unlock();
    said->ready.set_now();
    wait_until([&] { return said->held.is_set() || said->failed.is_set(); });
    std::this_thread::sleep_for(milliseconds(20));
    said->seen = lock.try_lock() ? answer::no : answer::yes;
  };
  const auto other = [&] {
    wait_until([&] { return said->ready.is_set() || said->failed.is_set(); });
    fs::remove(others_path);
    filelock::basic_file_lock<P> lock{others_path};
    lock.lock();
    said->held.set_now();
    wait_until(is_asked);
  };
  run.run({first, other}, patience, said->failed);
  found.failed = said->failed.get();
  found.replacement_is_seen = said->seen;
}

} // namespace verify

#endif
