// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and mmap; see mutex.threads
// LABELS: process
// LONG: 1800

// Processes whose threads share a file_mutex each. FILELOCK_LONG=1: a million
// increments in place of a tenth of them.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/overlapping_readers.hpp"
#include "support/posix_models.hpp"
#include "support/shared_memory.hpp"
#include "support/temporary_folder.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(mutex_processes)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_mutex;
using filelock::file_mutex;
using test::child_process;
using test::line_channel;

using lock_file = test::lock_file_of<test::flock_lock>;
#if FILELOCK_HAS_OFD_LOCKS
using mutexes =
    std::tuple<file_mutex, basic_file_mutex<filelock::posix_ofd_traits>,
               basic_file_mutex<filelock::posix_fcntl_traits>>;
#else
using mutexes =
    std::tuple<file_mutex, basic_file_mutex<filelock::posix_fcntl_traits>>;
#endif

template <class Body>
void run_threads(int count, Body body) {
  std::vector<std::thread> running;
  for (int i = 0; i != count; ++i)
    running.emplace_back([&body, i] { body(i); });
  for (std::thread& each : running)
    each.join();
}

/// Runs `body(i)` on each of the threads of each of the processes, which begin
/// together. \returns What the processes say has failed.
template <class Prepare>
std::string run_processes(int processes, int threads, Prepare prepare) {
  std::vector<child_process> running;
  for (int i = 0; i != processes; ++i)
    running.push_back(
        child_process::forked([&](line_channel& parent) -> std::string {
          auto body = prepare();
          parent.read_line();
          run_threads(threads, [&](int each) { (*body)(each); });
          return "";
        }));
  for (child_process& each : running)
    each.write_line("begin");
  std::string failed;
  for (child_process& each : running)
    failed += each.failure();
  return failed;
}

struct pair {
  long first = 0;
  long second = 0;
};

/// \returns The exit status of a child that runs `body()`; minus one where it
/// does not end.
template <class Body>
int status_of_child(Body body) {
  const ::pid_t id = ::fork();
  if (id == 0) {
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(60);
    test::leave_child(body());
  }
  int status = 0;
  while (::waitpid(id, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

BOOST_AUTO_TEST_CASE(no_increment_is_lost) {
  constexpr int processes = 4;
  constexpr int threads = 4;
  const long all = std::getenv("FILELOCK_LONG") ? 1'000'000 : 100'000;
  const long times = all / processes / threads;
  const lock_file file;
  const test::shared_memory<long> counter;
  struct incrementing {
    file_mutex mutex;
    long& counter;
    long times;
    void operator()(int) {
      for (long i = 0; i != times; ++i) {
        const std::lock_guard<file_mutex> guard(mutex);
        const long read = counter;
        counter = read + 1;
      }
    }
  };
  BOOST_TEST(run_processes(processes, threads, [&] {
               return std::unique_ptr<incrementing>(
                   new incrementing{file_mutex(file.path), *counter, times});
             }) == "");
  BOOST_TEST(*counter == times * threads * processes);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_and_writers_of_many_processes, Mutex,
                              mutexes) {
  constexpr int processes = 4;
  constexpr int threads = 8;
  constexpr int times = 60;
  const lock_file file;
  const test::shared_memory<pair> data;
  struct mixed {
    Mutex mutex;
    pair& data;
    void operator()(int i) {
      for (int k = 0; k != times; ++k) {
        switch ((i + k) % 4) {
        case 0: {
          const std::lock_guard<Mutex> guard(mutex);
          add();
          break;
        }
        case 1:
          if (mutex.try_lock()) {
            add();
            mutex.unlock();
          }
          break;
        case 2:
          if (mutex.try_lock_shared_for(1s)) {
            check();
            mutex.unlock_shared();
          }
          break;
        default: {
          const std::shared_lock<Mutex> guard(mutex);
          check();
        }
        }
      }
    }
    void add() {
      ++data.first;
      std::this_thread::yield();
      ++data.second;
    }
    void check() {
      if (data.first != data.second) std::abort();
    }
  };
  BOOST_TEST(
      run_processes(processes, threads, [&] {
        return std::unique_ptr<mixed>(new mixed{Mutex(file.path), *data});
      }) == "");
  BOOST_TEST(data->first == data->second);
  BOOST_TEST(data->first >= processes * threads * times / 4);
}

BOOST_AUTO_TEST_CASE(another_process_is_excluded_until_the_last_reader_leaves) {
  const lock_file file;
  file_mutex mutex{file.path};
  mutex.lock();
  BOOST_TEST(file.other_tries("try_shared") == "busy");
  mutex.unlock();
  bool joined = false;
  while (!joined) { // unless this thread was slow
    mutex.lock_shared();
    std::thread([&] { joined = mutex.try_lock_shared(); }).join();
    if (!joined) mutex.unlock_shared();
  }
  BOOST_TEST(file.other_tries("try_shared") == "locked");
  mutex.unlock_shared();
  BOOST_TEST(file.other_tries() == "busy");
  mutex.unlock_shared();
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(a_thread_in_the_kernel_keeps_no_other_from_its_try) {
  const lock_file file;
  child_process holder = file.child();
  BOOST_TEST(holder.ask("lock") == "locked");
  file_mutex mutex{file.path};
  std::thread waiter([&] { mutex.lock(), mutex.unlock(); });
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  BOOST_TEST(!mutex.try_lock());
  BOOST_TEST(!mutex.try_lock_shared());
  BOOST_TEST(!mutex.try_lock_for(1ms));
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  waiter.join();
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(overlapping_readers_starve_no_other_process) {
  const lock_file file;
  file_mutex mutex{file.path};
  child_process in_kernel = file.child();
  child_process polls = file.child();
  test::overlapping_readers<file_mutex> readers(mutex);
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST(in_kernel.ask("lock") == "locked");
    BOOST_TEST(in_kernel.ask("unlock") == "unlocked");
    std::string answer = polls.ask("timed 60000");
    if (answer == "waiting") answer = polls.read_line();
    BOOST_TEST(answer == "locked");
    BOOST_TEST(polls.ask("unlock") == "unlocked");
  }
}

// ---- fork ----

BOOST_AUTO_TEST_CASE_TEMPLATE(the_object_of_a_child_is_like_a_new_one, Mutex,
                              mutexes) {
  using lock = filelock::basic_file_lock<typename Mutex::platform_type>;
  for (const bool reads : {false, true}) {
    const test::lock_file_of<lock> file;
    child_process owner =
        child_process::forked([&](line_channel& test) -> std::string {
          auto mutex = std::make_unique<Mutex>(file.path);
          reads ? mutex->lock_shared() : mutex->lock();
          child_process child =
              child_process::forked([&](line_channel& parent) -> std::string {
                // What the parent's guards would do.
                reads ? mutex->unlock_shared() : mutex->unlock();
                parent.read_line();
                if (mutex->try_lock()) return "locked beside its parent";
                if (mutex->try_lock_for(1ms)) return "waited for nothing";
                parent.write_line("excluded");
                mutex->lock();
                parent.write_line("locked");
                parent.read_line();
                mutex->unlock();
                mutex->lock_shared();
                if (mutex->try_lock_shared()) mutex->unlock_shared();
                mutex->unlock_shared();
                mutex.reset();
                return "";
              });
          test.write_line("forked");
          test.read_line();
          if (child.ask("try") != "excluded") return "not excluded";
          reads ? mutex->unlock_shared() : mutex->unlock();
          if (child.read_line() != "locked") return "the child is not let in";
          if (mutex->try_lock()) return "locked beside its child";
          child.write_line("unlock");
          return child.failure();
        });
    BOOST_TEST(owner.read_line() == "forked");
    BOOST_TEST(file.other_tries() == "busy");
    owner.write_line("go on");
    BOOST_TEST(owner.failure() == "");
  }
}

BOOST_AUTO_TEST_CASE(a_process_forks_while_its_threads_wait) {
  const lock_file file;
  child_process holder = file.child();
  BOOST_TEST(holder.ask("lock") == "locked");
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        file_mutex mutex{file.path};
        // One thread waits in the kernel, the others for it.
        std::vector<std::thread> waiters;
        for (int i = 0; i != 4; ++i)
          waiters.emplace_back([&mutex, i] {
            if (i % 2) {
              const std::lock_guard<file_mutex> guard(mutex);
            } else {
              const std::shared_lock<file_mutex> guard(mutex);
            }
          });
        test.write_line("waits");
        test.read_line();
        const int busy = status_of_child([&] {
          if (mutex.try_lock() || mutex.try_lock_shared_for(1ms)) return 1;
          return mutex.try_lock_for(1ms) ? 2 : 0;
        });
        const int unused = status_of_child([&] {
          mutex.~file_mutex(); // with waiters, as it was copied
          return 0;
        });
        // In another child, while the lock is still held; it may wait too.
        const ::pid_t id = ::fork();
        if (id == 0) {
          ::alarm(60);
          mutex.lock();
          mutex.unlock();
          mutex.lock_shared();
          mutex.unlock_shared();
          mutex.~file_mutex();
          test::leave_child(0);
        }
        test.write_line("forked");
        int status = 0;
        ::waitpid(id, &status, 0);
        for (std::thread& each : waiters)
          each.join();
        if (busy != 0) return "in a child: " + std::to_string(busy);
        if (unused != 0) return "a child cannot destroy it";
        return status == 0 ? "" : "a child has not got the lock";
      });
  BOOST_TEST(owner.read_line() == "waits");
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  BOOST_TEST(owner.ask("fork") == "forked");
  BOOST_TEST(holder.ask("unlock") == "unlocked");
  BOOST_TEST(owner.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_process_may_fork_at_any_moment) {
  constexpr int forks = 200;
  constexpr int fewest_forks = 20;
  const lock_file file;
  // In a process that is not this one, so that a deadlock is not this one's.
  child_process owner =
      child_process::forked([&](line_channel&) -> std::string {
        file_mutex mutex{file.path};
        std::atomic<bool> ends{false};
        std::vector<std::thread> threads;
        for (int i = 0; i != 4; ++i)
          threads.emplace_back([&, i] {
            while (!ends) {
              if (i % 2) {
                const std::lock_guard<file_mutex> guard(mutex);
              } else {
                const std::shared_lock<file_mutex> guard(mutex);
              }
            }
          });
        int failed = 0;
        const auto end = std::chrono::steady_clock::now() + 5s;
        for (int i = 0; i < fewest_forks ||
                        (i < forks && std::chrono::steady_clock::now() < end);
             ++i)
          failed += status_of_child([&] {
                      mutex.lock();
                      mutex.unlock();
                      if (!mutex.try_lock_shared_for(30s)) return 1;
                      mutex.unlock_shared();
                      return 0;
                    }) != 0;
        ends = true;
        for (std::thread& each : threads)
          each.join();
        return failed == 0 ? "" : std::to_string(failed) + " children failed";
      });
  BOOST_TEST(owner.failure() == "");
}

BOOST_AUTO_TEST_CASE(threads_of_a_child_share_the_object_from_the_start) {
  // None of them has used it before: each may be the one that renews it.
  constexpr int rounds = 50;
  constexpr int threads = 4;
  const lock_file file;
  for (int round = 0; round != rounds; ++round) {
    file_mutex mutex{file.path};
    mutex.lock();
    child_process child =
        child_process::forked([&](line_channel& parent) -> std::string {
          parent.read_line();
          std::atomic<int> there{0};
          int counter = 0;
          run_threads(threads, [&](int) {
            ++there;
            while (there != threads) {
            }
            const std::lock_guard<file_mutex> guard(mutex);
            ++counter;
          });
          return counter == threads ? "" : "an increment is lost";
        });
    mutex.unlock();
    child.write_line("begin");
    BOOST_TEST(child.failure() == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
