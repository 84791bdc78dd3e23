// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An owner of an explored script, as the other owners and the search see it.

#ifndef FILELOCK_DETAIL_EXPLORED_OWNER_HPP
#define FILELOCK_DETAIL_EXPLORED_OWNER_HPP

#include <filelock/detail/simulated/range_locks.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <list>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What bounds a search.
struct run_limits {
  std::uint64_t preemptions = (std::numeric_limits<std::uint64_t>::max)();
  std::uint64_t kills = 0;
  std::uint64_t early_ends = 2;
  std::uint64_t steps = 10'000;
};

/// A file that an owner has open.
struct explored_file {
  simulated_handle handle;
  std::filesystem::path path;
  std::uint64_t number = 0;
  std::uint64_t granted_at = 0; // the step of the last grant
  std::uint64_t lost_at = 0;    // the step in which the path lost the file
  bool is_named = true;
};

/// An owner: a thread, and all that it shows to the others.
struct explored_owner {
  std::function<void()> function;
  const char* waits_in = nullptr;  // the call that goes on at its next turn
  std::function<bool()> can_go_on; // null: yes
  bool pauses = false;             // until a time that is always near
  std::uint64_t early_ends = 0;    // of pauses, while others could go on
  bool is_ghost = false;           // it was killed: what it does has no effect
  bool has_ended = false;
  std::list<explored_file> files;
  std::optional<std::uint64_t> awaited_file; // in a call of lock

  /// \returns The open file; null if there is none.
  const explored_file* find(simulated_handle handle) const {
    for (const explored_file& each : files)
      if (each.handle == handle) return &each;
    return nullptr;
  }

  bool is_ready() const {
    return !has_ended && !is_ghost && (!can_go_on || can_go_on());
  }
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
