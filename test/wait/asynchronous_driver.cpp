// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// An asynchronous driver, complete but for a real event loop, stands on
// detail/acquisition.hpp alone.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/wait/acquisition.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(wait_asynchronous_driver)

namespace {

using namespace std::chrono_literals;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::detail::acquisition;
using filelock::detail::step;
using filelock::detail::timeout;
using filelock::detail::unbounded;
using filelock::detail::wait_time;
using filelock::detail::waiting;
using std::chrono::nanoseconds;

/// Timed callbacks on one thread.
class event_loop {
public:
  using callback = std::function<void()>;
  using event = std::pair<nanoseconds, std::uint64_t>;

  nanoseconds now() const { return now_; }

  event after(nanoseconds delay, callback run) {
    const event key((std::min)(delay, unbounded - now_) + now_, ++planned_);
    events_.emplace(key, std::move(run));
    return key;
  }

  /// \returns Whether the event was still to come.
  bool cancel(const event& key) { return events_.erase(key) != 0; }

  void run() {
    while (!events_.empty()) {
      const auto first = events_.begin();
      now_ = first->first.first;
      const callback run = std::move(first->second);
      events_.erase(first);
      run();
    }
  }

private:
  nanoseconds now_{};
  std::uint64_t planned_ = 0;
  std::map<event, callback> events_;
};

/// A lock that is pretended, with a queue as in a kernel.
class pretended_lock {
public:
  bool try_lock(std::size_t owner) {
    if (owner_) return false;
    owner_ = owner;
    return true;
  }

  void wait_in_queue(std::size_t waiter, std::function<void()> granted) {
    queue_.emplace_back(waiter, std::move(granted));
  }

  void leave_queue(std::size_t waiter) {
    queue_.erase(std::remove_if(
                     queue_.begin(), queue_.end(),
                     [&](const auto& entry) { return entry.first == waiter; }),
                 queue_.end());
  }

  void unlock() {
    owner_.reset();
    if (queue_.empty()) return;
    auto [waiter, granted] = std::move(queue_.front());
    queue_.pop_front();
    owner_ = waiter;
    granted();
  }

  std::optional<std::size_t> owner() const { return owner_; }

private:
  std::optional<std::size_t> owner_;
  std::deque<std::pair<std::size_t, std::function<void()>>> queue_;
};

/// The driver: about what an asynchronous lock of an event loop would be. It
/// keeps itself alive until it has called its handler.
template <class BackoffPolicy>
class asynchronous_acquire
    : public std::enable_shared_from_this<asynchronous_acquire<BackoffPolicy>> {
public:
  using handler = std::function<void(wait_outcome)>;

  asynchronous_acquire(event_loop& loop, pretended_lock& lock, std::size_t id,
                       const BackoffPolicy& policy, nanoseconds length,
                       waiting how, handler done)
      : loop_(loop),
        lock_(lock),
        id_(id),
        policy_(policy),
        wait_(policy_, how),
        deadline_(length),
        done_(std::move(done)) {}

  /// Attempts made though the cancel had come; all drivers together.
  static inline int attempts_after_stop = 0;

  void start() {
    start_ = loop_.now();
    follow(wait_.start());
  }

  void cancel() {
    is_stopped_ = true;
    if (!pending_ || !loop_.cancel(*pending_)) return;
    if (is_blocked_)
      kernel_wait_ended();
    else
      follow(wait_.paused(time(), true));
  }

private:
  wait_time time() const {
    const nanoseconds elapsed = loop_.now() - start_;
    return {elapsed, deadline_.remaining(elapsed, loop_.now())};
  }

  void follow(step next) {
    pending_.reset();
    while (next.what == step::action::attempt_now) {
      if (is_stopped_) ++attempts_after_stop;
      next = lock_.try_lock(id_) ? wait_.acquired(time())
                                 : wait_.busy(time(), is_stopped_);
    }
    const auto self = this->shared_from_this();
    switch (next.what) {
    case step::action::pause:
      pending_ = loop_.after(next.length, [self] {
        self->follow(self->wait_.paused(self->time(), self->is_stopped_));
      });
      break;
    case step::action::block:
      is_blocked_ = true;
      pending_ =
          loop_.after(next.length, [self] { self->kernel_wait_ended(); });
      lock_.wait_in_queue(id_, [self] { self->granted(); });
      break;
    default:
      done_(next.outcome);
    }
  }

  void granted() {
    is_blocked_ = false;
    loop_.cancel(*pending_);
    follow(wait_.acquired(time()));
  }

  void kernel_wait_ended() {
    is_blocked_ = false;
    lock_.leave_queue(id_);
    follow(wait_.busy(time(), is_stopped_));
  }

  event_loop& loop_;
  pretended_lock& lock_;
  std::size_t id_;
  BackoffPolicy policy_;
  acquisition<BackoffPolicy> wait_;
  timeout deadline_;
  handler done_;
  nanoseconds start_{};
  std::optional<event_loop::event> pending_;
  bool is_blocked_ = false;
  bool is_stopped_ = false;
};

/// Doubles its delay, and counts the ends it is told.
struct doubling_policy {
  explicit doubling_policy(int& ends) : told(&ends) {}
  nanoseconds operator()(const wait_state&) {
    return delay = (std::min<nanoseconds>)(delay * 2, 64ms);
  }
  void finished(const wait_result&) { ++*told; }
  nanoseconds delay = 1ms;
  int* told;
};

struct ending {
  std::size_t contender;
  wait_outcome outcome;
  nanoseconds time;
  bool operator==(const ending& other) const {
    return contender == other.contender && outcome == other.outcome &&
           time == other.time;
  }
};

struct summary {
  std::string violations;
  std::vector<ending> endings;
  int told = 0;
  int attempts_after_stop = 0;
  std::size_t waited = 0;

  std::size_t count(wait_outcome outcome) const {
    return static_cast<std::size_t>(
        std::count_if(endings.begin(), endings.end(), [&](const ending& each) {
          return each.outcome == outcome;
        }));
  }
};

constexpr std::size_t contenders = 1000;

/// \param how_of Says for each contender how it waits.
summary simulate(const std::function<waiting(std::size_t)>& how_of) {
  using driver = asynchronous_acquire<doubling_policy>;
  driver::attempts_after_stop = 0;
  event_loop loop;
  pretended_lock lock;
  summary result;
  std::mt19937 random(42);
  const auto milliseconds_up_to = [&](int most) {
    return std::chrono::milliseconds(random() %
                                     (static_cast<unsigned>(most) + 1));
  };
  std::vector<int> ends_of(contenders);
  std::vector<bool> is_holder(contenders);
  const auto violated = [&](const char* rule, std::size_t id) {
    result.violations += std::string(rule) + " by " + std::to_string(id) + "; ";
  };

  for (std::size_t id = 0; id != contenders; ++id) {
    const nanoseconds start = milliseconds_up_to(3000);
    const nanoseconds length =
        id % 3 == 0 ? nanoseconds(milliseconds_up_to(2000)) : unbounded;
    const std::optional<nanoseconds> cancel =
        id % 5 == 0
            ? std::optional<nanoseconds>(start + milliseconds_up_to(2000))
            : std::nullopt;
    const nanoseconds hold = milliseconds_up_to(10);
    const auto acquire = std::make_shared<driver>(
        loop, lock, id, doubling_policy(result.told), length, how_of(id),
        [&, id, start, length, cancel, hold](wait_outcome outcome) {
          if (++ends_of[id] != 1) violated("ended twice", id);
          if (length != unbounded && loop.now() > start + length)
            violated("deadline overslept", id);
          if (cancel && loop.now() > *cancel) violated("cancel overslept", id);
          if (loop.now() != start) ++result.waited;
          result.endings.push_back({id, outcome, loop.now()});
          if (outcome == wait_outcome::stopped && loop.now() != cancel)
            violated("stopped early", id);
          if (outcome == wait_outcome::timed_out &&
              loop.now() != start + length)
            violated("timed out early", id);
          if (outcome != wait_outcome::acquired) return;
          if (lock.owner() != id) violated("acquired nothing", id);
          if (std::count(is_holder.begin(), is_holder.end(), true) != 0)
            violated("two holders", id);
          is_holder[id] = true;
          loop.after(hold, [&, id] {
            is_holder[id] = false;
            lock.unlock();
          });
        });
    loop.after(start, [acquire] { acquire->start(); });
    if (cancel) loop.after(*cancel, [acquire] { acquire->cancel(); });
  }
  loop.run();
  result.attempts_after_stop = driver::attempts_after_stop;

  for (std::size_t id = 0; id != contenders; ++id)
    if (ends_of[id] != 1) violated("did not end once", id);
  return result;
}

waiting polls(std::size_t) { return waiting::by_polling; }
waiting blocks(std::size_t) { return waiting::in_kernel_bounded; }
waiting polls_or_blocks(std::size_t id) {
  return id % 2 == 0 ? waiting::by_polling : waiting::in_kernel_bounded;
}

} // namespace

#define CHECK_SUMMARY(result)                                                  \
  do {                                                                         \
    BOOST_TEST((result).violations == "");                                     \
    BOOST_TEST((result).attempts_after_stop == 0);                             \
    BOOST_TEST((result).endings.size() == contenders);                         \
    /* All kinds of end have been seen, and most had to wait. */               \
    BOOST_TEST((result).count(wait_outcome::acquired) > contenders / 4);       \
    BOOST_TEST((result).count(wait_outcome::timed_out) > 50U);                 \
    BOOST_TEST((result).count(wait_outcome::stopped) > 50U);                   \
    BOOST_TEST((result).waited > contenders / 2);                              \
    BOOST_TEST((result).told >= static_cast<int>((result).waited));            \
    BOOST_TEST((result).told <= static_cast<int>(contenders));                 \
  } while (false)

BOOST_AUTO_TEST_CASE(contenders_that_poll_exclude_each_other_and_end_once) {
  const summary result = simulate(polls);
  CHECK_SUMMARY(result);
}

BOOST_AUTO_TEST_CASE(contenders_that_block_exclude_each_other_and_end_once) {
  const summary result = simulate(blocks);
  CHECK_SUMMARY(result);
}

BOOST_AUTO_TEST_CASE(contenders_of_both_kinds_share_one_lock) {
  const summary result = simulate(polls_or_blocks);
  CHECK_SUMMARY(result);
}

BOOST_AUTO_TEST_CASE(each_run_comes_to_the_same_end) {
  const summary first = simulate(polls_or_blocks);
  const summary second = simulate(polls_or_blocks);
  BOOST_TEST((first.endings == second.endings));
  BOOST_TEST(first.told == second.told);
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_SUMMARY
