// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// open_options::remove_on_release and still_valid(): what is asked of the
// Platform, and in which order.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

BOOST_AUTO_TEST_SUITE(lock_removal)

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;
using filelock::open_options;

struct ten_nanoseconds {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 10ns;
  }
};

template <class Platform = test::scripted_polled>
using lock_on = filelock::basic_file_lock<Platform, ten_nanoseconds>;

open_options removing() {
  open_options options;
  options.remove_on_release = true;
  return options;
}

/// \returns The calls from here to the end of `function`.
template <class Function>
std::string calls_of(Function function) {
  test::script& script = test::script::current();
  script.forget();
  function();
  return script.log();
}

template <class Lock>
std::error_code code_of_unlock(Lock& lock) {
  std::error_code ec;
  lock.unlock(ec);
  return ec;
}

template <class Platform>
std::error_code code_of_try_lock(const open_options& options) {
  lock_on<Platform> lock("/folder/file", options);
  std::error_code ec;
  if (lock.try_lock(ec)) return std::make_error_code(std::errc::io_error);
  return ec;
}

} // namespace

// ---- Release ----

BOOST_AUTO_TEST_CASE(
    the_file_is_removed_before_the_exclusive_lock_is_released) {
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.lock();
  BOOST_TEST(calls_of([&] { lock.unlock(); }) == "remove unlock");
  BOOST_TEST(test::state_of(lock) == "unlocked");
  BOOST_TEST(calls_of([&] { lock.unlock(); }) == "");
}

BOOST_AUTO_TEST_CASE(the_last_shared_holder_locks_exclusively_and_removes) {
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.lock_shared();
  BOOST_TEST(calls_of([&] { lock.unlock_shared(); }) ==
             "unlock_shared try remove unlock");
  BOOST_TEST(test::state_of(lock) == "unlocked");
  BOOST_TEST(script.held() == 0u);
}

BOOST_AUTO_TEST_CASE(a_shared_holder_among_others_removes_nothing) {
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.open();
  for (const test::answer each : {test::busy, test::failed(EIO)}) {
    lock.lock_shared();
    script.attempts = {each};
    BOOST_TEST(calls_of([&] { BOOST_TEST(!code_of_unlock(lock)); }) ==
               "unlock_shared try");
    BOOST_TEST(test::state_of(lock) == "unlocked");
    BOOST_TEST(script.held() == 0u);
  }
}

BOOST_AUTO_TEST_CASE(every_way_to_release_removes) {
  const auto run = [](auto release) {
    test::script script;
    std::optional<lock_on<>> lock(std::in_place, "/folder/file", removing());
    lock->lock();
    const std::string calls = calls_of([&] { release(lock); });
    return calls + script.broken_rules();
  };
  const std::string expected = "remove unlock close";
  BOOST_TEST(run([](auto& lock) { lock->close(); }) == expected);
  BOOST_TEST(run([](auto& lock) { lock.reset(); }) == expected);
  BOOST_TEST(run([](auto& lock) { *lock = lock_on<>(); }) == expected);
  BOOST_TEST(run([](auto& lock) { lock->unlock(), lock->close(); }) ==
             expected);
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_not_held_removes_nothing) {
  test::script script;
  {
    lock_on<> lock("/folder/file", removing());
    lock.open();
  }
  BOOST_TEST(script.log() == "open close");
}

BOOST_AUTO_TEST_CASE(a_moved_lock_removes_once_and_where_it_is) {
  test::script script;
  {
    lock_on<> lock("/folder/file", removing());
    lock.lock();
    script.forget();
    lock_on<> moved(std::move(lock));
    lock_on<> other("/folder/other");
    swap(moved, other);
    BOOST_TEST(script.log() == "");
    BOOST_TEST(other.owns_lock());
    moved.lock(); // without the option
    script.forget();
    moved.unlock();
    BOOST_TEST(script.log() == "unlock");
    script.forget();
  }
  BOOST_TEST(script.log() == "remove unlock close close");
}

BOOST_AUTO_TEST_CASE(a_handle_that_is_given_up_is_not_removed) {
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.lock();
  script.forget();
  const int handle = lock.release();
  lock.close();
  BOOST_TEST(script.log() == "");
  test::scripted_polled::close(handle);
}

BOOST_AUTO_TEST_CASE(an_adopted_handle_has_no_path_to_remove) {
  for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared}) {
    test::script script;
    std::error_code ec;
    const int handle = test::scripted_polled::open("/folder/file", {}, ec);
    test::scripted_polled::try_lock(handle, {mode, {}}, ec);
    lock_on<> lock(filelock::adopt_handle, handle, mode, {}, removing());
    BOOST_TEST(lock.still_valid());
    const bool is_shared = mode == lock_mode::shared;
    BOOST_TEST(calls_of([&] { lock.unlock(); }) ==
               (is_shared ? "unlock_shared" : "unlock"));
  }
}

// ---- Errors ----

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_removed_is_released_all_the_same) {
  for (const int error : {EACCES, EPERM, EROFS, EBUSY, ENOENT, EIO}) {
    test::script script;
    lock_on<> lock("/folder/file", removing());
    lock.lock();
    script.removals = {error, error};
    BOOST_TEST(calls_of([&] { BOOST_TEST(!code_of_unlock(lock)); }) ==
               "remove unlock");
    BOOST_TEST(test::state_of(lock) == "unlocked");
    lock.lock_shared();
    BOOST_TEST(calls_of([&] { BOOST_TEST(!code_of_unlock(lock)); }) ==
               "unlock_shared try remove unlock");
    BOOST_TEST(script.held() == 0u);
    BOOST_TEST(script.removals.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_signal_does_not_keep_the_file) {
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.lock_shared();
  script.attempts = {test::failed(EINTR), test::acquired};
  script.removals = {EINTR, EINTR};
  BOOST_TEST(calls_of([&] { BOOST_TEST(!code_of_unlock(lock)); }) ==
             "unlock_shared try try remove remove remove unlock");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_release_is_reported) {
  for (const std::deque<int>& errors :
       {std::deque<int>{EIO}, std::deque<int>{0, EIO}}) {
    test::script script;
    lock_on<> lock("/folder/file", removing());
    lock.lock_shared();
    script.unlocks = errors;
    BOOST_TEST((code_of_unlock(lock) == std::errc::io_error));
    BOOST_TEST(test::state_of(lock) == "closed");
    BOOST_TEST(script.open_handles() == 0u);
    BOOST_TEST(script.broken_rules() == "");
  }
  test::script script;
  lock_on<> lock("/folder/file", removing());
  lock.lock();
  script.unlocks = {EIO};
  BOOST_TEST((code_of_unlock(lock) == std::errc::io_error));
  BOOST_TEST(test::state_of(lock) == "closed");
}

BOOST_AUTO_TEST_CASE(a_platform_that_cannot_remove_says_so_before_it_opens) {
  test::script script;
  const std::errc refused = std::errc::not_supported;
  using test::scripted_polled;
  BOOST_TEST((code_of_try_lock<test::without_remove<scripted_polled>>(
                  removing()) == refused));
  // Without a comparison, who comes next would not notice.
  BOOST_TEST((code_of_try_lock<test::without_names<scripted_polled>>(
                  removing()) == refused));
  BOOST_TEST(script.log() == "");
  BOOST_TEST((code_of_try_lock<test::without_still_names<scripted_polled>>(
                  removing()) == std::errc::io_error)); // acquired
}

BOOST_AUTO_TEST_CASE(options_that_exclude_each_other_are_refused) {
  test::script script;
  open_options directory = removing();
  directory.directory = true;
  open_options range = removing();
  range.range = {0, 1};
  for (const open_options& each : {directory, range})
    BOOST_TEST((code_of_try_lock<test::scripted_polled>(each) ==
                std::errc::invalid_argument));
  BOOST_TEST(script.log() == "");
}

// ---- Acquires ----

BOOST_AUTO_TEST_CASE(every_acquire_compares_whatever_the_hint_says) {
  for (const bool verifies : {false, true}) {
    test::script script;
    open_options options = removing();
    options.verify_path = verifies; // is needed
    lock_on<> lock("/folder/file", options);
    lock.lock();
    lock.unlock();
    lock.lock_shared();
    BOOST_TEST(script.log() == "open try names remove unlock try_shared names");
  }
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_neither_kept_nor_removed_again) {
  for (const bool shared : {false, true}) {
    test::script script;
    script.names = {false};
    lock_on<> lock("/folder/file", removing());
    BOOST_TEST((shared ? lock.try_lock_shared() : lock.try_lock()));
    BOOST_TEST(script.log() ==
               (shared ? "open try_shared names open unlock_shared close "
                         "try_shared names"
                       : "open try names open unlock close try names"));
    BOOST_TEST(script.held() == 1u);
    BOOST_TEST(script.broken_rules() == "");
  }
}

// Each of them created the file in which it failed, perhaps.
BOOST_AUTO_TEST_CASE(the_last_of_64_files_is_removed_where_it_is_free) {
  for (const bool is_free : {false, true}) {
    test::script script;
    script.names = std::deque<bool>(64, false);
    script.attempts = std::deque<test::answer>(64, test::acquired);
    if (!is_free) script.attempts.push_back(test::busy);
    lock_on<> lock("/folder/file", removing());
    std::error_code ec;
    BOOST_TEST(!lock.try_lock(ec));
    BOOST_TEST((ec == std::errc::not_supported));
    BOOST_TEST(test::state_of(lock) == "closed");
    BOOST_TEST(script.count("remove") == (is_free ? 1u : 0u));
    BOOST_TEST(script.count("try") == 65u);
    BOOST_TEST(script.held() == 0u);
  }
}

namespace {

/// Throws once the wait has ended well.
struct throwing_at_end {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 10ns;
  }
  void finished(const filelock::wait_result&) const { throw 1; }
};

} // namespace

BOOST_AUTO_TEST_CASE(the_file_is_removed_if_a_policy_throws_after_the_grant) {
  test::script script;
  script.attempts = {test::busy, test::acquired};
  filelock::basic_file_lock<test::scripted_polled, throwing_at_end> lock(
      "/folder/file", removing());
  BOOST_CHECK_THROW(lock.lock(), int);
  BOOST_TEST(script.log() ==
             "open try pause(10) try names remove unlock close");
}

// ---- still_valid ----

BOOST_AUTO_TEST_CASE(a_lock_is_valid_while_it_is_held_and_the_path_names_it) {
  test::script script;
  lock_on<> lock("/folder/file");
  BOOST_TEST(!lock.still_valid());
  lock.open();
  BOOST_TEST(calls_of([&] { BOOST_TEST(!lock.still_valid()); }) == "");
  for (const bool shared : {false, true}) {
    shared ? lock.lock_shared() : lock.lock();
    script.names = {true, false};
    BOOST_TEST(calls_of([&] {
                 BOOST_TEST(lock.still_valid());
                 BOOST_TEST(!lock.still_valid());
               }) == "names names");
    lock.unlock();
    BOOST_TEST(!lock.still_valid());
  }
  BOOST_TEST(noexcept(lock.still_valid()));
}

BOOST_AUTO_TEST_CASE(
    still_valid_is_the_hold_alone_if_a_platform_cannot_compare) {
  test::script script;
  lock_on<test::without_names<test::scripted_polled>> lock("/folder/file");
  BOOST_TEST(!lock.still_valid());
  lock.lock();
  BOOST_TEST(lock.still_valid());
}

// ---- Real files ----

BOOST_AUTO_TEST_CASE(a_real_file_is_there_while_it_is_held) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file";
  filelock::file_lock lock(path, removing());
  for (const bool shared : {false, true}) {
    shared ? lock.lock_shared() : lock.lock();
    BOOST_TEST(std::filesystem::exists(path));
    BOOST_TEST(lock.still_valid());
    lock.unlock();
    lock.close(); // Windows may keep the name until then
    BOOST_TEST(!std::filesystem::exists(path));
  }
}

BOOST_AUTO_TEST_CASE(a_real_waiter_gets_the_next_file_and_removes_it) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file";
  filelock::file_lock first(path, removing());
  filelock::file_lock second(path, removing());
  first.lock();
  second.open();
  first.unlock();
  BOOST_TEST(second.try_lock());
  BOOST_TEST(second.still_valid());
  BOOST_TEST(!first.try_lock_shared());
  first.close();
  second.unlock();
  second.close();
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_real_lock_says_when_its_file_is_gone) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file";
  filelock::file_lock lock(path);
  lock.lock();
  BOOST_TEST(lock.still_valid());
  test::delete_file(path);
  BOOST_TEST(!lock.still_valid());
  BOOST_TEST(lock.owns_lock());
  filelock::file_lock other(path);
  other.open(); // another file of that name
  BOOST_TEST(!lock.still_valid());
}

BOOST_AUTO_TEST_SUITE_END()
