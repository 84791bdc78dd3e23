// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Counts the holds of an object, and knows their thread, or the operation that
/// waits for one.

#ifndef FILELOCK_DETAIL_LOCK_COUNTED_HOLD_HPP
#define FILELOCK_DETAIL_LOCK_COUNTED_HOLD_HPP

#include <filelock/detail/lock/fork.hpp>

#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Counts the acquires of one thread, so that nested guards on one object
/// release at the end of the outermost. Another thread may ask is_held()
/// meanwhile.
///
/// An asynchronous operation reserves the object while it waits. What it
/// acquires belongs to no thread, because its handler may run on any.
class counted_hold {
public:
  counted_hold() noexcept = default;
  counted_hold(counted_hold&& other) noexcept { *this = std::move(other); }
  counted_hold& operator=(counted_hold&& other) noexcept {
    if (this == &other) return *this;
    owner_.store(other.owner_.load(std::memory_order_relaxed),
                 std::memory_order_relaxed);
    count_.store(other.count(), std::memory_order_release);
    other.end();
    return *this;
  }
  ~counted_hold() = default;

  /// \returns Whether nobody holds or reserves the object. A forked child must
  /// ask is_reserved() too, and whether the file is open.
  bool is_free() const noexcept { return count() == 0; }
  bool is_held() const noexcept { return !is_free() && count() < reservation; }
  bool is_of_this_thread() const noexcept {
    return owner_.load(std::memory_order_acquire) == std::this_thread::get_id();
  }
  std::uint64_t count() const noexcept {
    return count_.load(std::memory_order_acquire);
  }

  /// Notes that this thread has acquired.
  void begin() noexcept { begin(std::this_thread::get_id()); }
  void add_one() noexcept { set_count(count() + 1); }

  /// Counts one release; does nothing if the object is reserved.
  /// \returns Whether it is the last.
  bool end_one() noexcept {
    if (count() >= reservation) return false;
    if (count() > 1) {
      set_count(count() - 1);
      return false;
    }
    end();
    return true;
  }

  void end() noexcept {
    owner_.store(std::thread::id(), std::memory_order_relaxed);
    set_count(0);
  }

  /// Notes that an operation waits, in this process.
  void reserve(const process_origin& here) noexcept {
    set_count(reservation + here.generation());
  }

  /// \returns Whether an operation of this process waits. A forked child does
  /// not have those of its parent.
  bool is_reserved() const noexcept {
    if (count() < reservation) return false;
    std::error_code no_memory;
    const process_origin here = process_origin::here(no_memory);
    return !no_memory && count() == reservation + here.generation();
  }

  /// Notes that the operation has acquired, for no thread.
  void begin_for_any_thread() noexcept { begin(std::thread::id()); }

private:
  static constexpr std::uint64_t reservation = std::uint64_t{1} << 63;

  void begin(std::thread::id owner) noexcept {
    owner_.store(owner, std::memory_order_relaxed);
    // Stored last: a thread that sees the count also sees what the owner has
    // set.
    set_count(1);
  }

  void set_count(std::uint64_t count) noexcept {
    count_.store(count, std::memory_order_release);
  }

  std::atomic<std::thread::id> owner_{};
  std::atomic<std::uint64_t> count_{0};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
