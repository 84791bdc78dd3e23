// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_STARTING_GATE_HPP
#define FILELOCK_BENCH_SUPPORT_STARTING_GATE_HPP

#include "pipe.hpp"
#include "shared_array.hpp"
#include "throw_errno.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <thread>

namespace bench {

/// Where forked processes wait for each other, to begin together. Unlike at a
/// barrier, nobody waits for ever where one of them has died.
class starting_gate {
public:
  /// In each of the processes. Effects: waits until the gate is open.
  /// \returns When they all begin.
  std::chrono::steady_clock::time_point pass() {
    pipe_.close_writer();
    state().arrived.fetch_add(1);
    char nothing;
    while (::read(pipe_.reader(), &nothing, 1) < 0)
      if (errno != EINTR) throw_errno("read");
    const std::chrono::steady_clock::time_point start = state().start;
    std::this_thread::sleep_until(start);
    return start;
  }

  /// In their parent. \returns How many wait.
  std::size_t arrived() const { return state().arrived.load(); }

  /// Effects: lets all of them pass.
  void open() {
    // They have woken up by then, each in its turn.
    state().start = std::chrono::steady_clock::now() +
                    std::chrono::microseconds(100) * arrived();
    pipe_.close_writer();
  }

private:
  struct shared_state {
    std::atomic<std::size_t> arrived;
    std::chrono::steady_clock::time_point start;
  };
  static_assert(std::atomic<std::size_t>::is_always_lock_free);

  shared_state& state() const { return shared_[0]; }

  shared_array<shared_state> shared_{1};
  pipe pipe_;
};

} // namespace bench

#endif
