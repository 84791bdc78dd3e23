// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Waits of the threads that share a file_mutex, for each other and for the
// file.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/paced_platform.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <random>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(mutex_waits)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_mutex;
using filelock::cancel_source;
using filelock::canceller;
using filelock::file_mutex;
using filelock::lock_mode;
using filelock::detail::entry;
using filelock::detail::unbounded;
using std::chrono::nanoseconds;

/// \returns The options of a mutex that is never passed on to a thread that
/// waits: each unlock releases the file.
filelock::open_options released_each_time() {
  filelock::open_options options;
  options.compare_always = true;
  return options;
}

/// A mutex on a file that the test frees.
struct paced_mutex {
  test::paced_world world;
  basic_file_mutex<test::paced_platform> mutex{"/folder/file",
                                               released_each_time()};
};

/// Asked once: says so, and throws when it is told to.
struct throwing {
  static constexpr bool observes_wait = true;
  std::atomic<bool>* asked;
  std::atomic<bool>* goes_on;
  nanoseconds operator()(const filelock::wait_state&) const {
    *asked = true;
    while (!*goes_on)
      std::this_thread::yield();
    throw std::runtime_error("this policy throws");
  }
};

/// Lets up to some microseconds pass, so that each repetition is at another
/// moment.
void pass_a_moment(std::mt19937& random) {
  volatile unsigned rounds =
      std::uniform_int_distribution<unsigned>(0, 20000)(random);
  while (rounds != 0)
    rounds = rounds - 1;
}

template <class Function>
auto in_thread(Function function) {
  return std::async(std::launch::async, std::move(function));
}

} // namespace

// ---- For the file: by one thread, and the others go on ----

BOOST_FIXTURE_TEST_CASE(a_try_does_not_wait_for_a_waiter, paced_mutex) {
  for (const bool reads : {false, true}) {
    world.set_free(false);
    auto waiter = in_thread([&] {
      reads ? mutex.lock_shared() : mutex.lock();
      reads ? mutex.unlock_shared() : mutex.unlock();
    });
    world.wait_for_waiters(1);
    const int attempts = world.attempts();
    BOOST_TEST(!mutex.try_lock());
    BOOST_TEST(!mutex.try_lock_shared());
    BOOST_TEST(!mutex.try_lock_for(0s));
    BOOST_TEST(!mutex.try_lock_shared_for(-1s));
    BOOST_TEST(!mutex.try_lock_until(test::paced_clock::time_point()));
    BOOST_TEST(world.attempts() == attempts);
    world.set_free(true);
    waiter.get();
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
  }
}

BOOST_FIXTURE_TEST_CASE(an_error_of_a_waiter_lets_the_others_in, paced_mutex) {
  for (const bool reads : {false, true}) {
    world.set_free(false);
    auto first = in_thread([&] {
      std::error_code ec;
      reads ? mutex.lock_shared(ec) : mutex.lock(ec);
      return ec;
    });
    world.wait_for_waiters(1);
    auto writer = in_thread([&] { mutex.lock(), mutex.unlock(); });
    auto reader =
        in_thread([&] { mutex.lock_shared(), mutex.unlock_shared(); });
    world.fail_once();
    BOOST_TEST((first.get() == std::errc::io_error));
    world.wait_for_waiters(1); // one of the others
    world.set_free(true);
    writer.get();
    reader.get();
    BOOST_TEST(world.holders() == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(a_timeout_of_a_waiter_lets_the_others_try,
                        paced_mutex) {
  world.set_free(false);
  auto first = in_thread([&] { return mutex.try_lock_for(10s); });
  world.wait_for_waiters(1);
  auto second = in_thread([&] { mutex.lock_shared(), mutex.unlock_shared(); });
  world.advance(10s);
  BOOST_TEST(!first.get());
  world.wait_for_waiters(1);
  world.set_free(true);
  second.get();
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_lets_the_others_in) {
  test::paced_world world;
  std::atomic<bool> asked{false};
  std::atomic<bool> goes_on{false};
  basic_file_mutex<test::paced_platform, throwing> mutex(
      "/folder/file", throwing{&asked, &goes_on});
  world.set_free(false);
  auto first = in_thread([&] { mutex.lock(); });
  while (!asked)
    std::this_thread::yield();
  world.set_free(true);
  auto second = in_thread([&] { mutex.lock_shared(), mutex.unlock_shared(); });
  goes_on = true;
  BOOST_CHECK_THROW(first.get(), std::runtime_error);
  second.get();
  BOOST_TEST(world.holders() == 0);
}

// ---- Readers ----

BOOST_FIXTURE_TEST_CASE(threads_share_as_readers, paced_mutex) {
  // The clock stands still. Each reader waits for all others while it holds the
  // lock: that they meet shows that nobody is kept out.
  constexpr int threads = 8;
  std::mutex meeting;
  std::condition_variable changed;
  int holding = 0;
  std::vector<std::future<void>> readers;
  for (int i = 0; i != threads; ++i)
    readers.push_back(in_thread([&] {
      mutex.lock_shared();
      {
        std::unique_lock<std::mutex> guard(meeting);
        if (++holding == threads) changed.notify_all();
        changed.wait(guard, [&] { return holding == threads; });
      }
      mutex.unlock_shared();
    }));
  for (auto& each : readers)
    each.get();
  BOOST_TEST(world.attempts() == 1);
  BOOST_TEST(world.holders() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_gets_the_file_lets_all_readers_in,
                        paced_mutex) {
  std::mt19937 random(3);
  for (int round = 0; round != 20; ++round) {
    world.set_free(false);
    auto first = in_thread([&] { mutex.lock_shared(); });
    world.wait_for_waiters(1);
    world.forget_readers();
    std::vector<std::future<void>> readers;
    for (int i = 0; i != 4; ++i)
      readers.push_back(in_thread([&] { mutex.lock_shared(); }));
    world.wait_for_readers(4);
    pass_a_moment(random); // so that some of them sleep
    world.set_free(true);
    first.get();
    for (auto& each : readers)
      each.get();
    for (int i = 0; i != 5; ++i)
      mutex.unlock_shared();
    BOOST_TEST(world.holders() == 0);
  }
}

namespace {

/// Only the thread that acquired can release.
struct thread_owned : test::paced_platform {
  static constexpr filelock::lock_ownership ownership =
      filelock::lock_ownership::thread;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_of_a_thread_is_not_passed_to_another_thread) {
  test::paced_world world;
  basic_file_mutex<thread_owned> mutex{"/folder/file"};
  mutex.lock();
  auto waiter = in_thread([&] {
    mutex.lock();
    mutex.unlock();
  });
  // Mostly long enough for the waiter to wait; no matter if it is not.
  std::this_thread::sleep_for(10ms);
  mutex.unlock();
  waiter.get();
  BOOST_TEST(world.attempts() == 2);
}

// ---- One deadline for both waits ----

namespace {

/// Lets `acquire()` wait for 6 s for a thread and then for the file.
template <class Acquire>
void check_deadline_of_10s(paced_mutex& each, Acquire acquire) {
  each.mutex.lock();
  const nanoseconds start = test::paced_clock::now().time_since_epoch();
  each.world.forget_readers();
  auto waiter = in_thread([&] { return acquire(start + 10s); });
  each.world.wait_for_readers(1);
  each.world.advance(6s);
  each.world.set_free(false);
  each.mutex.unlock();
  each.world.wait_for_waiters(1);
  BOOST_TEST((each.world.last_deadline() == start + 10s));
  each.world.advance(4s - 1ns);
  BOOST_TEST((waiter.wait_for(0s) == std::future_status::timeout));
  each.world.advance(1ns);
  BOOST_TEST(!waiter.get());
  each.world.set_free(true);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_deadline_bounds_both_waits_together, paced_mutex) {
  using time_point = test::paced_clock::time_point;
  check_deadline_of_10s(*this,
                        [&](nanoseconds) { return mutex.try_lock_for(10s); });
  check_deadline_of_10s(
      *this, [&](nanoseconds) { return mutex.try_lock_shared_for(10s); });
  check_deadline_of_10s(*this, [&](nanoseconds end) {
    return mutex.try_lock_until(time_point(end));
  });
  check_deadline_of_10s(*this, [&](nanoseconds end) {
    return mutex.try_lock_shared_until(time_point(end));
  });
}

BOOST_FIXTURE_TEST_CASE(a_deadline_may_pass_while_a_thread_holds, paced_mutex) {
  mutex.lock();
  world.forget_readers();
  auto writer = in_thread([&] { return mutex.try_lock_for(10s); });
  auto reader = in_thread([&] { return mutex.try_lock_shared_for(10s); });
  world.wait_for_readers(2);
  world.advance(10s);
  BOOST_TEST(!writer.get());
  BOOST_TEST(!reader.get());
  mutex.unlock();
  BOOST_TEST(world.attempts() == 1);
}

BOOST_AUTO_TEST_CASE(deadlines_of_all_kinds_pass_while_a_thread_holds) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  mutex.lock();
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!in_thread([&] { return mutex.try_lock_for(20ms); }).get());
  BOOST_TEST(
      !in_thread([&] { return mutex.try_lock_shared_for(0.02s); }).get());
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 40ms));
  const auto system_start = std::chrono::system_clock::now();
  BOOST_TEST(!in_thread([&] {
                return mutex.try_lock_until(system_start + 20ms);
              }).get());
  BOOST_TEST((std::chrono::system_clock::now() >= system_start + 20ms));
  BOOST_TEST(!in_thread([&] {
                return mutex.try_lock_for((nanoseconds::min)()) ||
                       mutex.try_lock_for(-1h) ||
                       mutex.try_lock_until(
                           (std::chrono::steady_clock::time_point::min)());
              }).get());
  // None of these is over at once.
  std::vector<std::future<bool>> waiters;
  waiters.push_back(in_thread([&] {
    return mutex.try_lock_for((std::chrono::hours::max)()) &&
           (mutex.unlock(), true);
  }));
  waiters.push_back(in_thread([&] {
    return mutex.try_lock_for((nanoseconds::max)()) && (mutex.unlock(), true);
  }));
  waiters.push_back(in_thread([&] { // all but unbounded
    return mutex.try_lock_for((nanoseconds::max)() - 1ns) &&
           (mutex.unlock(), true);
  }));
  waiters.push_back(in_thread([&] {
    return mutex.try_lock_until(
               (std::chrono::system_clock::time_point::max)()) &&
           (mutex.unlock(), true);
  }));
  waiters.push_back(in_thread([&] {
    return mutex.try_lock_shared_for(std::chrono::duration<double>(1e30)) &&
           (mutex.unlock_shared(), true);
  }));
  for (auto& each : waiters)
    BOOST_TEST((each.wait_for(5ms) == std::future_status::timeout));
  mutex.unlock();
  for (auto& each : waiters)
    BOOST_TEST(each.get());
}

namespace {

/// A clock that is set while others read it.
struct settable_clock {
  using duration = nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<settable_clock>;
  [[maybe_unused]] static constexpr bool is_steady = false;

  static inline std::atomic<rep> since_epoch{0};
  static inline std::atomic<int> readings{0};

  static time_point now() noexcept {
    ++readings;
    return time_point(nanoseconds(since_epoch));
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_clock_may_be_set_while_a_thread_holds) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  mutex.lock();
  const auto end = settable_clock::time_point(1h);
  auto writer = in_thread([&] { return mutex.try_lock_until(end); });
  auto reader = in_thread([&] { return mutex.try_lock_shared_until(end); });
  while (settable_clock::readings < 2)
    std::this_thread::yield();
  settable_clock::since_epoch = nanoseconds(1h).count();
  BOOST_TEST(!writer.get()); // not in an hour
  BOOST_TEST(!reader.get());
  mutex.unlock();
}

// ---- A stop ----

namespace {

using gate_type = filelock::detail::mutex_gate<std::chrono::steady_clock>;

/// As a mutex waits for a thread.
entry::action wait_at(gate_type& gate, lock_mode mode, const canceller& stop) {
  const auto release = [] {};
  gate_type::waiter<decltype(release)> waiter(gate, mode, stop, release);
  entry::action answer;
  do
    answer = waiter.ask(unbounded);
  while (answer == entry::action::wait && !waiter.is_stopped());
  return answer;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_stop_wakes_a_thread_that_waits_for_another) {
  std::mt19937 random(1);
  for (int i = 0; i != 200; ++i) {
    const lock_mode mode = i % 2 ? lock_mode::exclusive : lock_mode::shared;
    gate_type gate;
    cancel_source source;
    BOOST_TEST_REQUIRE(
        (gate.enter(lock_mode::exclusive, true) == entry::action::acquire));
    auto waiter =
        in_thread([&] { return wait_at(gate, mode, canceller(source)); });
    pass_a_moment(random);
    source.request();
    // Never, if the request was lost.
    BOOST_TEST_REQUIRE((waiter.get() == entry::action::wait));
  }
}

BOOST_AUTO_TEST_CASE(a_stop_wakes_its_own_thread_among_others) {
  std::mt19937 random(4);
  for (int i = 0; i != 200; ++i) {
    const lock_mode mode = i % 2 ? lock_mode::exclusive : lock_mode::shared;
    gate_type gate;
    cancel_source source;
    gate.enter(lock_mode::exclusive, true);
    auto other = in_thread([&] { return wait_at(gate, mode, canceller()); });
    pass_a_moment(random);
    auto stopped =
        in_thread([&] { return wait_at(gate, mode, canceller(source)); });
    pass_a_moment(random);
    source.request();
    // Never, if the other one was woken in its place.
    BOOST_TEST_REQUIRE((stopped.get() == entry::action::wait));
    gate.released(lock_mode::exclusive);
    BOOST_TEST_REQUIRE((other.get() == entry::action::acquire));
  }
}

BOOST_AUTO_TEST_CASE(a_stop_that_was_requested_leaves_one_attempt) {
  cancel_source source;
  source.request();
  gate_type gate;
  BOOST_TEST((wait_at(gate, lock_mode::shared, canceller(source)) ==
              entry::action::acquire));
  BOOST_TEST((wait_at(gate, lock_mode::shared, canceller(source)) ==
              entry::action::wait));
}

BOOST_AUTO_TEST_CASE(a_stopped_waiter_takes_no_wake_up_from_another) {
  std::mt19937 random(2);
  for (int i = 0; i != 200; ++i) {
    const lock_mode mode = i % 2 ? lock_mode::exclusive : lock_mode::shared;
    gate_type gate;
    cancel_source source;
    gate.enter(lock_mode::exclusive, true);
    auto stopped = in_thread([&] {
      if (wait_at(gate, mode, canceller(source)) == entry::action::acquire)
        gate.failed(mode);
    });
    auto other = in_thread(
        [&] { return wait_at(gate, lock_mode::exclusive, canceller()); });
    auto stopping = in_thread([&] { source.request(); });
    pass_a_moment(random);
    gate.released(lock_mode::exclusive);
    stopping.get();
    stopped.get();
    // Never, if nobody has woken it.
    BOOST_TEST_REQUIRE((other.get() == entry::action::acquire));
  }
}

BOOST_AUTO_TEST_CASE(a_waiter_that_gives_up_at_a_release_wakes_another) {
  std::mt19937 random(5);
  for (int i = 0; i != 200; ++i) {
    gate_type gate;
    gate.enter(lock_mode::exclusive, true);
    auto writer = in_thread(
        [&] { return wait_at(gate, lock_mode::exclusive, canceller()); });
    {
      const auto nothing = [] {};
      gate_type::waiter<decltype(nothing)> reader(gate, lock_mode::shared,
                                                  canceller(), nothing);
      BOOST_TEST_REQUIRE((reader.ask(1ns) == entry::action::wait));
      pass_a_moment(random);
      gate.released(lock_mode::exclusive); // to readers, but none sleeps
    }
    // Never, if nobody has woken it.
    BOOST_TEST_REQUIRE((writer.get() == entry::action::acquire));
  }
}

BOOST_AUTO_TEST_CASE(a_waiter_that_gives_up_releases_what_was_kept_for_it) {
  gate_type gate;
  int releases = 0;
  gate.enter(lock_mode::exclusive, true);
  {
    const auto release = [&] { ++releases; };
    gate_type::waiter<decltype(release)> writer(gate, lock_mode::exclusive,
                                                canceller(), release);
    BOOST_TEST_REQUIRE((writer.ask(1ns) == entry::action::wait));
    BOOST_TEST(gate.passes_on(false, [] { return true; }));
    // Before it asks again, something is thrown.
  }
  BOOST_TEST(releases == 1);
  BOOST_TEST(
      (gate.enter(lock_mode::exclusive, true) == entry::action::acquire));
  // Nobody waits now.
  BOOST_TEST(!gate.passes_on(false, [] { return true; }));
  gate.released(lock_mode::exclusive);
  BOOST_TEST(
      (gate.enter(lock_mode::exclusive, true) == entry::action::acquire));
}

BOOST_AUTO_TEST_CASE(a_thread_that_comes_late_overtakes_no_turn) {
  gate_type gate;
  gate.enter(lock_mode::exclusive, true);
  const auto nothing = [] {};
  gate_type::waiter<decltype(nothing)> reader(gate, lock_mode::shared,
                                              canceller(), nothing);
  BOOST_TEST_REQUIRE((reader.ask(1ns) == entry::action::wait));
  gate.released(lock_mode::exclusive);
  BOOST_TEST((gate.enter(lock_mode::exclusive, true) == entry::action::wait));
  BOOST_TEST((reader.ask(1ns) == entry::action::acquire));
}

BOOST_AUTO_TEST_CASE(a_thread_that_comes_late_finds_the_lock_of_an_early_one) {
  gate_type gate;
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST(
        (gate.enter(lock_mode::exclusive, true) == entry::action::acquire));
    if (i == 1) {
      BOOST_TEST(
          (gate.enter(lock_mode::exclusive, false) == entry::action::wait));
      BOOST_TEST((gate.enter(lock_mode::shared, false) == entry::action::wait));
    }
    if (i == 2)
      gate.failed(lock_mode::exclusive);
    else
      gate.released(lock_mode::exclusive);
  }
  BOOST_TEST((gate.enter(lock_mode::shared, false) == entry::action::acquire));
  gate.acquired_shared();
  BOOST_TEST((gate.enter(lock_mode::exclusive, false) == entry::action::wait));
  BOOST_TEST(gate.leave());
  gate.released(lock_mode::shared);
  BOOST_TEST(
      (gate.enter(lock_mode::exclusive, false) == entry::action::acquire));
}

#if FILELOCK_HAS_STOP_TOKEN

BOOST_FIXTURE_TEST_CASE(a_token_ends_each_wait, paced_mutex) {
  const std::vector<std::function<bool(std::stop_token)>> forms = {
      [&](std::stop_token stop) { return mutex.lock(stop); },
      [&](std::stop_token stop) { return mutex.try_lock_for(1h, stop); },
      [&](std::stop_token stop) { return mutex.lock_shared(stop); },
      [&](std::stop_token stop) { return mutex.try_lock_shared_for(1h, stop); },
      [&](std::stop_token stop) {
        std::error_code ec;
        return mutex.lock(stop, ec) || ec;
      },
      [&](std::stop_token stop) {
        std::error_code ec;
        return mutex.lock_shared(stop, ec) || ec;
      }};
  for (const auto& form : forms) {
    std::stop_source source;
    { // for a thread
      mutex.lock();
      auto waiter = in_thread([&] { return form(source.get_token()); });
      source.request_stop();
      BOOST_TEST(!waiter.get());
      mutex.unlock();
    }
    { // for the file
      source = std::stop_source();
      world.set_free(false);
      auto waiter = in_thread([&] { return form(source.get_token()); });
      world.wait_for_waiters(1);
      source.request_stop();
      BOOST_TEST(!waiter.get());
      world.set_free(true);
    }
    BOOST_TEST(world.holders() == 0);
  }
  // One attempt is made in any case.
  std::stop_source source;
  source.request_stop();
  BOOST_TEST(mutex.lock(source.get_token()));
  mutex.unlock();
  BOOST_TEST(mutex.lock_shared(source.get_token()));
  BOOST_TEST(mutex.lock_shared(source.get_token()));
  mutex.unlock_shared();
  mutex.unlock_shared();
}

#endif

BOOST_AUTO_TEST_SUITE_END()
