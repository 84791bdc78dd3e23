// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A value that is made again in a forked child.

#ifndef FILELOCK_DETAIL_MUTEX_RENEWED_AFTER_FORK_HPP
#define FILELOCK_DETAIL_MUTEX_RENEWED_AFTER_FORK_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/lock/fork.hpp>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <system_error>
#include <thread>
#include <type_traits>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Holds a T that threads share, such as one with mutexes. A thread of the
/// parent may have locked them at the fork, and nobody ever unlocks them in the
/// child. So the first get() of any thread there makes a new T in the same
/// place. The old one is not destroyed, because the destructor of a condition
/// variable waits for its waiters. A value for which `has_waiters()` is true is
/// not destroyed either: exit() must not wait for threads that wait for a
/// static object.
template <class T>
class renewed_after_fork {
public:
  /// \throws std::bad_alloc if there is no memory.
  renewed_after_fork() : origin_(this_process_or_throw()), value_() {}
  ~renewed_after_fork() {
    if (is_current() && !value_.has_waiters()) value_.~T();
  }

  renewed_after_fork(const renewed_after_fork&) = delete;
  renewed_after_fork& operator=(const renewed_after_fork&) = delete;

  /// \returns Whether this process, not its parent, made the value.
  bool is_current() const noexcept {
    return made_for_.load(std::memory_order_acquire) == this_process();
  }

  /// \returns Whether threads of this process wait for the value.
  bool has_waiters() noexcept { return is_current() && value_.has_waiters(); }

  T& get() noexcept {
    if (!is_current()) renew();
    return value_;
  }

private:
  static_assert(std::is_nothrow_default_constructible_v<T>,
                "renewed_after_fork: the default constructor must not throw");

  static process_origin this_process_or_throw() {
    std::error_code ec;
    const process_origin result = process_origin::here(ec);
    if (ec) {
#if FILELOCK_HAS_EXCEPTIONS
      throw std::bad_alloc();
#else
      std::abort();
#endif
    }
    return result;
  }

  // Even numbers; the next odd one says that a thread is making the value. A
  // child that is forked meanwhile sees a number of its parent, and starts
  // again.
  std::uint64_t this_process() const noexcept {
    return std::uint64_t{2} * origin_.generation();
  }

  void renew() noexcept {
    const std::uint64_t done = this_process();
    const std::uint64_t under_way = done + 1;
    std::uint64_t seen = made_for_.load(std::memory_order_acquire);
    while (seen != done) {
      if (seen == under_way) {
        std::this_thread::yield();
        seen = made_for_.load(std::memory_order_acquire);
      } else if (made_for_.compare_exchange_weak(seen, under_way,
                                                 std::memory_order_acquire)) {
        ::new (static_cast<void*>(&value_)) T();
        made_for_.store(done, std::memory_order_release);
        return;
      }
    }
  }

  process_origin origin_;
  union {
    T value_;
  };
  std::atomic<std::uint64_t> made_for_{this_process()};
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
