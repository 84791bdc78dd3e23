// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// When each contender held the lock, and whether two held it at once.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_HOLD_INTERVALS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_HOLD_INTERVALS_HPP

#include "shared_memory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

namespace verify {

/// From after the acquire to before the release, so two intervals of owners
/// that exclude each other never overlap.
struct hold {
  steady::time_point::rep begin;
  steady::time_point::rep end;
  bool is_shared;
};

/// The holds of one contender, which alone writes.
class hold_log {
public:
  std::size_t size() const { return size_; }
  bool is_full() const { return size_ == holds_.size(); }

  void add(steady::time_point begin, steady::time_point end, bool is_shared) {
    const std::size_t next = size_;
    if (next == holds_.size()) return;
    holds_[next] = {begin.time_since_epoch().count(),
                    end.time_since_epoch().count(), is_shared};
    size_ = next + 1;
  }

  std::vector<hold> get() const {
    return {holds_.data(), holds_.data() + size_};
  }

private:
  std::atomic<std::size_t> size_{0};
  std::array<hold, 20000> holds_; // not touched before it is used
};

struct overlaps {
  std::size_t holds = 0;
  std::size_t found = 0; ///< holds that began while another owner held
  nanoseconds longest{0};
};

/// \returns The overlaps of holds of which at least one is exclusive.
inline overlaps find_overlaps(std::vector<hold> holds) {
  std::sort(holds.begin(), holds.end(),
            [](const hold& a, const hold& b) { return a.begin < b.begin; });
  overlaps result;
  result.holds = holds.size();
  // The latest end of what has begun, by mode: exclusive, shared.
  std::array<steady::time_point::rep, 2> ends{{0, 0}};
  for (const hold& each : holds) {
    const auto other = each.is_shared ? ends[0] : (std::max)(ends[0], ends[1]);
    const auto length = (std::min)(each.end, other) - each.begin;
    if (length > 0) {
      ++result.found;
      result.longest =
          (std::max<nanoseconds>)(result.longest, steady::duration(length));
    }
    auto& own = ends[each.is_shared ? 1 : 0];
    own = (std::max)(own, each.end);
  }
  return result;
}

} // namespace verify

#endif
