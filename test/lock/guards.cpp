// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The guards of the standard library, which need no others beside them.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"
#include "support/two_locks.hpp"

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_guards)

namespace {

using namespace std::chrono_literals;
using filelock::file_lock;
using test::two_locks;

// ---- The named requirements, by the expressions that they list ----

template <class T, class = void>
struct is_lockable : std::false_type {};
template <class T>
struct is_lockable<
    T, std::void_t<decltype(std::declval<T&>().lock()),
                   decltype(std::declval<T&>().unlock()),
                   decltype(static_cast<bool>(std::declval<T&>().try_lock()))>>
    : std::true_type {};

template <class T, class = void>
struct is_timed_lockable : std::false_type {};
template <class T>
struct is_timed_lockable<
    T, std::void_t<decltype(static_cast<bool>(
                       std::declval<T&>().try_lock_for(1ms))),
                   decltype(static_cast<bool>(std::declval<T&>().try_lock_until(
                       std::chrono::system_clock::now())))>> : is_lockable<T> {
};

template <class T, class = void>
struct is_shared_lockable : std::false_type {};
template <class T>
struct is_shared_lockable<
    T, std::void_t<decltype(std::declval<T&>().lock_shared()),
                   decltype(std::declval<T&>().unlock_shared()),
                   decltype(static_cast<bool>(
                       std::declval<T&>().try_lock_shared()))>>
    : std::true_type {};

template <class T, class = void>
struct is_shared_timed_lockable : std::false_type {};
template <class T>
struct is_shared_timed_lockable<
    T, std::void_t<decltype(static_cast<bool>(
                       std::declval<T&>().try_lock_shared_for(1ms))),
                   decltype(static_cast<bool>(
                       std::declval<T&>().try_lock_shared_until(
                           std::chrono::steady_clock::now())))>>
    : is_shared_lockable<T> {};

static_assert(is_lockable<file_lock>::value, "Lockable");
static_assert(is_timed_lockable<file_lock>::value, "TimedLockable");
static_assert(is_shared_lockable<file_lock>::value, "SharedLockable");
static_assert(is_shared_timed_lockable<file_lock>::value,
              "SharedTimedLockable");
static_assert(!is_timed_lockable<std::mutex>::value, "the check can fail");
static_assert(!is_shared_timed_lockable<std::shared_mutex>::value,
              "the check can fail");

} // namespace

BOOST_FIXTURE_TEST_CASE(lock_guard_holds_for_its_scope, two_locks) {
  {
    const std::lock_guard guard{lock};
    BOOST_TEST(is_exclusive());
  }
  BOOST_TEST(is_free());
  lock.lock();
  {
    const std::lock_guard guard{lock, std::adopt_lock};
    BOOST_TEST(is_exclusive());
  }
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(unique_lock_locks_in_its_constructor, two_locks) {
  std::unique_lock guard{lock};
  BOOST_TEST(guard.owns_lock());
  BOOST_TEST(is_exclusive());
  guard.unlock();
  BOOST_TEST(is_free());
  guard.lock();
  BOOST_TEST(is_exclusive());
}

BOOST_FIXTURE_TEST_CASE(unique_lock_defers_tries_and_adopts, two_locks) {
  {
    std::unique_lock guard{lock, std::defer_lock};
    BOOST_TEST(is_free());
    BOOST_TEST(guard.try_lock());
    BOOST_TEST(is_exclusive());
  }
  {
    std::unique_lock guard{lock, std::try_to_lock};
    BOOST_TEST(guard.owns_lock());
    std::unique_lock refused{other, std::try_to_lock};
    BOOST_TEST(!refused.owns_lock());
  }
  lock.lock();
  {
    std::unique_lock guard{lock, std::adopt_lock};
    BOOST_TEST(is_exclusive());
  }
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(unique_lock_waits_for_a_duration, two_locks) {
  std::unique_lock guard{lock, 5s};
  BOOST_TEST(guard.owns_lock());
  std::unique_lock refused{other, 1ms};
  BOOST_TEST(!refused);
  guard.unlock();
  BOOST_TEST(guard.try_lock_for(5s));
}

BOOST_FIXTURE_TEST_CASE(unique_lock_waits_until_a_time, two_locks) {
  std::unique_lock guard{lock, std::chrono::steady_clock::now() + 5s};
  BOOST_TEST(guard.owns_lock());
  std::unique_lock refused{other, std::chrono::system_clock::now() + 1ms};
  BOOST_TEST(!refused);
  guard.unlock();
  BOOST_TEST(guard.try_lock_until(std::chrono::system_clock::now() + 5s));
}

BOOST_FIXTURE_TEST_CASE(unique_lock_moves_and_releases, two_locks) {
  std::unique_lock guard{lock};
  std::unique_lock moved{std::move(guard)};
  BOOST_TEST(is_exclusive());
  BOOST_TEST(moved.release() == &lock);
  BOOST_TEST(is_exclusive());
  lock.unlock();
}

BOOST_FIXTURE_TEST_CASE(shared_lock_shares, two_locks) {
  std::shared_lock guard{lock};
  BOOST_TEST(is_shared());
  std::shared_lock beside{other, std::try_to_lock};
  BOOST_TEST(beside.owns_lock());
  beside.unlock();
  guard.unlock();
  BOOST_TEST(is_free());
  BOOST_TEST(guard.try_lock_for(5s));
  guard.unlock();
  BOOST_TEST(guard.try_lock_until(std::chrono::steady_clock::now() + 5s));
  guard = std::shared_lock<file_lock>();
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(shared_lock_waits_in_its_constructor, two_locks) {
  other.lock();
  std::shared_lock refused{lock, 1ms};
  BOOST_TEST(!refused);
  std::shared_lock too_late{lock, std::chrono::system_clock::now() + 1ms};
  BOOST_TEST(!too_late);
  other.unlock();
  std::shared_lock guard{lock, 5s};
  BOOST_TEST(guard.owns_lock());
}

BOOST_AUTO_TEST_CASE(scoped_lock_takes_two_locks) {
  const test::temporary_folder folder;
  file_lock first(folder / "first");
  file_lock second(folder / "second");
  {
    const std::scoped_lock guard{first, second};
    BOOST_TEST(first.owns_lock());
    BOOST_TEST(second.owns_lock());
    file_lock other(folder / "second");
    BOOST_TEST(!other.try_lock());
  }
  BOOST_TEST(!first.owns_lock());
  BOOST_TEST(!second.owns_lock());
}

BOOST_AUTO_TEST_CASE(scoped_lock_takes_a_file_lock_and_a_mutex) {
  const test::temporary_folder folder;
  file_lock lock(folder / "file");
  std::mutex mutex;
  const std::scoped_lock guard{mutex, lock};
  BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(std_lock_takes_two_locks_in_any_order_without_deadlock) {
  const test::temporary_folder folder;
  int total = 0;
  const auto work = [&](bool reverse) {
    file_lock first(folder / "first");
    file_lock second(folder / "second");
    for (int i = 0; i != 100; ++i) {
      reverse ? std::lock(second, first) : std::lock(first, second);
      const std::lock_guard one{first, std::adopt_lock};
      const std::lock_guard two{second, std::adopt_lock};
      ++total;
    }
  };
  std::thread forward(work, false);
  std::thread backward(work, true);
  forward.join();
  backward.join();
  BOOST_TEST(total == 200);
}

BOOST_AUTO_TEST_CASE(std_try_lock_names_the_lock_that_was_busy) {
  const test::temporary_folder folder;
  file_lock first(folder / "first");
  file_lock second(folder / "second");
  file_lock holder(folder / "second");
  holder.lock();
  BOOST_TEST(std::try_lock(first, second) == 1);
  BOOST_TEST(!first.owns_lock());
  holder.unlock();
  BOOST_TEST(std::try_lock(first, second) == -1);
}

BOOST_AUTO_TEST_SUITE_END()
