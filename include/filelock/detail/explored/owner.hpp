// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An owner of an explored script, as the other owners and the search see it.

#ifndef FILELOCK_DETAIL_EXPLORED_OWNER_HPP
#define FILELOCK_DETAIL_EXPLORED_OWNER_HPP

#include <filelock/detail/simulated/files.hpp>
#include <filelock/detail/simulated/range_locks.hpp>

#include <cstddef>
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

/// A file that an owner has opened.
struct explored_file {
  std::size_t owner;
  simulated_handle handle;
  std::filesystem::path path;
  std::uint64_t number = 0;
  std::uint64_t granted_at = 0; // the step of the last grant
  std::uint64_t lost_at = 0;    // the step in which the path lost the file
  bool is_named = true;
};

/// The files that the owners have open.
class explored_files {
public:
  void add(const explored_file& file) { files_.push_back(file); }
  void erase(simulated_handle handle) {
    files_.remove_if(
        [&](const explored_file& each) { return each.handle == handle; });
  }

  /// \returns The open file; null if there is none.
  explored_file* find(simulated_handle handle) noexcept {
    for (explored_file& each : files_)
      if (each.handle == handle) return &each;
    return nullptr;
  }

  /// \returns A file that the owner has opened; null if there is none.
  const explored_file* first_of(std::size_t owner) const noexcept {
    for (const explored_file& each : files_)
      if (each.owner == owner) return &each;
    return nullptr;
  }

  /// Effects: notes which paths no longer name the file that was opened by
  /// them, after `step`.
  void note_lost_names(const simulated_files& world, std::uint64_t step) {
    for (explored_file& each : files_) {
      const bool is_named = world.names(each.path, each.handle);
      if (each.is_named && !is_named) each.lost_at = step;
      each.is_named = is_named;
    }
  }

private:
  std::list<explored_file> files_;
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

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
