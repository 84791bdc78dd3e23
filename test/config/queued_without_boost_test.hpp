// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program of its own, for builds that the test framework is not made for:
// what process/queued.cpp shows of queued<>, in short.

#ifndef FILELOCK_TEST_CONFIG_QUEUED_WITHOUT_BOOST_TEST_HPP
#define FILELOCK_TEST_CONFIG_QUEUED_WITHOUT_BOOST_TEST_HPP

#include <filelock/backoff/default_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/descriptors.hpp"
#include "support/left_threads.hpp"
#include "support/queued_race.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || FILELOCK_THREAD_SANITIZER
#define TEST_HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TEST_HAS_SANITIZER 1
#endif
#endif
#ifndef TEST_HAS_SANITIZER
#define TEST_HAS_SANITIZER 0
#endif

namespace test {

using namespace std::chrono_literals;
using helped = test::announcing<filelock::posix_flock_traits>;
using queued_lock = filelock::basic_file_lock<filelock::queued<helped>>;

// Under ThreadSanitizer it polls.
inline constexpr bool has_helpers = !FILELOCK_THREAD_SANITIZER;

inline std::string wrong;

inline void check(bool is_so, const char* what) {
  if (!is_so) wrong += std::string(what) + "\n";
}

/// A thread that waits, and whose helper is in the kernel, or about to be.
class waiter {
public:
  explicit waiter(const std::filesystem::path& path) : lock_(path) {
    const int before = helped::helpers;
    thread_ = std::thread([this] {
      std::error_code ec;
      is_held_ = lock_.try_lock_for(1h, ec) && !ec;
    });
    while (has_helpers && helped::helpers == before)
      std::this_thread::yield();
  }

  std::thread& thread() { return thread_; }

  /// \returns Whether the wait has ended with the lock.
  bool joined() {
    thread_.join();
    return is_held_ && lock_.owns_lock();
  }

private:
  queued_lock lock_;
  std::thread thread_;
  bool is_held_ = false;
};

/// A process that holds the lock until it is killed.
class holding_process {
public:
  explicit holding_process(const std::filesystem::path& path) {
    int ends[2] = {};
    check(::pipe(ends) == 0, "pipe");
    id_ = ::fork();
    if (id_ == 0) {
      std::error_code ec;
      queued_lock lock(path);
      lock.lock(ec);
      if (ec || ::write(ends[1], "x", 1) != 1) ::_exit(1);
      ::alarm(300);
      for (;;)
        ::pause();
    }
    ::close(ends[1]);
    char held = 0;
    check(::read(ends[0], &held, 1) == 1, "no process holds the lock");
    ::close(ends[0]);
  }
  void kill() const {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }

private:
  ::pid_t id_;
};

/// First of all: the system keeps the stack of a thread for the next one.
inline void
where_no_thread_can_be_made_it_polls(const std::filesystem::path& path) {
#if TEST_HAS_SANITIZER
  test::skipped("no memory for a thread", "a sanitizer needs it all");
  (void)path;
#else
  const holding_process holder(path);
  queued_lock lock(path);
  std::error_code ec;
  lock.open(ec);
  const int helpers = helped::helpers;
  ::rlimit before = {};
  ::getrlimit(RLIMIT_AS, &before);
  const ::rlimit none = {1, before.rlim_max};
  ::setrlimit(RLIMIT_AS, &none);
  const bool is_held = lock.try_lock_for(20ms, ec);
  ::setrlimit(RLIMIT_AS, &before);
  check(!is_held && !ec && helped::helpers == helpers, "a thread was made");
  holder.kill();
#endif
}

inline void a_killed_holder_ends_the_wait(const std::filesystem::path& path) {
  const holding_process holder(path);
  waiter waits(path);
  holder.kill();
  check(waits.joined(), "the holder was killed, and the wait did not end");
}

inline void a_deadline_ends_the_wait(const std::filesystem::path& path) {
  std::error_code ec;
  queued_lock holder(path);
  queued_lock lock(path);
  holder.lock(ec);
  const auto begin = std::chrono::steady_clock::now();
  check(!lock.try_lock_for(50ms, ec) && !ec, "held by two");
  check(std::chrono::steady_clock::now() - begin >= 50ms, "too early");
}

inline void
a_file_may_be_truncated_and_deleted(const std::filesystem::path& path) {
  std::error_code ec;
  queued_lock holder(path);
  holder.lock(ec);
  waiter waits(path);
  std::filesystem::resize_file(path, 4096, ec);
  std::filesystem::resize_file(path, 0, ec);
  std::filesystem::remove(path, ec);
  holder.unlock(ec);
  check(waits.joined() && !ec, "a truncated, deleted file");
  check(std::filesystem::exists(path, ec), "the lock is on no file");
}

inline std::atomic<int> signals{0};
extern "C" inline void count_signal(int) { signals.fetch_add(1); }

inline void signals_do_not_end_the_wait(const std::filesystem::path& path) {
  struct ::sigaction action = {};
  action.sa_handler = count_signal; // without SA_RESTART
  ::sigaction(SIGUSR1, &action, nullptr);
  std::error_code ec;
  queued_lock holder(path);
  holder.lock(ec);
  waiter waits(path);
  while (signals < 100) {
    ::pthread_kill(waits.thread().native_handle(), SIGUSR1);
    std::this_thread::yield();
  }
  holder.unlock(ec);
  check(waits.joined() && !ec, "signals ended the wait");
}

inline void a_forked_child_has_nothing(const std::filesystem::path& path) {
  std::error_code ec;
  queued_lock holder(path);
  holder.lock(ec);
  waiter waits(path);
  int ends[2] = {};
  check(::pipe(ends) == 0, "pipe");
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[1]);
    char last = 0;
    const bool is_open = test::count_descriptors_of(path.c_str()) != 0;
    if (::read(ends[0], &last, 1) != 0) ::_exit(2); // its end: the parent's
    ::_exit(is_open ? 1 : 0);
  }
  holder.unlock(ec);
  check(waits.joined() && !ec, "a fork ended the wait");
  ::close(ends[1]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a child has the file");
}

inline void two_hundred_have_their_turns(const std::filesystem::path& path) {
  constexpr int waiters = 200;
  std::error_code ec;
  queued_lock holder(path);
  holder.lock(ec);
  int turns = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i != waiters; ++i)
    threads.emplace_back([&] {
      std::error_code error;
      queued_lock lock(path);
      if (lock.try_lock_for(1h, error)) ++turns; // excluded by the lock
    });
  holder.unlock(ec);
  for (std::thread& each : threads)
    each.join();
  check(turns == waiters, "not all had a turn");
}

} // namespace test

int main() {
  using namespace test;
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "a.lock";
  where_no_thread_can_be_made_it_polls(path);
  std::thread([] {}).join(); // a sanitizer makes a thread with the first one
  check(no_thread_is_left(), "a thread at the begin");
  const int descriptors = test::count_descriptors();
  a_killed_holder_ends_the_wait(path);
  a_deadline_ends_the_wait(path);
  a_file_may_be_truncated_and_deleted(path);
  signals_do_not_end_the_wait(path);
  a_forked_child_has_nothing(path);
  two_hundred_have_their_turns(path);
  wrong +=
      test::race_of_cancel_and_grant<filelock::posix_flock_traits>(path, 10000);
  check(no_thread_is_left(), "a thread is left");
  check(test::count_descriptors() == descriptors, "a descriptor is left");
  std::printf("%s", wrong.c_str());
  return wrong.empty() ? 0 : 1;
}

#endif
