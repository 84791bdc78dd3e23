// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads that share one file_mutex. What it guards is plain memory: under
// ThreadSanitizer these tests also show that each release synchronizes.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/faulty.hpp>

#include "support/overlapping_readers.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>
#include <tuple>
#include <vector>

BOOST_AUTO_TEST_SUITE(mutex_threads)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_mutex;
using filelock::file_mutex;

constexpr int threads = 8;

/// Of each thread. The locks of Wine are slow.
#if FILELOCK_HAS_FORK
constexpr int times = 300;
#else
constexpr int times = 20;
#endif

using queued_mutex =
    basic_file_mutex<filelock::queued_file_lock::platform_type>;
#if FILELOCK_HAS_OFD_LOCKS
// The last: its lock is the process's, and would exclude no thread.
using mutexes = std::tuple<file_mutex, queued_mutex,
                           basic_file_mutex<filelock::posix_ofd_traits>,
                           basic_file_mutex<filelock::posix_fcntl_traits>>;
#elif FILELOCK_HAS_FORK
using mutexes = std::tuple<file_mutex, queued_mutex,
                           basic_file_mutex<filelock::posix_fcntl_traits>>;
#else
using mutexes = std::tuple<file_mutex, queued_mutex>;
#endif

template <class Body>
void run_threads(int count, Body body) {
  std::vector<std::thread> running;
  for (int i = 0; i != count; ++i)
    running.emplace_back([&body, i] { body(i); });
  for (std::thread& each : running)
    each.join();
}

/// How thread number `i` acquires: each way is there.
template <class Mutex>
void acquire(Mutex& mutex, int i) {
  switch (i % 3) {
  case 0:
    mutex.lock();
    break;
  case 1:
    while (!mutex.try_lock_for(1s)) {
    }
    break;
  default:
    while (!mutex.try_lock())
      std::this_thread::yield();
  }
}

template <class Mutex>
void acquire_shared(Mutex& mutex, int i) {
  switch (i % 3) {
  case 0:
    mutex.lock_shared();
    break;
  case 1:
    while (!mutex.try_lock_shared_for(1s)) {
    }
    break;
  default:
    while (!mutex.try_lock_shared())
      std::this_thread::yield();
  }
}

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(one_object_loses_no_increment, Mutex, mutexes) {
  const test::temporary_folder folder;
  Mutex mutex{folder / "a.lock"};
  int counter = 0;
  run_threads(threads, [&](int i) {
    for (int k = 0; k != times; ++k) {
      acquire(mutex, i);
      const int read = counter;
      std::this_thread::yield();
      counter = read + 1;
      mutex.unlock();
    }
  });
  BOOST_TEST(counter == threads * times);
}

// ---- Threads pass the lock on ----

namespace {

/// Counts the releases.
struct counted_calls : filelock::native_traits {
  static inline std::atomic<int> releases{0};

  static void unlock(native_handle_type handle,
                     const filelock::lock_request& request,
                     std::error_code& ec) noexcept {
    ++releases;
    filelock::native_traits::unlock(handle, request, ec);
  }
};

/// The same; its last owner has always died.
struct last_owner_died : counted_calls {
  static bool previous_owner_died(native_handle_type,
                                  const filelock::lock_request&) noexcept {
    return true;
  }
};

/// Its clock goes on by more than the passing time with each reading.
template <bool IsAwaited>
struct passing_quickly : counted_calls {
  struct clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;
    static inline std::atomic<rep> readings{0};
    static time_point now() noexcept {
      return time_point(++readings * 2 * file_mutex::passing_time);
    }
  };
  static void wait_for(native_handle_type, std::chrono::nanoseconds length,
                       filelock::canceller& stop) noexcept {
    stop.sleep_for(length);
  }
  static bool is_awaited(native_handle_type) noexcept { return IsAwaited; }
};

/// \returns How many holds there were for each release. All threads hold in
/// turn, while the others come and wait.
template <class Platform>
double holds_for_a_release(const filelock::open_options& options) {
  const test::temporary_folder folder;
  basic_file_mutex<Platform> mutex{folder / "a.lock", options};
  counted_calls::releases = 0;
  int counter = 0;
  run_threads(threads, [&](int) {
    for (int k = 0; k != times; ++k) {
      const std::lock_guard guard{mutex};
      const int read = counter;
      std::this_thread::yield();
      counter = read + 1;
    }
  });
  BOOST_TEST(counter == threads * times);
  const double result = static_cast<double>(counter) / counted_calls::releases;
  BOOST_TEST(file_mutex(folder / "a.lock").try_lock()); // nothing is kept
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(threads_pass_the_lock_on_without_a_system_call) {
  // Some hundred; a machine that is busy lets the passing time go by.
  BOOST_TEST(holds_for_a_release<counted_calls>({}) > 2);
}

BOOST_AUTO_TEST_CASE(
    nothing_is_passed_on_where_each_acquire_compares_the_path) {
  filelock::open_options options;
  options.compare_always = true;
  BOOST_TEST(holds_for_a_release<counted_calls>(options) == 1);
}

BOOST_AUTO_TEST_CASE(the_lock_is_given_away_where_another_process_waits) {
  // It is passed on once, and then it is checked whether somebody waits.
  BOOST_TEST(holds_for_a_release<passing_quickly<true>>({}) <= 2);
  BOOST_TEST(holds_for_a_release<passing_quickly<false>>({}) > 2);
}

BOOST_AUTO_TEST_CASE(the_death_of_an_owner_is_told_to_one_thread) {
  BOOST_TEST(holds_for_a_release<last_owner_died>({}) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(readers_see_what_writers_wrote, Mutex, mutexes) {
  const test::temporary_folder folder;
  Mutex mutex{folder / "a.lock"};
  int first = 0;
  int second = 0;
  std::atomic<int> torn{0};
  run_threads(threads, [&](int i) {
    for (int k = 0; k != times; ++k) {
      if (i % 4 == 0) {
        acquire(mutex, k);
        ++first;
        std::this_thread::yield();
        ++second;
        mutex.unlock();
      } else {
        acquire_shared(mutex, k);
        if (first != second) ++torn;
        mutex.unlock_shared();
      }
    }
  });
  BOOST_TEST(torn == 0);
  BOOST_TEST(first == threads / 4 * times);
}

BOOST_AUTO_TEST_CASE(two_objects_exclude_each_other_as_well) {
  const test::temporary_folder folder;
  file_mutex mutexes[] = {file_mutex{folder / "a.lock"},
                          file_mutex{folder / "a.lock"}};
  int counter = 0;
  int copy = 0;
  std::atomic<int> torn{0};
  run_threads(threads, [&](int i) {
    file_mutex& mutex = mutexes[i % 2];
    for (int k = 0; k != times; ++k) {
      if (i % 4 == 3) {
        const std::shared_lock<file_mutex> guard(mutex);
        if (counter != copy) ++torn;
      } else {
        const std::lock_guard<file_mutex> guard(mutex);
        ++counter;
        ++copy;
      }
    }
  });
  BOOST_TEST(torn == 0);
  BOOST_TEST(counter == threads / 4 * 3 * times);
}

BOOST_AUTO_TEST_CASE(the_removal_of_a_file_lets_another_thread_in) {
  const test::temporary_folder folder;
  filelock::open_options options;
  options.remove_on_release = true;
  file_mutex mutexes[] = {file_mutex{folder / "a.lock", options},
                          file_mutex{folder / "a.lock", options}};
  int counter = 0;
  int copy = 0;
  std::atomic<int> torn{0};
  run_threads(threads, [&](int i) {
    file_mutex& mutex = mutexes[i % 2];
    for (int k = 0; k != times; ++k) {
      if (k % 3 == 0) {
        mutex.lock_shared();
        if (counter != copy) ++torn;
        mutex.unlock_shared();
      } else {
        acquire(mutex, i);
        ++counter;
        ++copy;
        mutex.unlock();
      }
    }
  });
  BOOST_TEST(torn == 0);
  BOOST_TEST(counter == threads * (times - (times + 2) / 3));
}

BOOST_AUTO_TEST_CASE(a_thread_that_an_unlock_lets_in_may_destroy_the_mutex) {
  // Also where that unlock fails: a sanitizer would see a use of the mutex
  // after the others were let in.
  using platform = filelock::faulty<filelock::native_traits>;
  const test::temporary_folder folder;
  for (int i = 0; i != 40; ++i) {
    // An unlock that passes the lock on releases no file, so it cannot fail.
    const bool may_pass = i % 8 / 4 != 0;
    filelock::open_options options;
    options.compare_always = !may_pass;
    auto mutex = std::make_unique<basic_file_mutex<platform>>(folder / "a.lock",
                                                              options);
    auto* const held = mutex.get();
    const bool reads = i % 2 != 0;
    const bool fails = i % 4 / 2 != 0;
    reads ? held->lock_shared() : held->lock();
    std::thread last([&] {
      held->lock();
      held->unlock();
      mutex.reset();
    });
    filelock::fault_script script;
    if (fails)
      script.fail(filelock::platform_call::unlock, std::errc::io_error);
    const filelock::fault_scope scope(script);
    std::error_code ec;
    reads ? held->unlock_shared(ec) : held->unlock(ec);
    if (!may_pass || reads || !fails)
      BOOST_TEST((ec == std::errc::io_error) == fails);
    last.join();
  }
}

// ---- Guards ----

BOOST_AUTO_TEST_CASE(the_guards_of_the_standard_library_serve) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  file_mutex other{folder / "b.lock"};
  const auto is_free = [&] {
    bool result = false;
    std::thread([&] {
      result = mutex.try_lock();
      if (result) mutex.unlock();
    }).join();
    return result;
  };
  {
    const std::lock_guard guard{mutex};
    BOOST_TEST(!is_free());
  }
  BOOST_TEST(is_free());
  {
    std::unique_lock guard{mutex, 1s};
    BOOST_TEST(guard.owns_lock());
    BOOST_TEST(!is_free());
    guard.unlock();
    BOOST_TEST(is_free());
    BOOST_TEST(guard.try_lock_until(std::chrono::system_clock::now()));
  }
  {
    std::shared_lock guard{mutex, std::try_to_lock};
    BOOST_TEST(guard.owns_lock());
    BOOST_TEST(!is_free());
    guard.unlock();
    BOOST_TEST(is_free());
    BOOST_TEST(guard.try_lock_for(1s));
  }
  {
    const std::scoped_lock guard{mutex, other};
    BOOST_TEST(!is_free());
  }
  BOOST_TEST(is_free());
  std::lock(mutex, other);
  BOOST_TEST(!is_free());
  mutex.unlock();
  other.unlock();
  BOOST_TEST(is_free());
}

BOOST_AUTO_TEST_CASE(two_mutexes_are_locked_together_without_a_deadlock) {
  const test::temporary_folder folder;
  file_mutex first{folder / "a.lock"};
  file_mutex second{folder / "b.lock"};
  int counter = 0;
  run_threads(4, [&](int i) {
    for (int k = 0; k != 100; ++k) {
      const bool turned = i % 2 == 0;
      const std::scoped_lock guard{turned ? first : second,
                                   turned ? second : first};
      ++counter;
    }
  });
  BOOST_TEST(counter == 400);
}

BOOST_AUTO_TEST_CASE(a_condition_variable_waits_with_it) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  std::condition_variable_any changed;
  bool is_set = false;
  std::thread setter([&] {
    const std::lock_guard guard{mutex};
    is_set = true;
    changed.notify_all();
  });
  {
    std::unique_lock guard{mutex};
    changed.wait(guard, [&] { return is_set; });
    BOOST_TEST(is_set);
  }
  setter.join();
}

// ---- Nobody starves ----

BOOST_AUTO_TEST_CASE_TEMPLATE(overlapping_readers_starve_no_writer, Mutex,
                              mutexes) {
  const test::temporary_folder folder;
  Mutex mutex{folder / "a.lock"};
  test::overlapping_readers<Mutex> readers(mutex);
  for (int i = 0; i != 5; ++i) {
    const bool got_in = mutex.try_lock_for(30s);
    BOOST_TEST(got_in);
    if (got_in) mutex.unlock();
  }
}

BOOST_AUTO_TEST_CASE(overlapping_readers_starve_no_other_object) {
  // Its lock is as another process's.
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  test::overlapping_readers<file_mutex> readers(mutex);
  filelock::file_lock polls{folder / "a.lock"};
  for (int i = 0; i != 3; ++i) {
    const bool got_in = polls.try_lock_for(30s);
    BOOST_TEST(got_in);
    polls.unlock();
  }
  for (int i = 0; i != 3; ++i) {
    polls.lock(); // in the kernel
    polls.unlock();
  }
}

BOOST_AUTO_TEST_CASE(writers_that_pass_the_lock_on_starve_no_other_object) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  std::atomic<bool> ends{false};
  std::atomic<int> holds{0};
  std::vector<std::thread> writers;
  for (int i = 0; i != 4; ++i)
    writers.emplace_back([&] {
      while (!ends) {
        const std::lock_guard guard{mutex};
        ++holds;
      }
    });
  while (holds < 1000)
    std::this_thread::yield();
  filelock::file_lock other{folder / "a.lock"};
  for (int i = 0; i != 10; ++i) {
    other.lock(); // in the kernel
    other.unlock();
    const bool got_in = other.try_lock_for(30s); // polls
    BOOST_TEST(got_in);
    if (got_in) other.unlock();
  }
  ends = true;
  for (std::thread& each : writers)
    each.join();
}

BOOST_AUTO_TEST_CASE(writers_starve_no_reader) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  std::atomic<bool> ends{false};
  std::vector<std::thread> writers;
  for (int i = 0; i != 3; ++i)
    writers.emplace_back([&] {
      while (!ends) {
        const std::lock_guard guard{mutex};
      }
    });
  for (int i = 0; i != 20; ++i) {
    const bool got_in = mutex.try_lock_shared_for(30s);
    BOOST_TEST(got_in);
    if (got_in) mutex.unlock_shared();
  }
  ends = true;
  for (std::thread& each : writers)
    each.join();
}

BOOST_AUTO_TEST_SUITE_END()
