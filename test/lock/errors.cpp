// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a lock does when the system, or its user, makes an error.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_errors)

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;

struct one_second {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 1s;
  }
};

template <class Platform>
using lock_on = filelock::basic_file_lock<Platform, one_second>;
using lock_type = lock_on<test::scripted_blocking>;

constexpr int all_errors[] = {
    EACCES, ENOLCK, ENOSYS, EOPNOTSUPP, ENOTSUP,      EBADF,   EISDIR,
    ELOOP,  EMFILE, ENFILE, ENOSPC,     EROFS,        EPERM,   EIO,
    EINVAL, ENOMEM, ENOENT, ENOTDIR,    ENAMETOOLONG, ETXTBSY, EDEADLK,
#if !defined(_WIN32)
    EDQUOT,
#endif
};

/// "Not supported" has one name, whatever the system calls it.
std::error_code code_of(int error) {
  if (error == ENOSYS || error == EOPNOTSUPP || error == ENOTSUP)
    return std::make_error_code(std::errc::not_supported);
  return {error, std::generic_category()};
}

/// \returns What each form does wrong with `outcome` as the expected one.
template <class Platform, class Prepare>
std::string wrong_forms(const test::outcome& expected, const std::string& calls,
                        Prepare prepare) {
  std::string result;
  for (const auto& form : test::all_acquire_forms<lock_on<Platform>>()) {
    test::script script;
    {
      lock_on<Platform> lock("/folder/file");
      prepare(script);
      const test::outcome outcome = form.call(lock);
      std::string log = script.log();
      for (auto at = log.find("_shared"); at != std::string::npos;
           at = log.find("_shared"))
        log.erase(at, std::string_view("_shared").size());
      if (!(outcome == expected) || log != calls ||
          test::state_of(lock) != "closed")
        result += std::string(form.name) + ": " + outcome.error.message() +
                  (outcome.names_path ? "" : ", wrong path") + ": " + log +
                  "\n";
    }
    if (script.held() != 0 || script.open_handles() != 0)
      result += std::string(form.name) + " leaks\n";
  }
  return result;
}

std::string wrong_first_attempts() {
  std::string result;
  for (const int error : all_errors)
    result += wrong_forms<test::scripted_full>(
        {false, code_of(error)}, "open try close",
        [error](test::script& script) {
          script.attempts = {test::failed(error)};
        });
  return result;
}

std::string wrong_opens() {
  std::string result;
  for (const int error : all_errors)
    result += wrong_forms<test::scripted_full>(
        {false, code_of(error)}, "open",
        [error](test::script& script) { script.opens = {error}; });
  return result;
}

/// \returns What is wrong where a wait, of whatever kind, meets an error.
template <class Platform>
std::string wrong_waits() {
  std::string result;
  using kind = typename test::acquire_form<lock_on<Platform>>::kind;
  for (const int error : all_errors)
    for (const auto& form : test::all_acquire_forms<lock_on<Platform>>()) {
      if (form.what == kind::one_try) continue;
      test::script script;
      lock_on<Platform> lock("/folder/file");
      script.attempts = {test::busy, test::failed(error)};
      const test::outcome expected{false, code_of(error)};
      if (!(form.call(lock) == expected) || !script.attempts.empty() ||
          script.count("try") + script.count("try_shared") +
                  script.count("lock") + script.count("lock_shared") +
                  script.count("until") + script.count("until_shared") !=
              2 ||
          test::state_of(lock) != "closed")
        result += std::string(form.name) + ", errno " + std::to_string(error) +
                  ": " + script.log() + "\n";
    }
  return result;
}

std::string wrong_unlocks() {
  std::string result;
  for (const int error : all_errors)
    for (const bool with_code : {false, true})
      for (const bool shared : {false, true}) {
        test::script script;
        lock_type lock("/folder/file");
        shared ? lock.lock_shared() : lock.lock();
        script.forget();
        script.unlocks = {error};
        std::error_code ec;
        if (with_code)
          shared ? lock.unlock_shared(ec) : lock.unlock(ec);
        else
          shared ? lock.unlock_shared() : lock.unlock();
        // After EBADF the number may be a stranger's.
        const std::string calls = std::string("unlock") +
                                  (shared ? "_shared" : "") +
                                  (error == EBADF ? "" : " close");
        if (ec != (with_code ? code_of(error) : std::error_code()) ||
            script.log() != calls || test::state_of(lock) != "closed")
          result += "errno " + std::to_string(error) + ": " + script.log() +
                    ", then " + test::state_of(lock) + "\n";
        // The next acquire opens the file anew.
        if (!lock.try_lock() || script.count("open") != 1)
          result += "errno " + std::to_string(error) + ": of no use after it\n";
      }
  return result;
}

/// \returns Which forms take a lock that cannot be used for one that can.
template <class MakeLock>
std::string wrong_unusable(MakeLock make_lock) {
  std::string result;
  for (const auto& form : test::all_acquire_forms<lock_type>()) {
    test::script script;
    lock_type lock = make_lock();
    const test::outcome outcome = form.call(lock);
    if (!(outcome == test::failure(std::errc::invalid_argument)) ||
        script.log() != "")
      result += std::string(form.name) + ": " + outcome.error.message() + "\n";
  }
  test::script script;
  lock_type lock = make_lock();
  const auto opened =
      test::coded([&](std::error_code& ec) { return lock.open(ec), !ec; });
  if (!(opened == test::failure(std::errc::invalid_argument)))
    result += "open(ec)\n";
  const auto opened_or_thrown =
      test::caught(lock, [&] { return lock.open(), true; });
  if (!(opened_or_thrown == test::failure(std::errc::invalid_argument)))
    result += "open()\n";
  lock.unlock(); // nothing
  lock.close();  // nothing
  if (script.log() != "") result += "called " + script.log() + "\n";
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_error_of_the_first_attempt_is_reported_at_once) {
  BOOST_TEST(wrong_first_attempts() == "");
}

BOOST_AUTO_TEST_CASE(an_error_of_open_is_reported_at_once) {
  BOOST_TEST(wrong_opens() == "");
}

BOOST_AUTO_TEST_CASE(an_error_during_a_wait_is_reported_at_once) {
  BOOST_TEST(wrong_waits<test::scripted_polled>() == "");
  BOOST_TEST(wrong_waits<test::scripted_blocking>() == "");
  BOOST_TEST(wrong_waits<test::scripted_bounded>() == "");
  BOOST_TEST(wrong_waits<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(an_error_of_unlock_is_reported_and_the_lock_is_gone) {
  BOOST_TEST(wrong_unlocks() == "");
}

BOOST_AUTO_TEST_CASE(a_guard_survives_a_release_that_fails) {
  test::script script;
  lock_type lock("/folder/file");
  script.unlocks = {EIO, EIO};
  { const std::lock_guard guard(lock); }
  BOOST_TEST(test::state_of(lock) == "closed");
  { const std::shared_lock guard(lock); }
  BOOST_TEST(test::state_of(lock) == "closed");
}

// ---- What is no error of an acquire ----

namespace {

/// \returns Which acquires of `form` are wrong after `prepare(script)`, where
/// `calls` are made.
template <class Platform, class Prepare>
std::string wrong_passing(const std::string& calls, Prepare prepare) {
  std::string result;
  using kind = typename test::acquire_form<lock_on<Platform>>::kind;
  for (const auto& form :
       test::acquire_forms<lock_on<Platform>>(filelock::lock_mode::exclusive)) {
    if (form.what == kind::one_try) continue;
    test::script script;
    prepare(script);
    lock_on<Platform> lock("/folder/file");
    if (!(form.call(lock) == test::success()) || script.log() != calls)
      result += std::string(form.name) + ": " + script.log() + "\n";
  }
  return result;
}

} // namespace

#if defined(ESTALE)
BOOST_AUTO_TEST_CASE(a_file_that_a_server_has_lost_is_opened_again) {
  const auto attempt = [](test::script& script) {
    script.attempts = {test::failed(ESTALE)};
  };
  // The first "names" makes a client ask the server for the name.
  const std::string calls = "open try names open close try names";
  BOOST_TEST(wrong_passing<test::scripted_polled>(calls, attempt) == "");
  BOOST_TEST(wrong_passing<test::scripted_full>(calls, attempt) == "");
  const auto opening = [](test::script& script) { script.opens = {ESTALE}; };
  BOOST_TEST(wrong_passing<test::scripted_full>("open open try unchanged",
                                                opening) == "");
  // In a wait, too.
  test::script script;
  script.attempts = {test::busy, test::failed(ESTALE)};
  lock_on<test::scripted_blocking> lock("/folder/file");
  lock.lock();
  BOOST_TEST(script.log() == "open try lock names open close try names");
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_a_server_loses_all_the_time_is_an_error) {
  test::script script;
  script.attempts = std::deque<test::answer>(64, test::failed(ESTALE));
  lock_type lock("/folder/file");
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::not_supported));
  BOOST_TEST(test::state_of(lock) == "closed");
  BOOST_TEST(script.open_handles() == 0u);
}
#endif

BOOST_AUTO_TEST_CASE(a_file_under_a_lease_is_opened_after_a_pause) {
  const auto opening = [](test::script& script) {
    script.opens = {EAGAIN, EAGAIN};
  };
  const std::string calls =
      "open pause(1000000000) open pause(1000000000) open try names";
  BOOST_TEST(wrong_passing<test::scripted_polled>(calls, opening) == "");
  BOOST_TEST(wrong_passing<test::scripted_blocking>(calls, opening) == "");
  BOOST_TEST(wrong_passing<test::scripted_full>(calls, opening) == "");
}

BOOST_AUTO_TEST_CASE(a_try_of_a_file_under_a_lease_is_busy) {
  test::script script;
  script.opens = {EAGAIN};
  lock_type lock("/folder/file");
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(!ec);
  BOOST_TEST(test::state_of(lock) == "closed");
  BOOST_TEST(script.log() == "open");
}

BOOST_AUTO_TEST_CASE(a_deadline_holds_while_a_lease_is_called_back) {
  test::script script;
  script.opens = std::deque<int>(100, EAGAIN);
  lock_on<test::scripted_full> lock("/folder/file");
  BOOST_TEST(!lock.try_lock_for(std::chrono::nanoseconds(25)));
  BOOST_TEST((script.now == std::chrono::nanoseconds(25)));
  BOOST_TEST(script.log() == "open pause(25) open");
}

BOOST_AUTO_TEST_CASE(
    a_file_that_is_replaced_by_one_under_a_lease_is_waited_for) {
  test::script script;
  script.names = {false, true};
  script.links = {false};
  script.opens = {0, EAGAIN};
  lock_on<test::scripted_full> lock("/folder/file");
  lock.lock();
  // What was granted on the old file is given back before the pause.
  BOOST_TEST(script.log() == "open try unchanged names open unlock "
                             "pause(1000000000) try names");
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_AUTO_TEST_CASE(busy_is_no_error) {
  test::script script;
  script.free_from = test::never;
  lock_type lock("/folder/file");
  std::error_code ec = std::make_error_code(std::errc::bad_message);
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(!ec);
  ec = std::make_error_code(std::errc::bad_message);
  BOOST_TEST(!lock.try_lock_for(10s, ec));
  BOOST_TEST(!ec);
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_shared_for(10s));
}

BOOST_AUTO_TEST_CASE(not_supported_has_one_name) {
  using filelock::detail::posix_error;
  for (const int error : {ENOSYS, EOPNOTSUPP, ENOTSUP})
    BOOST_TEST(
        (posix_error(error) == std::make_error_code(std::errc::not_supported)));
  BOOST_TEST((posix_error(ENOLCK) == std::errc::no_lock_available));
  BOOST_TEST((posix_error(EACCES) == std::errc::permission_denied));
}

BOOST_AUTO_TEST_CASE(close_and_the_destructor_swallow_errors) {
  test::script script;
  {
    lock_type lock("/folder/file");
    lock.lock();
    script.unlocks = {EIO, ENOLCK};
    lock.close();
    BOOST_TEST(test::state_of(lock) == "closed");
    lock.lock();
  }
  BOOST_TEST(script.unlocks.empty());
  BOOST_TEST(script.log() ==
             "open try unchanged unlock close open try unchanged unlock close");
}

BOOST_AUTO_TEST_CASE(an_error_names_the_path_and_says_what_failed) {
  test::script script;
  script.opens = {EACCES};
  lock_type lock("/folder/file");
  BOOST_CHECK_EXCEPTION(lock.lock(), std::filesystem::filesystem_error,
                        [](const std::filesystem::filesystem_error& error) {
                          const std::string_view what = error.what();
                          return error.path1() == std::filesystem::absolute(
                                                      "/folder/file") &&
                                 error.code() == std::errc::permission_denied &&
                                 what.find("filelock") != what.npos &&
                                 what.find(error.path1().string()) != what.npos;
                        });
  // A std::system_error, for whoever knows no more.
  script.opens = {EACCES};
  BOOST_CHECK_THROW(lock.open(), std::system_error);
}

BOOST_AUTO_TEST_CASE(a_lock_without_a_path_is_an_invalid_argument) {
  BOOST_TEST(wrong_unusable([] { return lock_type(); }) == "");
}

BOOST_AUTO_TEST_CASE(an_empty_path_is_an_invalid_argument) {
  BOOST_TEST(
      wrong_unusable([] { return lock_type(std::filesystem::path()); }) == "");
}

BOOST_AUTO_TEST_CASE(a_path_with_a_null_character_is_an_invalid_argument) {
  using namespace std::string_literals;
  BOOST_TEST(wrong_unusable([] { return lock_type("/folder/file\0more"s); }) ==
             "");
}

BOOST_AUTO_TEST_CASE(a_path_with_a_null_character_creates_no_other_file) {
  using namespace std::string_literals;
  const test::temporary_folder folder;
  filelock::file_lock lock((folder / "file").string() + "\0more"s);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_moved_from_lock_is_an_invalid_argument) {
  BOOST_TEST(wrong_unusable([] {
               lock_type lock("/folder/file");
               const lock_type moved = std::move(lock);
               return lock_type(std::move(lock));
             }) == "");
  lock_type lock("/folder/file");
  lock_type moved;
  moved = std::move(lock);
  BOOST_TEST(lock.path().empty());
  BOOST_TEST((moved.path() == std::filesystem::absolute("/folder/file")));
}

BOOST_AUTO_TEST_CASE(a_real_attempt_on_a_closed_handle_is_an_error) {
  const test::temporary_folder folder;
  // Otherwise it opens the path again: posix.lost_descriptor.
  filelock::open_options options;
  options.verify_path = false;
  filelock::file_lock lock(folder / "file", options);
  lock.open();
  BOOST_TEST_REQUIRE(test::close_native(lock.native_handle()));
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
  BOOST_TEST(!lock.try_lock_shared_for(1h, ec));
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
}

BOOST_AUTO_TEST_SUITE_END()
