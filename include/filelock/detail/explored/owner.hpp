// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An owner of an explored script, as the other owners and the search see it.

#ifndef FILELOCK_DETAIL_EXPLORED_OWNER_HPP
#define FILELOCK_DETAIL_EXPLORED_OWNER_HPP

#include <filelock/detail/explored/search.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What bounds a search.
struct run_limits {
  std::uint64_t preemptions = (std::numeric_limits<std::uint64_t>::max)();
  std::uint64_t kills = 0;
  std::uint64_t forks = 0;
  std::uint64_t early_ends = 2;
  std::uint64_t steps = 10'000;
};

/// An owner: a thread, and all that it shows to the others.
struct explored_owner {
  std::function<void()> function;
  bool is_process = true;          // of its own: it can be killed
  const char* waits_in = nullptr;  // the call that goes on at its next turn
  std::function<bool()> can_go_on; // null: yes, unless it pauses
  bool pauses = false;             // until a time that is always near
  std::uint64_t early_ends = 0;    // of pauses, while others could go on
  bool is_ghost = false;           // it was killed: what it does has no effect
  bool has_ended = false;
  std::optional<std::uint64_t> awaited_file; // in a call of lock

  bool is_alive() const noexcept { return !has_ended && !is_ghost; }
  bool is_ready() const {
    return is_alive() && (can_go_on ? can_go_on() : !pauses);
  }
  bool can_end_pause() const { return is_alive() && pauses && !is_ready(); }
};

inline bool have_ended(const std::vector<explored_owner>& owners) noexcept {
  for (const explored_owner& each : owners)
    if (!each.has_ended) return false;
  return true;
}

/// \returns 'A' for the first.
inline std::string owner_name(std::size_t owner) {
  return std::string(1, choice{owner}.letter());
}

/// \returns In which calls the owners wait: for a message.
inline std::string waits_of(const std::vector<explored_owner>& owners) {
  std::string result;
  for (std::size_t each = 0; each != owners.size(); ++each)
    if (!owners[each].has_ended)
      result += " " + owner_name(each) + " waits in " + owners[each].waits_in;
  return result;
}

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
