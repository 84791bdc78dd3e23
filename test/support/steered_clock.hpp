// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Clocks that a test puts forward, and counts of what a wait calls. For one
// source of a program: the functions stand in place of the C library's.

#ifndef FILELOCK_TEST_SUPPORT_STEERED_CLOCK_HPP
#define FILELOCK_TEST_SUPPORT_STEERED_CLOCK_HPP

#include "child_process.hpp"
#include "shared_memory.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <thread>

namespace test {

/// What a process and its children share.
struct clock_state {
  std::atomic<long> seconds_forward{0}; ///< of the wall clock
  std::atomic<int> reads{0};            ///< of any clock, by whom it is counted
};
inline clock_state* shared_clock = nullptr;
inline bool counts_reads = false;

/// How often processes have begun to wait in fcntl(2), also shared.
inline std::atomic<int>* shared_blocking_calls = nullptr;

struct call_counts {
  std::atomic<int> attempts{0};
  std::atomic<int> sleeps{0};
  std::atomic<int> yields{0};
};
inline call_counts* counts_of_calls = nullptr;

inline long seconds_forward() {
  if (!shared_clock) return 0;
  // Before it is counted: whoever sees that may put the clock forward.
  const long result = shared_clock->seconds_forward;
  if (counts_reads) ++shared_clock->reads;
  return result;
}

} // namespace test

// By their symbols: the C++ names have been declared by system headers.
extern "C" {
int filelock_test_gettimeofday(::timeval* now, void*) __asm__("gettimeofday");
int filelock_test_clock_gettime(::clockid_t clock,
                                ::timespec* now) __asm__("clock_gettime");
int filelock_test_fcntl(int handle, int command, ...) __asm__("fcntl");
int filelock_test_fcntl64(int handle, int command, ...) __asm__("fcntl64");
int filelock_test_nanosleep(const ::timespec* length,
                            ::timespec* left) __asm__("nanosleep");
int filelock_test_clock_nanosleep(::clockid_t clock, int flags,
                                  const ::timespec* length,
                                  ::timespec* left) __asm__("clock_nanosleep");
int filelock_test_sched_yield() __asm__("sched_yield");

int filelock_test_gettimeofday(::timeval* now, void*) {
  ::timespec exact;
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec + test::seconds_forward();
  now->tv_usec = static_cast<::suseconds_t>(exact.tv_nsec / 1000);
  return 0;
}
int filelock_test_clock_gettime(::clockid_t clock, ::timespec* now) {
  const long result = ::syscall(SYS_clock_gettime, clock, now);
  const long forward = test::seconds_forward();
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += forward;
  return static_cast<int>(result);
}

static int filelock_test_call_fcntl(int handle, int command, void* argument) {
  const bool tries = command == F_SETLK
#if defined(F_OFD_SETLK)
                     || command == F_OFD_SETLK
#endif
      ;
  const bool waits = command == F_SETLKW
#if defined(F_OFD_SETLKW)
                     || command == F_OFD_SETLKW
#endif
      ;
  if (tries && test::counts_of_calls) ++test::counts_of_calls->attempts;
  if (waits && test::shared_blocking_calls) ++*test::shared_blocking_calls;
  return static_cast<int>(::syscall(SYS_fcntl, handle, command, argument));
}
int filelock_test_fcntl(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return filelock_test_call_fcntl(handle, command, argument);
}
int filelock_test_fcntl64(int handle, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return filelock_test_call_fcntl(handle, command, argument);
}

int filelock_test_nanosleep(const ::timespec* length, ::timespec* left) {
  if (test::counts_of_calls) ++test::counts_of_calls->sleeps;
  return static_cast<int>(::syscall(SYS_nanosleep, length, left));
}
int filelock_test_clock_nanosleep(::clockid_t clock, int flags,
                                  const ::timespec* length, ::timespec* left) {
  if (test::counts_of_calls) ++test::counts_of_calls->sleeps;
  const long result =
      ::syscall(SYS_clock_nanosleep, clock, flags, length, left);
  return result == 0 ? 0 : errno;
}
int filelock_test_sched_yield() {
  if (test::counts_of_calls) ++test::counts_of_calls->yields;
  return static_cast<int>(::syscall(SYS_sched_yield));
}
}

namespace test {

/// While it lives, the calls that wait are counted, of children too.
class counted_blocking_calls {
public:
  counted_blocking_calls() { shared_blocking_calls = &*calls_; }
  ~counted_blocking_calls() { shared_blocking_calls = nullptr; }
  counted_blocking_calls(const counted_blocking_calls&) = delete;
  counted_blocking_calls& operator=(const counted_blocking_calls&) = delete;

  int count() const { return *calls_; }

private:
  shared_memory<std::atomic<int>> calls_;
};

/// While it lives, the clocks of this process and of its children.
class steered_clock {
public:
  steered_clock() { shared_clock = &*state_; }
  ~steered_clock() { shared_clock = nullptr; }
  steered_clock(const steered_clock&) = delete;
  steered_clock& operator=(const steered_clock&) = delete;

  /// From here on, readings by this process are counted.
  void begin_to_count() { counts_reads = true; }

  void put_forward(std::chrono::seconds length) {
    shared_clock->seconds_forward += static_cast<long>(length.count());
  }

  /// \returns Whether there were so many more readings.
  bool wait_for_reads(int more) {
    return wait_for_reads_or(more, [] { return false; });
  }
  /// \returns As wait_for_reads, or whether `is_over()` before.
  template <class Condition>
  bool wait_for_reads_or(int more, Condition is_over) {
    const int enough = shared_clock->reads + more;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (shared_clock->reads < enough && !is_over()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

private:
  shared_memory<clock_state> state_;
};

/// While it lives, the calls of this process are counted.
class counted_calls {
public:
  counted_calls() { counts_of_calls = &counts_; }
  ~counted_calls() { counts_of_calls = nullptr; }
  counted_calls(const counted_calls&) = delete;
  counted_calls& operator=(const counted_calls&) = delete;

  int attempts() const { return counts_.attempts; }
  int sleeps() const { return counts_.sleeps; }
  int yields() const { return counts_.yields; }

private:
  call_counts counts_;
};

} // namespace test

#endif
