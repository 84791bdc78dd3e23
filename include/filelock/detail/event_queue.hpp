// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What is to happen in a simulation, in the order of time.

#ifndef FILELOCK_DETAIL_EVENT_QUEUE_HPP
#define FILELOCK_DETAIL_EVENT_QUEUE_HPP

#include <filelock/detail/saturation.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

namespace filelock::detail {

/// Two events at one time happen in the order in which they were planned.
class event_queue {
public:
  const std::chrono::nanoseconds& now() const noexcept { return now_; }

  bool empty() const noexcept { return events_.empty(); }

  void plan(std::chrono::nanoseconds time, std::function<void()> function) {
    events_.push_back(
        {{(std::max)(time, now_), ++planned_}, std::move(function)});
    std::push_heap(events_.begin(), events_.end(), is_later());
  }

  void plan_after(std::chrono::nanoseconds delay,
                  std::function<void()> function) {
    plan(after(delay), std::move(function));
  }

  /// Preconditions: there is an event.
  void run_next() {
    std::pop_heap(events_.begin(), events_.end(), is_later());
    const event next = std::move(events_.back());
    events_.pop_back();
    now_ = (std::max)(now_, next.when.time);
    next.function();
  }

  /// Effects: lets `length` pass, or what of it there is before `is_over()`.
  /// What is planned for the very end happens too.
  template <class Condition>
  void pass(std::chrono::nanoseconds length, Condition is_over) {
    const std::chrono::nanoseconds end = after(length);
    while (!is_over()) {
      if (events_.empty() || end < events_.front().when.time) {
        now_ = (std::max)(now_, end); // an event may have let time pass
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
      return std::tie(time, order) < std::tie(other.time, other.order);
    }
  };
  struct event {
    place when;
    std::function<void()> function;
  };
  struct is_later {
    bool operator()(const event& a, const event& b) const {
      return b.when < a.when;
    }
  };

  std::chrono::nanoseconds after(std::chrono::nanoseconds delay) const {
    return now_ + (std::min)(saturated_delay(delay), unbounded - now_);
  }

  std::vector<event> events_; // a heap
  std::chrono::nanoseconds now_{};
  std::uint64_t planned_ = 0;
};

} // namespace filelock::detail

#endif
