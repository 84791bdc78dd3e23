// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// All of the waiting logic: a state machine without I/O, callbacks or clocks.
/// A driver does what the machine asks for, and reports the outcome and the
/// time. The same machine serves a thread that blocks, an event loop and a
/// simulation.

#ifndef FILELOCK_DETAIL_WAIT_ACQUISITION_HPP
#define FILELOCK_DETAIL_WAIT_ACQUISITION_HPP

#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/wait/deadline.hpp>
#include <filelock/detail/wait/policy_traits.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace filelock {
inline namespace v1 {
namespace detail {

/// How the time until the next attempt is spent.
enum class waiting {
  by_polling,       ///< pauses between attempts; the policy says how long
  in_kernel,        ///< one wait in the kernel, without a deadline
  in_kernel_bounded ///< waits in the kernel, each with a deadline or a cancel
};

/// The result of an attempt, or of a wait in the kernel.
enum class attempt_result {
  acquired, ///< the lock is held
  busy,     ///< another owner holds it
  unopened, ///< the file cannot be opened just now
  replaced, ///< the path named another file, which is open now
  failed    ///< with an error
};

/// The next action of a driver.
struct step {
  enum class action {
    attempt_now, ///< then call after()
    pause,       ///< for `length`, then call paused()
    block,       ///< in the kernel for at most `length`, then call after()
    done         ///< the acquisition has ended with `outcome`
  };
  action what;
  std::chrono::nanoseconds length{};
  wait_outcome outcome{};
};

template <class BackoffPolicy>
class acquisition {
public:
  /// \param policy is copied only if the first attempt was busy and it is
  /// needed.
  /// \param longest_slice bounds each pause and each wait in the kernel.
  acquisition(const BackoffPolicy& policy, waiting how,
              std::chrono::nanoseconds longest_slice = unbounded,
              const wait_subject* subject = nullptr)
      : prototype_(policy),
        subject_(subject),
        longest_slice_(longest_slice),
        how_(how) {}

  // Neither this nor copy_policy() is inlined: if the policy owns something,
  // GCC 12 with -O2 would warn that *policy_ may be uninitialized.
  FILELOCK_NOINLINE ~acquisition() {}

  /// Whether the end of this wait is reported, which needs its time.
  bool reports_end() const noexcept {
    return has_finished_v<BackoffPolicy> && policy_.has_value();
  }

  step start() { return attempt(); }

  /// \param read_time Returns a wait_time; called only if the time matters.
  template <class ReadTime>
  step after(attempt_result result, ReadTime read_time, bool stop_requested) {
    switch (result) {
    case attempt_result::replaced:
      return replaced();
    case attempt_result::busy:
    case attempt_result::unopened:
      return busy(read_time(), stop_requested,
                  result == attempt_result::unopened);
    case attempt_result::failed:
      return failed(reports_end() ? read_time() : wait_time{});
    case attempt_result::acquired:
    default:
      return acquired(reports_end() ? read_time() : wait_time{});
    }
  }

  /// The attempt, or the wait in the kernel, took the lock.
  step acquired(const wait_time& now) {
    return end(wait_outcome::acquired, now);
  }

  /// The attempt, or the wait in the kernel, met an error.
  step failed(const wait_time& now) { return end(wait_outcome::failed, now); }

  /// The wait in the kernel took the lock of a file that the path no longer
  /// names. The file that the path names now is open.
  step replaced() { return attempt(); }

  /// The attempt, or the wait in the kernel, ended while another owner held the
  /// lock. \param must_pause Whether the kernel has nothing to wait for.
  step busy(const wait_time& now, bool stop_requested,
            bool must_pause = false) {
    if (now.remaining <= now.remaining.zero())
      return end(wait_outcome::timed_out, now);
    const bool asks = must_pause || asks_policy();
    if (asks || has_finished_v<BackoffPolicy>) copy_policy();
    if (stop_requested) return end(wait_outcome::stopped, now);
    if (!asks) return wait_for(now.remaining, false);
    const std::optional<std::chrono::nanoseconds> delay = ask(
        *policy_, wait_state{attempts_, now.elapsed, now.remaining, subject_});
    if (!delay) return end(wait_outcome::gave_up, now);
    return wait_for(lesser(*delay, now.remaining), must_pause);
  }

  /// The pause is over, or a stop request ended it.
  step paused(const wait_time& now, bool stop_requested) {
    if (stop_requested) return end(wait_outcome::stopped, now);
    if (rest_of_pause_ > rest_of_pause_.zero() &&
        now.remaining > now.remaining.zero())
      return wait_for(lesser(rest_of_pause_, now.remaining), true);
    return attempt();
  }

private:
  bool asks_policy() const noexcept {
    return observes_wait_v<BackoffPolicy> || how_ == waiting::by_polling;
  }

  FILELOCK_NOINLINE void copy_policy() {
    if (!policy_) policy_.emplace(prototype_);
  }

  step attempt() {
    ++attempts_;
    return {step::action::attempt_now};
  }

  step wait_for(std::chrono::nanoseconds length, bool must_pause) {
    const std::chrono::nanoseconds slice = lesser(length, longest_slice_);
    if (must_pause || how_ == waiting::by_polling) {
      rest_of_pause_ = length - slice;
      return {step::action::pause, slice};
    }
    ++attempts_;
    return {step::action::block, slice};
  }

  step end(wait_outcome outcome, const wait_time& now) {
    if (policy_)
      tell_finished(*policy_, wait_result{outcome, attempts_, now.elapsed});
    return {step::action::done, {}, outcome};
  }

  const BackoffPolicy& prototype_;
  const wait_subject* subject_;
  std::optional<BackoffPolicy> policy_;
  std::uint64_t attempts_ = 0;
  std::chrono::nanoseconds rest_of_pause_{};
  std::chrono::nanoseconds longest_slice_;
  waiting how_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
