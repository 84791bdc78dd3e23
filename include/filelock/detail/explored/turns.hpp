// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Threads that run one at a time: the one whose turn it is.

#ifndef FILELOCK_DETAIL_EXPLORED_TURNS_HPP
#define FILELOCK_DETAIL_EXPLORED_TURNS_HPP

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace filelock {
inline namespace v1 {
namespace detail {

/// Threads that run in turn. The thread that makes this object has the first
/// turn, and the number `main`. The others are kept from one schedule to the
/// next.
class turns {
public:
  static constexpr std::size_t main = 0;

  turns() { threads_.emplace_back(); }
  turns(const turns&) = delete;
  turns& operator=(const turns&) = delete;

  /// Ends the threads. Preconditions: it is the turn of main, and each function
  /// has returned.
  ~turns() {
    for (one& each : threads_) {
      if (!each.thread.joinable()) continue;
      each.function = nullptr;
      give(each);
      each.thread.join();
    }
  }

  /// The thread `number` will call `function()` at its next turn. The function
  /// returns whose turn is next. Preconditions: it is the turn of main. The
  /// numbers of new threads are consecutive.
  void begin(std::size_t number, std::function<std::size_t()> function) {
    if (number == threads_.size()) threads_.emplace_back();
    one& it = threads_[number];
    it.function = std::move(function);
    if (!it.thread.joinable())
      it.thread = std::thread([this, &it] { work(it); });
  }

  /// Passes the turn to `to`, and waits for the next one. The calling thread is
  /// `from`.
  void pass(std::size_t from, std::size_t to) {
    if (from == to) return;
    give(threads_[to]);
    wait(threads_[from]);
  }

private:
  struct one {
    std::condition_variable woken;
    bool has_turn = false;
    std::function<std::size_t()> function;
    std::thread thread;
  };

  void give(one& to) {
    const std::lock_guard<std::mutex> guard(mutex_);
    to.has_turn = true;
    to.woken.notify_one();
  }

  void wait(one& of) {
    std::unique_lock<std::mutex> guard(mutex_);
    of.woken.wait(guard, [&of] { return of.has_turn; });
    of.has_turn = false;
  }

  void work(one& it) {
    for (wait(it); it.function; wait(it)) {
      const std::size_t next = std::exchange(it.function, nullptr)();
      give(threads_[next]);
    }
  }

  std::mutex mutex_;
  std::deque<one> threads_;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
