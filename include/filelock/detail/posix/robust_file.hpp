// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The handle of a robust lock: an open and mapped file.

#ifndef FILELOCK_DETAIL_POSIX_ROBUST_FILE_HPP
#define FILELOCK_DETAIL_POSIX_ROBUST_FILE_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/error.hpp>
#include <filelock/detail/posix/fork_entry.hpp>
#include <filelock/detail/posix/process_identity.hpp>
#include <filelock/detail/posix/robust_format.hpp>
#include <filelock/detail/posix/robust_making.hpp>
#include <filelock/detail/posix/robust_mutex.hpp>

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <system_error>
#if FILELOCK_THREAD_SANITIZER
#include <thread>
#endif

namespace filelock {
inline namespace v1 {
namespace detail {

class robust_file {
public:
  robust_file(int descriptor, robust_page& page, const process_origin& origin)
      : page_(page), origin_(origin), descriptor_(descriptor) {}
  robust_file(const robust_file&) = delete;
  robust_file& operator=(const robust_file&) = delete;

  /// Releases, unmaps and closes. If this handle learned of a death and has not
  /// released since, the next owner learns of it. If another thread of this
  /// process holds the mutex, the page stays mapped: the kernel's list of what
  /// that thread holds leads through it.
  ~robust_file() {
    std::error_code ignored;
    if (origin_.is_this_process()) { // else the page is not mapped
      if (is_locked()) {
        // Without a release, so the news of a death is passed on.
        if (previous_owner_died_) page_.header.death_is_untold.store(1);
        unlock(ignored);
      }
      if (!is_locked()) unmap(page_);
    }
    ::close(descriptor_);
  }

  int descriptor() const noexcept { return descriptor_; }
  ::pthread_mutex_t& mutex() const noexcept { return page_.mutex; }

  /// \returns Whether a thread holds the mutex by this handle.
  bool is_locked() const noexcept {
    return is_locked_.load(std::memory_order_relaxed);
  }
  bool previous_owner_died() const noexcept { return previous_owner_died_; }

  /// Takes note of what try_lock() or lock_until() returned.
  /// \returns Whether the mutex is held; false with `ec` clear if it is busy.
  bool note(int error, std::error_code& ec) noexcept {
    if (error == EBUSY) return false;
    const bool died = error == EOWNERDEAD;
    if (died) error = ::pthread_mutex_consistent(&mutex());
    if (error != 0) {
      ec = posix_error(error);
      return false;
    }
    robust_header& header = page_.header;
    previous_owner_died_ =
        died || header.death_is_untold.load(std::memory_order_relaxed) != 0;
    if (previous_owner_died_)
      header.death_is_untold.store(0, std::memory_order_relaxed);
    acquire_ = header.acquires.load(std::memory_order_relaxed) + 1;
    header.acquires.store(acquire_, std::memory_order_relaxed);
    note_owner();
    is_locked_.store(true, std::memory_order_relaxed);
    header.owner_namespace.store(process_.name_space,
                                 std::memory_order_relaxed);
    header.owner.store(process_.id, std::memory_order_relaxed);
    return true;
  }

  /// Releases the mutex, if this thread took it by this handle.
  void unlock(std::error_code& ec) noexcept {
    std::atomic<std::uint32_t>& owner = page_.header.owner;
    // If the thread that took it has ended, others may have taken it since,
    // even this thread by another handle.
    int error = EPERM;
    if (is_locked() && may_ask_to_unlock() &&
        page_.header.acquires.load(std::memory_order_relaxed) == acquire_) {
      const std::uint32_t id = owner.load(std::memory_order_relaxed);
      owner.store(0, std::memory_order_relaxed);
      is_locked_.store(false, std::memory_order_relaxed);
      error = ::pthread_mutex_unlock(&mutex());
      if (error == 0) return;
      is_locked_.store(true, std::memory_order_relaxed);
      owner.store(id, std::memory_order_relaxed);
    }
    ec = posix_error(error);
  }

  /// \returns The process that holds the mutex by another handle. Nothing if it
  /// has died, or if its number means something else to this process.
  std::optional<process_id> other_owner() const noexcept {
    if (is_locked() || !is_held_now(mutex())) return std::nullopt;
    const robust_header& header = page_.header;
    const std::uint32_t owner = header.owner.load(std::memory_order_relaxed);
    const bool is_known = owner != 0 && process_.name_space != 0 &&
                          header.owner_namespace.load(
                              std::memory_order_relaxed) == process_.name_space;
    if (is_known &&
        (::kill(static_cast<::pid_t>(owner), 0) == 0 || errno != ESRCH))
      return process_id(owner);
    return std::nullopt;
  }

  /// Makes each acquire, of this handle and of others, compare the path.
  /// Preconditions: the mutex is held.
  void begin_removal() noexcept {
    page_.header.removals.fetch_add(1, std::memory_order_relaxed);
  }

  /// \returns Whether the path was compared a short time ago. False if an owner
  /// has begun a removal since. System calls: none.
  bool was_compared_lately() const noexcept {
    constexpr std::uint64_t short_time = 10'000'000; // nanoseconds
    return compared_at_ != 0 && removals_ == removals() &&
           coarse_time() - compared_at_ < short_time;
  }

  /// Remembers that the path names the file.
  void compared() noexcept {
    removals_ = removals();
    compared_at_ = coarse_time();
  }

private:
#if FILELOCK_THREAD_SANITIZER
  // It reports what pthread_mutex_unlock(3) only refuses.
  bool may_ask_to_unlock() const noexcept {
    return owner_.load() == std::this_thread::get_id();
  }
  void note_owner() noexcept { owner_.store(std::this_thread::get_id()); }
  std::atomic<std::thread::id> owner_{};
#else
  static bool may_ask_to_unlock() noexcept { return true; }
  void note_owner() noexcept {}
#endif

  std::uint32_t removals() const noexcept {
    return page_.header.removals.load(std::memory_order_relaxed);
  }

  // Read without a system call, in a third of the time of the precise clock.
  static std::uint64_t coarse_time() noexcept {
    ::timespec now;
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
  }

  robust_page& page_;
  process_origin origin_;
  process_identity process_ = this_process_identity();
  int descriptor_;
  std::uint32_t removals_ = 0;
  std::uint64_t compared_at_ = 0;
  std::uint32_t acquire_ = 0;
  bool previous_owner_died_ = false;
  std::atomic<bool> is_locked_{false}; // another thread may ask
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
