// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes
// LABELS: process

// How a robust_file_lock waits, and how it sees that its file was removed.

#include <boost/test/unit_test.hpp>

#include <filelock/canceller.hpp>
#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/robust_locks.hpp"
#include "support/skipped.hpp"

#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(posix_robust_waits)

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using filelock::robust_file_lock;
using test::child_process;
using test::failure_in_child;
using test::line_channel;
using clock = std::chrono::steady_clock;
using traits = filelock::posix_robust_traits;
using lock_file = test::robust_lock_file;

constexpr auto long_time = 20s; // far more than a wait takes that ends

std::chrono::nanoseconds cpu_time() {
  ::timespec time;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

void do_nothing(int) {}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_timed_wait_ends_at_its_deadline, lock_file) {
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  robust_file_lock lock{path};
  for (const auto length : {1ms, 10ms, 150ms}) {
    const auto start = clock::now();
    std::error_code ec;
    BOOST_TEST(!lock.try_lock_for(length, ec));
    const auto taken = clock::now() - start;
    BOOST_TEST(!ec);
    BOOST_TEST((taken >= length));
    BOOST_TEST((taken < length + long_time));
    BOOST_TEST(!lock.owns_lock());
  }
  BOOST_TEST(!lock.try_lock_for(0s));
  BOOST_TEST(!lock.try_lock_for(-1s));
  BOOST_TEST(!lock.try_lock_until(std::chrono::system_clock::now() + 1ms));
}

BOOST_FIXTURE_TEST_CASE(a_release_ends_each_form_of_wait, lock_file) {
  const auto is_ended = [&](auto wait) {
    child_process owner = test::robust_owner(path);
    BOOST_TEST(owner.read_line() == "locked");
    child_process waiter =
        child_process::forked([&](line_channel&) -> std::string {
          robust_file_lock lock{path};
          wait(lock);
          if (lock.previous_owner_died()) return "a death";
          return lock.owns_lock() ? "" : "it is not locked";
        });
    BOOST_TEST(wait_until_awaited());
    owner.write_line("release");
    return waiter.failure();
  };
  BOOST_TEST(is_ended([](auto& lock) { lock.lock(); }) == "");
  BOOST_TEST(is_ended([](auto& lock) { (void)lock.try_lock_for(1h); }) == "");
  BOOST_TEST(is_ended([](auto& lock) {
               (void)lock.try_lock_for((std::chrono::hours::max)());
             }) == "");
#if FILELOCK_HAS_STOP_TOKEN
  BOOST_TEST(is_ended([](auto& lock) {
               std::stop_source source;
               (void)lock.lock(source.get_token());
             }) == "");
#endif
}

BOOST_FIXTURE_TEST_CASE(a_release_ends_the_waits_of_all_in_turn, lock_file) {
  robust_file_lock lock{path};
  lock.lock();
  std::vector<child_process> waiters;
  for (int i = 0; i != 6; ++i)
    waiters.push_back(test::robust_owner(path));
  BOOST_TEST(wait_until_awaited());
  lock.unlock();
  for (std::size_t served = 0; served != waiters.size(); ++served) {
    child_process* next = nullptr;
    BOOST_TEST(test::wait_until_seen([&] {
      for (child_process& each : waiters)
        if (each.id() > 0 && each.has_line()) next = &each;
      return next != nullptr;
    }));
    if (!next) break;
    BOOST_TEST(next->read_line() == "locked");
    next->write_line("release");
    BOOST_TEST(next->wait() == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(a_waiter_that_is_killed_stops_nobody, lock_file) {
  robust_file_lock lock{path};
  for (int i = 0; i != 20; ++i) {
    lock.lock();
    child_process killed = test::robust_owner(path);
    BOOST_TEST(wait_until_awaited());
    child_process waiter = test::robust_owner(path);
    // It may be the one that the release wakes.
    std::thread killer([&] { killed.kill(); });
    lock.unlock();
    killer.join();
    const std::string said = waiter.read_line();
    BOOST_TEST((said == "locked" || said == "told"));
    waiter.write_line("release");
    BOOST_TEST(waiter.wait() == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(signals_end_no_wait, lock_file) {
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  child_process waiter =
      child_process::forked([&](line_channel&) -> std::string {
        struct ::sigaction action = {};
        action.sa_handler = &do_nothing; // without SA_RESTART
        ::sigaction(SIGUSR1, &action, nullptr);
        robust_file_lock lock{path};
        const auto start = clock::now();
        std::error_code ec;
        if (lock.try_lock_for(100ms, ec)) return "locked";
        if (ec) return ec.message();
        if (clock::now() - start < 100ms) return "too early";
        lock.lock(ec);
        return ec ? ec.message() : "";
      });
  BOOST_TEST(wait_until_awaited());
  const auto end = clock::now() + 200ms;
  while (clock::now() < end) {
    ::kill(waiter.id(), SIGUSR1);
    ::usleep(500);
  }
  owner.write_line("release");
  BOOST_TEST(waiter.failure() == "");
}

BOOST_FIXTURE_TEST_CASE(a_stop_ends_a_wait_and_the_wait_burns_no_processor,
                        lock_file) {
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  filelock::cancel_source source;
  std::atomic<bool> begins{false};
  bool is_locked = true;
  std::error_code ec;
  std::chrono::nanoseconds used{};
  std::thread waiter([&] {
    const auto handle = traits::open(path, {}, ec);
    filelock::canceller stop(source);
    begins = true;
    const auto before = cpu_time();
    is_locked =
        traits::lock_until(handle, {}, (clock::time_point::max)(), stop, ec);
    used = cpu_time() - before;
    traits::close(handle);
  });
  BOOST_TEST(wait_until_awaited());
  BOOST_TEST(begins);
  ::usleep(100'000); // so that a wait that burns a core has burnt as much
  const auto start = clock::now();
  source.request();
  waiter.join();
  BOOST_TEST((clock::now() - start < long_time));
  BOOST_TEST(!is_locked);
  BOOST_TEST(!ec);
  BOOST_TEST((used < 50ms));
  BOOST_TEST(!is_free());
}

#if FILELOCK_HAS_STOP_TOKEN

BOOST_FIXTURE_TEST_CASE(a_stop_token_ends_a_wait, lock_file) {
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  bool is_locked = true;
  std::jthread waiter([&](std::stop_token stop) {
    robust_file_lock lock{path};
    is_locked = lock.lock(stop);
  });
  BOOST_TEST(wait_until_awaited());
  waiter.request_stop();
  waiter.join();
  BOOST_TEST(!is_locked);
}

#endif

BOOST_FIXTURE_TEST_CASE(processes_and_threads_exclude_each_other, lock_file) {
  // The guarded bytes stand behind the lock file in a file of their own.
  const std::string counter = folder / "counter";
  constexpr int processes = 3, threads = 2, times = 300;
  const auto count = [&] {
    long value = 0;
    std::ifstream(counter) >> value;
    return value;
  };
  std::ofstream(counter) << 0;
  const auto add = [&] {
    robust_file_lock lock{path};
    for (int i = 0; i != times; ++i) {
      if (i % 3 == 0)
        lock.lock();
      else
        while (!lock.try_lock_for(i % 3 == 1 ? 1ms : 1h)) {
        }
      const long value = count();
      std::ofstream(counter) << value + 1;
      lock.unlock();
    }
  };
  std::vector<child_process> all;
  for (int i = 0; i != processes; ++i)
    all.push_back(child_process::forked([&](line_channel&) -> std::string {
      std::vector<std::thread> own;
      for (int j = 0; j != threads; ++j)
        own.emplace_back(add);
      for (std::thread& each : own)
        each.join();
      return "";
    }));
  for (child_process& each : all)
    BOOST_TEST(each.failure() == "");
  BOOST_TEST(count() == processes * threads * times);
}

// ---- The name of the file ----

BOOST_FIXTURE_TEST_CASE(a_file_that_an_owner_removes_is_held_by_nobody_else,
                        lock_file) {
  filelock::open_options removing;
  removing.remove_on_release = true;
  robust_file_lock other{path};
  BOOST_TEST(other.try_lock());
  other.unlock();
  for (int i = 0; i != 3; ++i) {
    {
      robust_file_lock remover{path, removing};
      BOOST_TEST(remover.try_lock());
      BOOST_TEST(!other.try_lock());
    }
    BOOST_TEST(!fs::exists(path));
    BOOST_TEST(other.try_lock()); // a new file, at once
    BOOST_TEST(fs::exists(path));
    BOOST_TEST(other.still_valid());
    BOOST_TEST(!is_free());
    other.unlock();
  }
}

BOOST_FIXTURE_TEST_CASE(processes_that_remove_the_file_exclude_each_other,
                        lock_file) {
  filelock::open_options removing;
  removing.remove_on_release = true;
  const std::string inside = folder / "inside";
  std::vector<child_process> all;
  for (int i = 0; i != 4; ++i)
    all.push_back(child_process::forked([&](line_channel&) -> std::string {
      robust_file_lock lock{path, removing};
      for (int j = 0; j != 100; ++j) {
        lock.lock();
        if (!fs::create_directory(inside)) return "two are inside";
        fs::remove(inside);
        lock.unlock();
      }
      return "";
    }));
  for (child_process& each : all)
    BOOST_TEST(each.failure() == "");
  BOOST_TEST(!fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_a_stranger_removes_is_noticed_soon,
                        lock_file) {
  robust_file_lock lock{path};
  lock.lock();
  lock.unlock();
  fs::remove(path);
  BOOST_TEST(test::wait_until_seen([&] {
    lock.lock();
    const bool is_new = fs::exists(path);
    lock.unlock();
    return is_new;
  }));
  lock.lock();
  BOOST_TEST(lock.still_valid());
  BOOST_TEST(!is_free());
}

BOOST_FIXTURE_TEST_CASE(compare_always_notices_a_stranger_at_once, lock_file) {
  filelock::open_options options;
  options.compare_always = true;
  robust_file_lock lock{path, options};
  lock.lock();
  lock.unlock();
  fs::remove(path);
  lock.lock();
  BOOST_TEST(fs::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_free_lock_makes_no_system_call, lock_file) {
#if FILELOCK_THREAD_SANITIZER
  // Its thread lives on when the kernel ends the one that made a call.
  return test::skipped("no system call", "ThreadSanitizer makes calls");
#endif
  const auto status_of_child = [&] {
    child_process child =
        child_process::forked([&](line_channel&) -> std::string {
          robust_file_lock lock{path};
          lock.lock(); // compares the path
          lock.unlock();
          // From here on, only read, write and exit.
          if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) return "no";
          for (int i = 0; i != 100; ++i) {
            lock.lock();
            (void)lock.previous_owner_died();
            lock.unlock();
          }
          for (;;)
            ::syscall(SYS_exit, 0);
        });
    return child.wait();
  };
  // A child that is not run for 10 ms compares the path again, and is killed.
  int status = -1;
  for (int i = 0; i != 20 && status != 0; ++i)
    status = status_of_child();
  if (status == 1)
    test::skipped("no system call", "seccomp is not allowed");
  else
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
