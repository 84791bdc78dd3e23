// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The planned events of a simulation, in the order of their times.

#ifndef FILELOCK_DETAIL_SIMULATED_EVENT_QUEUE_HPP
#define FILELOCK_DETAIL_SIMULATED_EVENT_QUEUE_HPP

#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/callback.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// A queue of events. Two events at one time happen in the order of planning.
class event_queue {
public:
  const std::chrono::nanoseconds& now() const noexcept { return now_; }

  bool empty() const noexcept { return events_.empty(); }

  void plan(std::chrono::nanoseconds time, callback<> function) {
    events_.emplace(place{greater(time, now_), ++planned_},
                    std::move(function));
  }

  void plan_after(std::chrono::nanoseconds delay, callback<> function) {
    plan(after(delay), std::move(function));
  }

  /// Runs the next event. Preconditions: there is one.
  void run_next() {
    const auto next = events_.begin();
    now_ = greater(now_, next->first.time);
    const callback<> function = std::move(next->second);
    events_.erase(next);
    function();
  }

  /// Lets `length` pass, but stops when `is_over()`. Events that are planned
  /// for the very end happen too.
  template <class Condition>
  void pass(std::chrono::nanoseconds length, Condition is_over) {
    const std::chrono::nanoseconds end = after(length);
    while (!is_over()) {
      if (events_.empty() || end < events_.begin()->first.time) {
        now_ = greater(now_, end); // an event may have let time pass
        return;
      }
      run_next();
    }
  }

private:
  struct place {
    std::chrono::nanoseconds time;
    std::uint64_t order;
    bool operator<(const place& other) const {
      return time < other.time || (time == other.time && order < other.order);
    }
  };

  std::chrono::nanoseconds after(std::chrono::nanoseconds delay) const {
    return now_ + lesser(saturated_delay(delay), unbounded - now_);
  }

  std::map<place, callback<>> events_;
  std::chrono::nanoseconds now_{};
  std::uint64_t planned_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
