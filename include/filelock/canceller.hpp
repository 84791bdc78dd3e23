// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// cancel_source and canceller: how a Platform's wait is cancelled.

#ifndef FILELOCK_CANCELLER_HPP
#define FILELOCK_CANCELLER_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/sleep.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

namespace filelock {
inline namespace v1 {

class canceller;

/// The side that cancels. May be used by any thread.
class cancel_source {
public:
  cancel_source() = default;
  cancel_source(const cancel_source&) = delete;
  cancel_source& operator=(const cancel_source&) = delete;

  /// Requests the cancel. A second call does nothing.
  /// Effects: ends every pause of a canceller of this source, and runs each
  /// wake_up, registered now or later, once. Synchronization: with the calls of
  /// requested() that return true.
  inline void request() noexcept;

private:
  friend class canceller;

  void sleep_until(std::chrono::steady_clock::time_point end) noexcept {
    std::unique_lock<std::mutex> guard(mutex_);
    changed_.wait_until(guard, end, [this] { return requested_; });
  }

  struct hook {
    void (*run)(void*) noexcept;
    void* argument;
    hook* next;
  };

  std::mutex mutex_;
  std::condition_variable changed_;
  bool requested_ = false;
  hook* hooks_ = nullptr;
};

/// The side that waits: a view of a cancel_source, or of no source.
/// Platform::loss reports the loss of a hold by one.
class canceller {
public:
  /// Makes a canceller that is never requested.
  constexpr canceller() noexcept = default;
  /// Makes a view of `source`, which must outlive it.
  explicit canceller(cancel_source& source) noexcept : source_(&source) {}
  /// Makes a view that shares the ownership of `source`. It has no source if
  /// `source` is null.
  explicit canceller(std::shared_ptr<cancel_source> source) noexcept
      : source_(source.get()), owned_(std::move(source)) {}

  /// \returns Whether a cancel can ever be requested.
  bool can_be_requested() const noexcept { return source_ != nullptr; }

  /// \returns Whether the cancel was requested.
  bool requested() const noexcept {
    if (!source_) return false;
    const std::lock_guard<std::mutex> guard(source_->mutex_);
    return source_->requested_;
  }

  /// Sleeps for `duration`, at most a year, or until the cancel. Effects: no
  /// cancel is lost between a check and the sleep. A signal does not end the
  /// sleep.
  void sleep_for(std::chrono::nanoseconds duration) const noexcept {
    // Longer sleeps would overflow the clock. The caller sleeps again.
    constexpr std::chrono::nanoseconds longest = std::chrono::hours(24 * 365);
    // winpthreads takes a time before 1970 for a wait without end.
    duration =
        detail::greater(detail::lesser(duration, longest), duration.zero());
    if (source_)
      source_->sleep_until(std::chrono::steady_clock::now() + duration);
    else
      detail::sleep_for(duration);
  }

  /// Registers a call that the cancel makes. While this object lives, the
  /// cancel calls `run(argument)` once, on the thread that cancels. If the
  /// cancel was requested already, the constructor calls it, on this thread.
  /// `run` must be short and must not use this canceller.
  class wake_up {
  public:
    /// Registers the call. Preconditions: `argument` outlives this object.
    wake_up(const canceller& stop, void (*run)(void*) noexcept,
            void* argument) noexcept
        : source_(stop.source_),
          owned_(stop.owned_),
          hook_{run, argument, nullptr} {
      if (!source_) return;
      const std::lock_guard<std::mutex> guard(source_->mutex_);
      if (source_->requested_) {
        run(argument);
      } else {
        hook_.next = source_->hooks_;
        source_->hooks_ = &hook_;
      }
    }

    ~wake_up() {
      if (!source_) return;
      const std::lock_guard<std::mutex> guard(source_->mutex_);
      cancel_source::hook** link = &source_->hooks_;
      while (*link && *link != &hook_)
        link = &(*link)->next;
      if (*link) *link = hook_.next;
    }

    wake_up(const wake_up&) = delete;
    wake_up& operator=(const wake_up&) = delete;

  private:
    cancel_source* source_;
    std::shared_ptr<cancel_source> owned_;
    cancel_source::hook hook_;
  };

private:
  cancel_source* source_ = nullptr;
  std::shared_ptr<cancel_source> owned_;
};

inline void cancel_source::request() noexcept {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (requested_) return;
  requested_ = true;
  changed_.notify_all();
  for (hook* each = hooks_; each; each = each->next)
    each->run(each->argument);
}

} // namespace v1
} // namespace filelock

#endif
