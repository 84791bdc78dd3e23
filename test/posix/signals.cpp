// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: signals of POSIX
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(posix_signals)

// No system call is restarted by the system here: a signal comes several
// thousand times a second, and its handler is set without SA_RESTART.

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

std::atomic<int> signals_handled{0};

extern "C" void count_signal(int) { signals_handled.fetch_add(1); }

/// Signals this process, at short intervals, while it lives.
class storm {
public:
  storm() {
    struct ::sigaction action = {};
    action.sa_handler = count_signal;
    ::sigaction(SIGALRM, &action, &before_);
    set_interval(200);
  }
  ~storm() {
    set_interval(0);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  storm(const storm&) = delete;
  storm& operator=(const storm&) = delete;

private:
  static void set_interval(::suseconds_t microseconds) {
    ::itimerval timer = {};
    timer.it_value.tv_usec = microseconds;
    timer.it_interval.tv_usec = microseconds;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
  }

  struct ::sigaction before_ = {};
};

/// Unlocks, by the process `holder`, after many signals have been handled.
class release_in_the_storm {
public:
  explicit release_in_the_storm(test::child_process& holder) {
    // The storm is for the thread that waits.
    ::sigset_t signals;
    ::sigset_t before;
    sigemptyset(&signals);
    sigaddset(&signals, SIGALRM);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before);
    thread_ = std::thread([this, &holder, begin = signals_handled.load()] {
      // ThreadSanitizer keeps signals back while a thread is in a system call
      // that it does not know, so the number alone would never do.
      const auto end = steady_clock::now() + std::chrono::seconds(1);
      while (signals_handled < begin + 100 && steady_clock::now() < end)
        std::this_thread::sleep_for(milliseconds(1));
      has_begun_ = true;
      holder.write_line("unlock");
    });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~release_in_the_storm() { thread_.join(); }
  bool has_begun() const { return has_begun_; }

  release_in_the_storm(const release_in_the_storm&) = delete;
  release_in_the_storm& operator=(const release_in_the_storm&) = delete;

private:
  std::atomic<bool> has_begun_{false};
  std::thread thread_;
};

/// \returns How the acquire fails that waits in the storm.
template <class Lock, class Acquire>
std::string failure_of_wait(Acquire acquire) {
  const test::lock_file_of<Lock> file;
  test::child_process holder = file.child();
  if (holder.ask("lock") != "locked") return "the holder has no lock";
  Lock lock{file.path};
  lock.open();
  std::string failed;
  {
    const storm signals;
    const release_in_the_storm release(holder);
    try {
      if (!acquire(lock)) failed = "not acquired";
      if (!release.has_begun()) failed = "acquired beside the holder";
    } catch (const std::exception& error) {
      failed = error.what();
    }
  }
  if (holder.read_line() != "unlocked") return "the holder cannot unlock";
  return failed;
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_in_the_kernel_goes_on_after_a_signal, Lock,
                              test::all_locks) {
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               lock.lock();
               return lock.owns_lock();
             }) == "");
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               lock.lock_shared();
               return lock.owns_lock_shared();
             }) == "");
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               std::error_code ec;
               lock.lock(ec);
               return !ec && lock.owns_lock();
             }) == "");
  BOOST_TEST(signals_handled > 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timed_wait_goes_on_after_a_signal, Lock,
                              test::all_locks) {
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               return lock.try_lock_for(std::chrono::minutes(1));
             }) == "");
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               return lock.try_lock_shared_for(std::chrono::minutes(1));
             }) == "");
  BOOST_TEST(failure_of_wait<Lock>([](Lock& lock) {
               return lock.try_lock_until(std::chrono::system_clock::now() +
                                          std::chrono::minutes(1));
             }) == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_deadline_holds_under_signals, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  test::child_process holder = file.child();
  BOOST_TEST(holder.ask("lock") == "locked");
  Lock lock{file.path};
  const storm signals;
  const int before = signals_handled;
  const auto begin = steady_clock::now();
  BOOST_TEST(!lock.try_lock_for(milliseconds(200)));
  const auto waited = steady_clock::now() - begin;
  BOOST_TEST((waited >= milliseconds(200)));
  BOOST_TEST((waited < std::chrono::seconds(20)));
  BOOST_TEST(signals_handled > before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_fails_under_signals, Lock,
                              test::all_locks) {
  const test::lock_file_of<Lock> file;
  const storm signals;
  std::string failed;
  try {
    const auto end = steady_clock::now() + milliseconds(300);
    for (int i = 0; steady_clock::now() < end; ++i) {
      // Each round opens, creates and closes as well.
      Lock lock{file.folder.path() / std::to_string(i) / "b" / "a.lock"};
      lock.lock();
      lock.unlock();
      if (lock.owns_lock()) failed = "not unlocked";
      if (!lock.try_lock_shared()) failed = "not locked";
      lock.close();
      if (lock.is_open()) failed = "not closed";
    }
  } catch (const std::exception& error) {
    failed = error.what();
  }
  BOOST_TEST(failed == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(unlock_lets_others_in_under_signals, Lock,
                              test::description_locks) {
  const test::lock_file_of<Lock> file;
  Lock lock{file.path};
  Lock other{file.path};
  const storm signals;
  int kept_out = 0;
  for (int i = 0; i != 2000; ++i) {
    lock.lock();
    lock.unlock();
    if (!other.try_lock()) ++kept_out;
    other.unlock();
  }
  BOOST_TEST(kept_out == 0);
}

BOOST_AUTO_TEST_SUITE_END()
