// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The locks of one file of a FUSE file system, of one kind.

#ifndef FILELOCK_TEST_SUPPORT_FUSE_LOCK_TABLE_HPP
#define FILELOCK_TEST_SUPPORT_FUSE_LOCK_TABLE_HPP

#ifndef FUSE_USE_VERSION
#define FUSE_USE_VERSION 34
#endif

#include <fuse_lowlevel.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace test {

class lock_table {
public:
  struct lock {
    std::uint64_t owner;
    bool is_shared;
    bool is_release;
  };

  /// \returns Whether `wanted` is in no conflict with another owner.
  bool can_be_had(const lock& wanted) const {
    return std::all_of(held_.begin(), held_.end(), [&](const auto& each) {
      return each.first == wanted.owner || (each.second && wanted.is_shared);
    });
  }

  /// Effects: grants or releases `wanted` and answers, now or later.
  void set(::fuse_req_t request, const lock& wanted) {
    if (wanted.is_release) {
      ::fuse_reply_err(request, 0);
      release(wanted.owner);
    } else if (can_be_had(wanted)) {
      held_[wanted.owner] = wanted.is_shared;
      ::fuse_reply_err(request, 0);
    } else {
      waiters_.emplace_back(request, wanted);
    }
  }

  /// Effects: releases the lock of `owner`, and lets the next ones in.
  void release(std::uint64_t owner) {
    held_.erase(owner);
    std::vector<waiter> waiters = std::exchange(waiters_, {});
    for (const waiter& each : waiters)
      set(each.first, each.second);
  }

  bool has_waiter(::fuse_req_t request) const {
    return find(request) != waiters_.end();
  }

  /// Effects: takes a waiter out. \returns Whether there was one.
  bool forget(::fuse_req_t request) {
    const auto found = find(request);
    if (found == waiters_.end()) return false;
    waiters_.erase(found);
    return true;
  }

private:
  using waiter = std::pair<::fuse_req_t, lock>;

  std::vector<waiter>::const_iterator find(::fuse_req_t request) const {
    return std::find_if(
        waiters_.begin(), waiters_.end(),
        [request](const waiter& each) { return each.first == request; });
  }

  std::map<std::uint64_t, bool> held_; ///< by owner: whether shared
  std::vector<waiter> waiters_;        ///< in the order of arrival
};

} // namespace test

#endif
