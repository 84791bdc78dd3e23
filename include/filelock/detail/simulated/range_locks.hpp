// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The locks of bytes of one simulated file.

#ifndef FILELOCK_DETAIL_SIMULATED_RANGE_LOCKS_HPP
#define FILELOCK_DETAIL_SIMULATED_RANGE_LOCKS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/lock_request.hpp>

#include <atomic>
#include <cstdint>
#include <iterator>
#include <list>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The number of an open file, unique in the process, in all its simulations.
using simulated_handle = std::int64_t;

FILELOCK_SHARED_BY_PROCESS inline simulated_handle new_simulated_handle() {
  static std::atomic<simulated_handle> last{0};
  return ++last;
}

inline bool are_disjoint(const byte_range& a, const byte_range& b) noexcept {
  const auto is_before = [](const byte_range& x, const byte_range& y) {
    return x.length != 0 && y.offset >= x.offset &&
           y.offset - x.offset >= x.length;
  };
  return is_before(a, b) || is_before(b, a);
}

inline bool exclude_each_other(const lock_request& a,
                               const lock_request& b) noexcept {
  return (a.mode == lock_mode::exclusive || b.mode == lock_mode::exclusive) &&
         !are_disjoint(a.range, b.range);
}

/// A lock of some bytes by one open file.
struct range_lock {
  simulated_handle handle;
  process_id process;
  lock_request request;
};

/// All locks of a file. As with fcntl(2), an open file may hold several ranges,
/// and each of its bytes has one mode.
class range_locks {
public:
  /// \returns A lock of another owner in conflict with `request`. The oldest of
  /// several, or null.
  const range_lock* conflict(simulated_handle own,
                             const lock_request& request) const {
    for (const range_lock& each : locks_)
      if (each.handle != own && exclude_each_other(each.request, request))
        return &each;
    return nullptr;
  }

  /// \returns The last lock of the open file, if it holds any.
  std::optional<lock_request> last_of(simulated_handle handle) const {
    std::optional<lock_request> result;
    for (const range_lock& each : locks_)
      if (each.handle == handle) result = each.request;
    return result;
  }

  std::optional<process_id> first_process() const {
    if (locks_.empty()) return std::nullopt;
    return locks_.front().process;
  }

  /// \returns Whether one owner excludes all others. Then no waiter need be
  /// checked, and there may be thousands.
  bool are_of_one_owner() const {
    return locks_.size() == 1 &&
           locks_.front().request.mode == lock_mode::exclusive &&
           locks_.front().request.range.is_whole_file();
  }

  /// Adds a lock. Preconditions: no lock of another owner is in conflict.
  void hold(const range_lock& added) {
    release(added.handle, added.request.range);
    locks_.push_back(added);
  }

  /// Releases what `handle` holds of the bytes in `range`.
  void release(simulated_handle handle, const byte_range& range) {
    for (auto each = locks_.begin(); each != locks_.end();) {
      const auto next = std::next(each);
      if (each->handle == handle && !are_disjoint(each->request.range, range))
        cut_out(each, range);
      each = next;
    }
  }

private:
  /// Leaves the bytes of a lock that are before or after `range`.
  void cut_out(std::list<range_lock>::iterator from, const byte_range& range) {
    const byte_range held = from->request.range;
    if (range.offset > held.offset)
      keep(from, {held.offset, range.offset - held.offset});
    if (range.length != 0) {
      const std::uint64_t end = range.offset + range.length;
      const std::uint64_t before = end - held.offset;
      if (held.length == 0)
        keep(from, {end, 0});
      else if (held.length > before)
        keep(from, {end, held.length - before});
    }
    locks_.erase(from);
  }

  void keep(std::list<range_lock>::iterator of, const byte_range& rest) {
    range_lock kept = *of;
    kept.request.range = rest;
    locks_.insert(of, kept);
  }

  std::list<range_lock> locks_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
