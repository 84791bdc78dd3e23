// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_threads)

// Threads with own objects on one file. What the lock guards is plain memory:
// under ThreadSanitizer these tests also show that it is told of the lock.

namespace {

constexpr int threads = 8;

/// Of each thread. The locks of Wine are slow.
#if FILELOCK_HAS_FORK
constexpr int times = 500;
#else
constexpr int times = 20;
#endif

/// Those whose objects exclude each other in one process.
#if FILELOCK_HAS_OFD_LOCKS
using locks = std::tuple<filelock::file_lock,
                         filelock::basic_file_lock<filelock::posix_ofd_traits>>;
#else
using locks = std::tuple<filelock::file_lock>;
#endif

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
};

/// Runs `body(i)` on several threads, which begin together.
template <class Body>
void run_together(int count, Body body) {
  std::mutex mutex;
  std::condition_variable all_there;
  int there = 0;
  std::vector<std::thread> running;
  for (int i = 0; i != count; ++i)
    running.emplace_back([&, i] {
      {
        std::unique_lock<std::mutex> guard(mutex);
        if (++there == count) all_there.notify_all();
        all_there.wait(guard, [&] { return there == count; });
      }
      body(i);
    });
  for (std::thread& each : running)
    each.join();
}

/// How thread number `i` acquires: each way is there.
template <class Lock>
void acquire(Lock& lock, int i) {
  switch (i % 3) {
  case 0:
    lock.lock();
    break;
  case 1:
    while (!lock.try_lock_for(std::chrono::seconds(1))) {
    }
    break;
  default:
    while (!lock.try_lock())
      std::this_thread::yield();
  }
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_plain_int_guarded_by_the_lock_loses_no_increment, Lock, locks) {
  const lock_file file;
  int counter = 0;
  run_together(threads, [&](int i) {
    Lock lock{file.path};
    for (int k = 0; k != times; ++k) {
      acquire(lock, i);
      const int read = counter;
      std::this_thread::yield();
      counter = read + 1;
      lock.unlock();
    }
  });
  BOOST_TEST(counter == threads * times);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_releases_to_another_thread, Lock, locks) {
  const lock_file file;
  int counter = 0;
  run_together(threads, [&](int i) {
    for (int k = 0; k != times; ++k) {
      Lock lock{file.path};
      acquire(lock, i);
      ++counter;
      if (k % 2 == 0) lock.close(); // else the destructor does
    }
  });
  BOOST_TEST(counter == threads * times);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_see_what_writers_wrote, Lock, locks) {
  const lock_file file;
  int first = 0;
  int second = 0;
  std::atomic<int> torn{0};
  run_together(threads, [&](int i) {
    Lock lock{file.path};
    for (int k = 0; k != times; ++k) {
      if (i % 2 == 0) {
        acquire(lock, i);
        ++first;
        std::this_thread::yield();
        ++second;
        lock.unlock();
      } else {
        lock.lock_shared();
        if (first != second) ++torn;
        lock.unlock_shared();
      }
    }
  });
  BOOST_TEST(torn == 0);
  BOOST_TEST(first == threads / 2 * times);
  BOOST_TEST(second == first);
}

// Whoever comes next locks another file, which the path names by then.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_removal_of_a_file_lets_another_thread_in,
                              Lock, locks) {
  const lock_file file;
  filelock::open_options options;
  options.remove_on_release = true;
  int counter = 0;
  int copy = 0;
  std::atomic<int> torn{0};
  run_together(threads, [&](int i) {
    Lock lock{file.path, options};
    for (int k = 0; k != times; ++k) {
      if (k % 3 == 0) {
        lock.lock_shared();
        if (counter != copy) ++torn;
      } else {
        acquire(lock, i);
        ++counter;
        std::this_thread::yield();
        ++copy;
      }
      lock.unlock();
    }
  });
  BOOST_TEST(torn == 0);
  BOOST_TEST(counter == copy);
  BOOST_TEST(counter == threads * (times - (times + 2) / 3));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_removed_file_had_all_of_its_readers, Lock,
                              locks) {
  const lock_file file;
  filelock::open_options options;
  options.remove_on_release = true;
  // They stay open, so that no new file gets the number of the old one.
  Lock holders[] = {Lock{file.path, options}, Lock{file.path, options},
                    Lock{file.path, options}};
  int data = 0;
  int seen = -1;
  // Relaxed, so that ThreadSanitizer sees no order but that of the locks.
  std::atomic<int> step{0};
  const auto wait_for_step = [&](int wanted) {
    while (step.load(std::memory_order_relaxed) < wanted)
      std::this_thread::yield();
  };
  const auto next_step = [&] { step.fetch_add(1, std::memory_order_relaxed); };
  run_together(3, [&](int i) {
    Lock& lock = holders[i];
    if (i == 0) { // reads, and is not the last
      lock.lock_shared();
      next_step();
      wait_for_step(2);
      seen = data;
      lock.unlock();
      next_step();
    } else if (i == 1) { // is the last reader, and removes
      lock.lock_shared();
      next_step();
      wait_for_step(3);
      lock.unlock();
      next_step();
    } else { // writes, under the lock of the next file
      wait_for_step(4);
      lock.lock();
      data = 1;
      lock.unlock();
    }
  });
  BOOST_TEST(seen == 0);
  BOOST_TEST(data == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(writers_come_after_readers, Lock, locks) {
  // What a reader reads must not be overwritten before it has unlocked.
  const lock_file file;
  std::vector<int> data(64, 0);
  std::atomic<int> torn{0};
  run_together(4, [&](int i) {
    Lock lock{file.path};
    for (int k = 0; k != 200; ++k) {
      if (i == 0) {
        lock.lock();
        for (int& each : data)
          each = k;
        lock.unlock();
      } else {
        lock.lock_shared();
        for (const int each : data)
          if (each != data.front()) ++torn;
        lock.unlock_shared();
      }
    }
  });
  BOOST_TEST(torn == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(threads_share_as_readers, Lock, locks) {
  // Each reader waits for all others while it holds the lock: that they meet
  // shows that they share, and nobody is kept out.
  const lock_file file;
  std::mutex mutex;
  std::condition_variable changed;
  int holding = 0;
  run_together(threads, [&](int) {
    Lock lock{file.path};
    lock.lock_shared();
    {
      std::unique_lock<std::mutex> guard(mutex);
      if (++holding == threads) changed.notify_all();
      changed.wait(guard, [&] { return holding == threads; });
    }
    lock.unlock_shared();
  });
  BOOST_TEST(holding == threads);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_adopted_lock_synchronizes_too, Lock, locks) {
  const lock_file file;
  int counter = 0;
  run_together(threads, [&](int) {
    for (int k = 0; k != times; ++k) {
      Lock lock{file.path};
      lock.lock();
      ++counter;
      Lock adopted{filelock::adopt_handle, lock.release(),
                   filelock::lock_mode::exclusive};
      ++counter;
      adopted.unlock();
    }
  });
  BOOST_TEST(counter == 2 * threads * times);
}

BOOST_AUTO_TEST_SUITE_END()
