// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Counts the holds of an object, and knows their thread.

#ifndef FILELOCK_DETAIL_LOCK_COUNTED_HOLD_HPP
#define FILELOCK_DETAIL_LOCK_COUNTED_HOLD_HPP

#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Counts the acquires of one thread, so that nested guards on one object
/// release at the end of the outermost. Another thread may ask is_held()
/// meanwhile.
class counted_hold {
public:
  counted_hold() noexcept = default;
  counted_hold(counted_hold&& other) noexcept { *this = std::move(other); }
  counted_hold& operator=(counted_hold&& other) noexcept {
    if (this == &other) return *this;
    count_ = other.count_;
    owner_.store(other.owner_.load(std::memory_order_relaxed),
                 std::memory_order_release);
    other.end();
    return *this;
  }
  ~counted_hold() = default;

  bool is_held() const noexcept {
    return owner_.load(std::memory_order_acquire) != std::thread::id();
  }
  bool is_of_this_thread() const noexcept {
    return owner_.load(std::memory_order_acquire) == std::this_thread::get_id();
  }
  std::size_t count() const noexcept { return count_; }

  /// Effects: notes that this thread has acquired.
  void begin() noexcept {
    count_ = 1;
    // Stored last: a thread that sees the owner also sees what the owner has
    // set.
    owner_.store(std::this_thread::get_id(), std::memory_order_release);
  }
  void add_one() noexcept { ++count_; }

  /// Effects: counts one release. \returns Whether it is the last.
  bool end_one() noexcept {
    if (count_ > 1) {
      --count_;
      return false;
    }
    end();
    return true;
  }

  void end() noexcept {
    count_ = 0;
    owner_.store(std::thread::id(), std::memory_order_release);
  }

private:
  std::atomic<std::thread::id> owner_{};
  std::size_t count_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
