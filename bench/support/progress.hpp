// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_PROGRESS_HPP
#define FILELOCK_BENCH_SUPPORT_PROGRESS_HPP

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

namespace bench {

/// A line on stderr that says how much is done, a few times in a second.
class progress {
public:
  progress(std::string what, std::size_t steps)
      : what_(std::move(what)), steps_(steps) {}
  ~progress() { std::fprintf(stderr, "\n"); }
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void step() {
    using std::chrono::steady_clock;
    ++done_;
    const steady_clock::time_point now = steady_clock::now();
    if (done_ != steps_ && now < next_) return;
    next_ = now + std::chrono::milliseconds(250);
    std::fprintf(stderr, "\r%s %zu of %zu", what_.c_str(), done_, steps_);
  }

private:
  std::string what_;
  std::size_t steps_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point next_{};
};

} // namespace bench

#endif
