// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// One thread and a file_mutex: what it asks of its platform, and what becomes
// of errors. Two owners in one thread stand for two threads.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(mutex_file_mutex)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::basic_file_mutex;
using filelock::file_lock;
using filelock::file_mutex;
using filelock::lock_mode;
using std::chrono::nanoseconds;

struct one_second {
  nanoseconds operator()(const filelock::wait_state&) const { return 1s; }
};
template <class Platform>
using mutex_on = basic_file_mutex<Platform, one_second>;
template <class Platform>
using lock_on = basic_file_lock<Platform, one_second>;

/// \returns What each form of an acquire did, and which calls it made, and the
/// release after it.
template <class Lock>
std::vector<std::string> deeds(std::function<void(test::script&)> prepare,
                               bool with_unbounded = true) {
  using kind = typename test::acquire_form<Lock>::kind;
  std::vector<std::string> result;
  for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared})
    for (const auto& form : test::acquire_forms<Lock>(mode)) {
      if (form.what == kind::unbounded && !with_unbounded) continue;
      test::script script;
      Lock lock("/folder/file");
      prepare(script);
      const test::outcome outcome = form.call(lock);
      if (outcome.acquired && mode == lock_mode::shared) lock.unlock_shared();
      if (outcome.acquired && mode == lock_mode::exclusive) lock.unlock();
      result.push_back(std::string(form.name) + ": " +
                       (outcome.acquired ? "acquired " : "not acquired ") +
                       outcome.error.message() +
                       (outcome.names_path ? "" : " wrong path") + ": " +
                       script.timed_log() + script.broken_rules());
    }
  return result;
}

template <class Platform>
void check_that_deeds_are_those_of_a_lock(
    std::function<void(test::script&)> prepare, bool with_unbounded = true) {
  const auto of_lock = deeds<lock_on<Platform>>(prepare, with_unbounded);
  const auto of_mutex = deeds<mutex_on<Platform>>(prepare, with_unbounded);
  BOOST_TEST(!of_lock.empty());
  BOOST_TEST(of_mutex == of_lock, boost::test_tools::per_element());
}

template <class Platform>
void check_all_deeds() {
  check_that_deeds_are_those_of_a_lock<Platform>([](test::script&) {});
  check_that_deeds_are_those_of_a_lock<Platform>(
      [](test::script& script) { script.free_from = 1s; });
  check_that_deeds_are_those_of_a_lock<Platform>(
      [](test::script& script) { script.free_from = test::never; }, false);
  check_that_deeds_are_those_of_a_lock<Platform>(
      [](test::script& script) { script.opens = {EACCES}; });
  check_that_deeds_are_those_of_a_lock<Platform>(
      [](test::script& script) { script.attempts = {test::failed(EIO)}; });
  check_that_deeds_are_those_of_a_lock<Platform>([](test::script& script) {
    script.attempts = {test::busy, test::failed(EIO)};
  });
  check_that_deeds_are_those_of_a_lock<Platform>([](test::script& script) {
    script.links = {false};
    script.names = {false};
  });
}

/// Throws at the first pause.
struct throwing_backoff {
  nanoseconds operator()(const filelock::wait_state&) const {
    throw std::runtime_error("this policy throws");
  }
};

/// The time of the script, if it can be told.
struct throwing_clock : test::scripted_clock {
  using time_point = std::chrono::time_point<throwing_clock>;
  static inline bool throws = false;
  static inline int readings = 0;
  static inline int throws_at = 0; // that reading
  static inline nanoseconds step{};
  static time_point now() {
    if (throws || ++readings == throws_at)
      throw std::runtime_error("this clock throws");
    test::script::current().now += step;
    return time_point(test::script::current().now);
  }
};

struct one_mutex {
  test::script script;
  mutex_on<test::scripted_polled> mutex{"/folder/file"};
};

} // namespace

BOOST_AUTO_TEST_CASE(an_uncontended_mutex_makes_the_calls_of_a_file_lock) {
  check_all_deeds<test::scripted_full>();
  check_all_deeds<test::scripted_polled>();
}

BOOST_AUTO_TEST_CASE(the_next_thread_gets_in_after_an_error) {
  using mutex_type = mutex_on<test::scripted_full>;
  for (const auto& form : test::all_acquire_forms<mutex_type>()) {
    test::script script;
    mutex_type mutex("/folder/file");
    script.attempts = {test::failed(ENOLCK)};
    BOOST_TEST(!form.call(mutex).acquired);
    BOOST_TEST(script.held() == 0u);
    BOOST_TEST(script.open_handles() == 0u);
    BOOST_TEST(mutex.try_lock_shared());
    mutex.unlock_shared();
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_leaves_nothing_held) {
  using mutex_type = basic_file_mutex<test::scripted_polled, throwing_backoff>;
  for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared}) {
    test::script script;
    mutex_type mutex("/folder/file");
    script.attempts = {test::busy, test::busy};
    const bool reads = mode == lock_mode::shared;
    BOOST_CHECK_THROW(reads ? mutex.lock_shared() : mutex.lock(),
                      std::runtime_error);
    std::error_code ec;
    reads ? mutex.lock_shared(ec) : mutex.lock(ec);
    BOOST_TEST((ec == std::errc::operation_canceled));
    BOOST_TEST(script.held() == 0u);
    BOOST_TEST(mutex.try_lock());
    BOOST_TEST(!mutex.try_lock_shared());
    mutex.unlock();
    BOOST_TEST(mutex.try_lock_shared());
    mutex.unlock_shared();
  }
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_at_the_end_leaves_nothing_held) {
  struct finishing {
    nanoseconds operator()(const filelock::wait_state&) const { return 1ns; }
    void finished(const filelock::wait_result&) const {
      throw std::runtime_error("the lock is taken already");
    }
  };
  test::script script;
  basic_file_mutex<test::scripted_polled, finishing> mutex("/folder/file");
  script.attempts = {test::busy};
  BOOST_CHECK_THROW(mutex.lock(), std::runtime_error);
  script.attempts = {test::busy};
  BOOST_CHECK_THROW(mutex.lock_shared(), std::runtime_error);
  BOOST_TEST(script.held() == 0u);
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_clock_that_throws_leaves_nothing_held) {
  using platform = test::basic_scripted_platform<throwing_clock>;
  test::script script;
  basic_file_mutex<platform, one_second> mutex("/folder/file");
  throwing_clock::throws = true;
  BOOST_CHECK_THROW(mutex.lock_shared(), std::runtime_error);
  throwing_clock::throws = false;
  BOOST_TEST(script.held() == 0u);
  BOOST_TEST(mutex.try_lock());
  throwing_clock::throws = true;
  BOOST_CHECK_THROW((void)mutex.try_lock_for(1h), std::runtime_error);
  throwing_clock::throws = false;
  mutex.unlock();
  mutex.lock_shared();
  throwing_clock::throws = true; // which a second reader asks
  BOOST_CHECK_THROW((void)mutex.try_lock_shared(), std::runtime_error);
  throwing_clock::throws = false;
  mutex.unlock_shared();
  BOOST_TEST(script.held() == 0u);
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_clock_may_throw_at_each_reading) {
  // Of a hold to which a reader comes too late, of its end, and of the wait
  // after it, while the file is left to others.
  using platform = test::basic_scripted_platform<throwing_clock>;
  int throwing_calls = 0;
  bool ends = false;
  for (int reading = 1; !ends; ++reading) {
    test::script script;
    basic_file_mutex<platform, one_second> mutex("/folder/file");
    throwing_clock::step = nanoseconds(file_mutex::yielding_time) / 4;
    throwing_clock::readings = 0;
    throwing_clock::throws_at = reading;
    const auto is_acquired = [&] {
      try {
        return mutex.try_lock_shared_for(1h);
      } catch (const std::runtime_error&) {
        ++throwing_calls;
        return false;
      }
    };
    if (is_acquired()) {
      script.now += file_mutex::joining_time;
      script.is_awaited = true;
      std::error_code ec;
      BOOST_TEST(!mutex.try_lock_shared(ec));
      throwing_calls += ec == std::errc::operation_canceled;
      mutex.unlock_shared(); // whether the clock throws or not
    }
    if (is_acquired()) mutex.unlock_shared();
    ends = throwing_clock::readings < reading;
    throwing_clock::throws_at = 0;
    BOOST_TEST(script.held() == 0u);
    BOOST_TEST(mutex.try_lock());
    mutex.unlock();
  }
  throwing_clock::step = nanoseconds();
  BOOST_TEST(throwing_calls > 5);
}

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_times_out) {
  const auto policy = filelock::limited(filelock::yield_backoff(), 3);
  using mutex_type = basic_file_mutex<test::scripted_polled,
                                      std::remove_const_t<decltype(policy)>>;
  test::script script;
  mutex_type mutex("/folder/file", policy);
  script.free_from = test::never;
  const auto is_timed_out = [](const std::system_error& error) {
    return error.code() == std::errc::timed_out;
  };
  BOOST_CHECK_EXCEPTION(mutex.lock(), std::system_error, is_timed_out);
  BOOST_CHECK_EXCEPTION(mutex.lock_shared(), std::system_error, is_timed_out);
  BOOST_TEST(!mutex.try_lock_for(1h));
  script.free_from = 0ns;
  mutex.lock();
  mutex.unlock();
}

BOOST_FIXTURE_TEST_CASE(a_second_reader_asks_for_no_lock, one_mutex) {
  mutex.lock_shared();
  script.forget();
  BOOST_TEST(mutex.try_lock_shared());
  mutex.lock_shared();
  BOOST_TEST(script.log() == "names names"); // verify_path
  script.forget();
  mutex.unlock_shared();
  mutex.unlock_shared();
  BOOST_TEST(script.log() == "");
  BOOST_TEST(!mutex.try_lock());
  mutex.unlock_shared();
  BOOST_TEST(script.log() == "unlock_shared");
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_second_reader_verifies_only_with_verify_path) {
  test::script script;
  filelock::open_options options;
  options.verify_path = false;
  mutex_on<test::scripted_polled> mutex("/folder/file", options);
  mutex.lock_shared();
  script.forget();
  mutex.lock_shared();
  BOOST_TEST(script.log() == "");
  mutex.unlock_shared();
  mutex.unlock_shared();
}

BOOST_FIXTURE_TEST_CASE(nobody_joins_a_hold_of_a_replaced_file, one_mutex) {
  mutex.lock_shared();
  script.names = {false};
  BOOST_TEST(!mutex.try_lock_shared());
  // Nor a later one, though the path is said to name the file again.
  BOOST_TEST(!mutex.try_lock_shared());
  BOOST_TEST(script.held() == 1u);
  mutex.unlock_shared();
  BOOST_TEST(script.held() == 0u);
  script.now += file_mutex::yielding_time;
  BOOST_TEST(mutex.try_lock_shared());
  mutex.unlock_shared();
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_FIXTURE_TEST_CASE(a_reader_joins_readers_alone_at_any_time, one_mutex) {
  mutex.lock_shared();
  for (const std::chrono::nanoseconds time : {20ms, 25ms, 4000ms, 3600000ms}) {
    script.now = time;
    script.forget();
    BOOST_TEST(mutex.try_lock_shared());
    BOOST_TEST(mutex.try_lock_shared_for(0ns));
    BOOST_TEST(mutex.try_lock_shared_for(10ms));
    mutex.lock_shared();
    // It was looked for others once, and nobody paused.
    BOOST_TEST_CONTEXT(time.count())
    BOOST_TEST(script.log() == "open awaited close names names names names");
    BOOST_TEST((script.now == time));
    for (int i = 0; i != 4; ++i)
      mutex.unlock_shared();
  }
  mutex.unlock_shared();
  BOOST_TEST(script.held() == 0u);
  BOOST_TEST(script.open_handles() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_reader_waits_if_another_process_waits, one_mutex) {
  script.now = 1h;
  script.is_awaited = true;
  mutex.lock_shared();
  script.now += file_mutex::joining_time - 1ns;
  BOOST_TEST(mutex.try_lock_shared());
  script.now += 1ns;
  BOOST_TEST(!mutex.try_lock_shared());
  mutex.unlock_shared();
  mutex.unlock_shared();
  BOOST_TEST(script.held() == 0u);
  // Now it is the turn of other processes.
  BOOST_TEST(!mutex.try_lock_shared());
  script.now += file_mutex::yielding_time;
  BOOST_TEST(mutex.try_lock_shared());
  mutex.unlock_shared();
}

BOOST_FIXTURE_TEST_CASE(a_long_reader_alone_is_not_made_to_wait, one_mutex) {
  mutex.lock_shared();
  script.now += 1h;
  mutex.unlock_shared();
  BOOST_TEST(mutex.try_lock_shared());
  mutex.unlock_shared();
}

BOOST_AUTO_TEST_CASE(an_unlock_that_fails_has_released) {
  for (const bool reads : {false, true}) {
    one_mutex each;
    auto& mutex = each.mutex;
    const auto acquire = [&] { reads ? mutex.lock_shared() : mutex.lock(); };
    acquire();
    each.script.unlocks = {EIO};
    std::error_code ec;
    reads ? mutex.unlock_shared(ec) : mutex.unlock(ec);
    BOOST_TEST((ec == std::errc::io_error));
    BOOST_TEST(each.script.open_handles() == 0u);
    acquire();
    each.script.unlocks = {EIO};
    reads ? mutex.unlock_shared() : mutex.unlock(); // for guards: no exception
    BOOST_TEST(mutex.try_lock());
    ec = std::make_error_code(std::errc::io_error);
    mutex.unlock(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(mutex.try_lock_shared());
    ec = std::make_error_code(std::errc::io_error);
    mutex.unlock_shared(ec);
    BOOST_TEST(!ec);
  }
}

BOOST_AUTO_TEST_CASE(the_template_arguments_are_deduced) {
  const std::filesystem::path path = "a.lock";
  const auto lambda = [](const filelock::wait_state&) { return 1ms; };
  const file_mutex plain{path};
  const filelock::basic_file_mutex deduced{path};
  const filelock::basic_file_mutex with_options{path, filelock::open_options{}};
  const filelock::basic_file_mutex with_policy{path, lambda};
  static_assert(std::is_same_v<decltype(deduced), const file_mutex>);
  static_assert(std::is_same_v<decltype(with_options), const file_mutex>);
  static_assert(std::is_same_v<
                decltype(with_policy),
                const basic_file_mutex<filelock::native_traits,
                                       std::remove_const_t<decltype(lambda)>>>);
  BOOST_TEST(plain.path() == std::filesystem::current_path() / path);
  BOOST_TEST(with_policy.path() == plain.path());
}

BOOST_AUTO_TEST_CASE(a_mutex_without_a_path_is_an_error) {
  file_mutex mutex{std::filesystem::path()};
  std::error_code ec;
  mutex.lock(ec);
  BOOST_TEST((ec == std::errc::invalid_argument));
  BOOST_TEST(!mutex.try_lock_shared(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_mutex_excludes_a_file_lock) {
  const test::temporary_folder folder;
  file_mutex mutex{folder / "a.lock"};
  file_lock lock{folder / "a.lock"};
  mutex.lock();
  BOOST_TEST(!lock.try_lock_shared());
  mutex.unlock();
  lock.lock_shared();
  BOOST_TEST(mutex.try_lock_shared());
  mutex.unlock_shared();
  BOOST_TEST(!mutex.try_lock());
  BOOST_TEST(!mutex.try_lock_for(1ms));
  lock.unlock();
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_mutex_waits_in_a_simulation) {
  filelock::simulation world;
  world.hold("/a.lock", 0s, 3s);
  basic_file_mutex<filelock::simulated_traits> mutex("/a.lock");
  BOOST_TEST(!mutex.try_lock());
  BOOST_TEST(!mutex.try_lock_for(2s));
  BOOST_TEST((world.now() == 2s));
  BOOST_TEST(mutex.try_lock_shared_for(2s));
  BOOST_TEST((world.now() >= 3s));
  mutex.unlock_shared();
  mutex.lock();
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(options_have_their_effect) {
  const test::temporary_folder folder;
  filelock::open_options options;
  options.remove_on_release = true;
  file_mutex mutex{folder / "parent" / "a.lock", options};
  mutex.lock_shared();
  BOOST_TEST(std::filesystem::exists(mutex.path()));
  if (mutex.try_lock_shared()) { // unless this thread was slow
    mutex.unlock_shared();
    BOOST_TEST(std::filesystem::exists(mutex.path()));
  }
  mutex.unlock_shared();
  BOOST_TEST(!std::filesystem::exists(mutex.path()));
  mutex.lock();
  BOOST_TEST(std::filesystem::exists(mutex.path()));
  mutex.unlock();
  BOOST_TEST(!std::filesystem::exists(mutex.path()));
  options = {};
  options.create = false;
  file_mutex missing{folder / "missing.lock", options};
  std::error_code ec;
  BOOST_TEST(!missing.try_lock(ec));
  BOOST_TEST((ec == std::errc::no_such_file_or_directory));
}

BOOST_AUTO_TEST_SUITE_END()
