// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Memory that a program and its helper processes share.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_SHARED_MEMORY_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_SHARED_MEMORY_HPP

#include "failure.hpp"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <system_error>
#include <thread>

namespace verify {

using std::chrono::nanoseconds;
// CLOCK_MONOTONIC: one clock for all processes of a machine.
using steady = std::chrono::steady_clock;

/// A T that forked children share. Nothing here may hold a pointer to memory
/// of one process.
template <class T>
class shared {
public:
  shared() {
    void* const memory = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw std::system_error(errno, std::generic_category(), "mmap");
    value_ = new (memory) T;
  }
  // A helper that could not be ended may still use its own mapping.
  ~shared() { ::munmap(value_, sizeof(T)); }
  shared(const shared&) = delete;
  shared& operator=(const shared&) = delete;

  T* operator->() const { return value_; }
  T& operator*() const { return *value_; }

private:
  T* value_;
};

/// A moment that one process tells another one.
class moment {
public:
  void set_now() { set(steady::now()); }
  void set(steady::time_point when) {
    ticks_ = when.time_since_epoch().count();
  }
  bool is_set() const { return ticks_ != 0; }
  steady::time_point get() const {
    return steady::time_point(steady::duration(ticks_.load()));
  }
  void reset() { ticks_ = 0; }

private:
  std::atomic<steady::rep> ticks_{0};
};

/// What a helper process says of a failure. The first one stays.
class note {
public:
  void set(const failure& why) {
    const std::string& said = why.text;
    int expected = empty;
    if (!state_.compare_exchange_strong(expected, being_written)) return;
    const std::size_t length =
        said.size() < text_.size() ? said.size() : text_.size() - 1;
    std::memcpy(text_.data(), said.data(), length);
    text_[length] = 0;
    number_ = why.number;
    state_ = written;
  }
  bool is_set() const { return state_ == written; }
  failure get() const {
    return is_set() ? failure{text_.data(), number_} : failure();
  }

private:
  enum { empty, being_written, written };
  std::atomic<int> state_{empty};
  int number_ = 0;
  std::array<char, 4096> text_;
};

/// Polls, because a process that is killed would wake nobody. The parent ends
/// a helper that waits here for too long.
template <class Condition>
void wait_until(Condition is_so) {
  while (!is_so())
    std::this_thread::sleep_for(std::chrono::microseconds(50));
}

} // namespace verify

#endif
