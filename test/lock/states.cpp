// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What each member does in each state of a lock.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_states)

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;

struct one_second {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 1s;
  }
};

using lock_type =
    filelock::basic_file_lock<test::scripted_blocking, one_second>;
using form_type = test::acquire_form<lock_type>;

enum class state { closed, unlocked, shared, exclusive };
constexpr state all_states[] = {state::closed, state::unlocked, state::shared,
                                state::exclusive};

std::string name_of(state each) {
  switch (each) {
  case state::closed:
    return "closed";
  case state::unlocked:
    return "unlocked";
  case state::shared:
    return "shared";
  default:
    return "exclusive";
  }
}

void bring_to(lock_type& lock, state wanted) {
  if (wanted == state::unlocked) lock.open();
  if (wanted == state::shared) lock.lock_shared();
  if (wanted == state::exclusive) lock.lock();
  test::script::current().forget();
}

lock_type new_lock() { return lock_type("/folder/file"); }

std::string name_of(lock_mode mode) {
  return mode == lock_mode::shared ? "shared" : "exclusive";
}

/// \returns What was wrong with one form in one state; empty for nothing.
std::string wrong_acquire(const form_type& form, lock_mode mode, state before) {
  test::script script;
  std::string result;
  {
    lock_type lock = new_lock();
    bring_to(lock, before);
    const test::outcome outcome = form.call(lock);
    const bool refused = before != state::closed && before != state::unlocked &&
                         name_of(before) != name_of(mode);
    const test::outcome expected =
        refused ? test::failure(std::errc::resource_deadlock_would_occur)
                : test::success();
    const std::string state_after = refused ? name_of(before) : name_of(mode);
    const std::string suffix = mode == lock_mode::shared ? "_shared" : "";
    std::string calls; // none where the lock is held
    if (before == state::closed) calls = "open try" + suffix + " unchanged";
    if (before == state::unlocked) calls = "try" + suffix + " unchanged";
    if (!(outcome == expected)) result += " wrong outcome";
    if (test::state_of(lock) != state_after)
      result += " then " + test::state_of(lock);
    if (script.log() != calls) result += " called: " + script.log();
    // As often as it was acquired it has to be released.
    if (!refused) {
      form.call(lock);
      const bool was_held = name_of(before) == name_of(mode);
      for (int releases = was_held ? 2 : 1; releases != 0; --releases) {
        lock.unlock();
        if (test::state_of(lock) != name_of(mode) || script.held() == 0)
          result += " released too early";
      }
      lock.unlock();
      if (test::state_of(lock) != "unlocked" || script.held() != 0)
        result += " not released by the last unlock";
    }
  }
  if (script.open_handles() != 0) result += " leaks";
  result += script.broken_rules();
  if (result.empty()) return result;
  return std::string(form.name) + " of a lock that is " + name_of(before) +
         ":" + result + "\n";
}

std::string wrong_acquires(lock_mode mode) {
  std::string result;
  for (const form_type& form : test::acquire_forms<lock_type>(mode))
    for (const state before : all_states)
      result += wrong_acquire(form, mode, before);
  return result;
}

struct release_form {
  const char* name;
  std::function<void(lock_type&)> call;
};

std::vector<release_form> release_forms() {
  const auto stale = [] {
    return std::make_error_code(std::errc::bad_message);
  };
  return {
      {"unlock()", [](lock_type& lock) { lock.unlock(); }},
      {"unlock(ec)",
       [stale](lock_type& lock) {
         std::error_code ec = stale();
         lock.unlock(ec);
         if (ec) throw std::logic_error("unlock(ec) did not clear ec");
       }},
      {"unlock_shared()", [](lock_type& lock) { lock.unlock_shared(); }},
      {"unlock_shared(ec)",
       [stale](lock_type& lock) {
         std::error_code ec = stale();
         lock.unlock_shared(ec);
         if (ec) throw std::logic_error("unlock_shared(ec) did not clear ec");
       }},
  };
}

std::string wrong_releases() {
  std::string result;
  for (const release_form& form : release_forms()) {
    for (const state before : all_states) {
      test::script script;
      lock_type lock = new_lock();
      bring_to(lock, before);
      form.call(lock);
      std::string calls;
      if (before == state::shared) calls = "unlock_shared";
      if (before == state::exclusive) calls = "unlock";
      const std::string after = before == state::closed ? "closed" : "unlocked";
      if (script.log() != calls || test::state_of(lock) != after)
        result += std::string(form.name) + " of a lock that was " +
                  name_of(before) + ": " + script.log() + ", then " +
                  test::state_of(lock) + "\n";
    }
  }
  return result;
}

/// \returns What `function` did wrong as the end of a lock in each state.
std::string
wrong_ends(const std::function<void(std::optional<lock_type>&)>& end,
           const char* name) {
  std::string result;
  for (const state before : all_states) {
    test::script script;
    std::optional<lock_type> lock(new_lock());
    bring_to(*lock, before);
    end(lock);
    std::string calls;
    if (before == state::unlocked) calls = "close";
    if (before == state::shared) calls = "unlock_shared close";
    if (before == state::exclusive) calls = "unlock close";
    if (script.log() != calls || (lock && test::state_of(*lock) != "closed"))
      result += std::string(name) + " of a lock that was " + name_of(before) +
                ": " + script.log() + "\n";
  }
  return result;
}

/// \returns Where an acquire that was not granted changed something.
std::string wrong_after_failure(const std::deque<test::answer>& attempts,
                                const test::outcome& expected,
                                form_type::kind leave_out) {
  std::string result;
  for (const form_type& form : test::all_acquire_forms<lock_type>()) {
    if (form.what == leave_out) continue;
    for (const state before : {state::closed, state::unlocked}) {
      test::script script;
      lock_type lock = new_lock();
      bring_to(lock, before);
      script.attempts = attempts;
      if (attempts.empty()) script.free_from = test::never;
      if (!(form.call(lock) == expected) ||
          test::state_of(lock) != name_of(before) || script.held() != 0 ||
          script.open_handles() != (before == state::closed ? 0u : 1u))
        result += std::string(form.name) + " of a lock that was " +
                  name_of(before) + " left it " + test::state_of(lock) + "\n";
    }
  }
  return result;
}

class working_folder {
public:
  working_folder() : before_(std::filesystem::current_path()) {}
  ~working_folder() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
  }
  working_folder(const working_folder&) = delete;
  working_folder& operator=(const working_folder&) = delete;

private:
  std::filesystem::path before_;
};

struct throws_when_asked {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    throw std::runtime_error("asked");
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(every_exclusive_form_follows_the_table_of_states) {
  BOOST_TEST(wrong_acquires(lock_mode::exclusive) == "");
}

BOOST_AUTO_TEST_CASE(every_shared_form_follows_the_table_of_states) {
  BOOST_TEST(wrong_acquires(lock_mode::shared) == "");
}

BOOST_AUTO_TEST_CASE(every_release_follows_the_table_of_states) {
  BOOST_TEST(wrong_releases() == "");
}

BOOST_AUTO_TEST_CASE(close_releases_before_it_closes) {
  BOOST_TEST(wrong_ends([](auto& lock) { lock->close(); }, "close()") == "");
}

BOOST_AUTO_TEST_CASE(the_destructor_releases_before_it_closes) {
  BOOST_TEST(wrong_ends([](auto& lock) { lock.reset(); }, "destructor") == "");
}

BOOST_AUTO_TEST_CASE(close_may_be_repeated_and_the_lock_used_again) {
  test::script script;
  lock_type lock = new_lock();
  lock.lock();
  lock.close();
  lock.close();
  BOOST_TEST(script.count("close") == 1u);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(script.count("open") == 2u);
}

BOOST_AUTO_TEST_CASE(the_constructor_does_not_open_the_file) {
  test::script script;
  { const lock_type lock = new_lock(); }
  BOOST_TEST(script.log() == "");
}

BOOST_AUTO_TEST_CASE(the_constructor_does_not_create_a_real_file) {
  const test::temporary_folder folder;
  filelock::file_lock lock(folder / "parent" / "file");
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(!std::filesystem::exists(folder / "parent"));
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(std::filesystem::exists(folder / "parent" / "file"));
}

BOOST_AUTO_TEST_CASE(open_is_idempotent_and_takes_no_lock) {
  test::script script;
  lock_type lock = new_lock();
  lock.open();
  std::error_code ec = std::make_error_code(std::errc::bad_message);
  lock.open(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(script.log() == "open");
  BOOST_TEST(test::state_of(lock) == "unlocked");
  BOOST_TEST(script.held() == 0u);
}

BOOST_AUTO_TEST_CASE(open_of_a_held_lock_changes_nothing) {
  test::script script;
  lock_type lock = new_lock();
  lock.lock_shared();
  script.forget();
  lock.open();
  BOOST_TEST(script.log() == "");
  BOOST_TEST(lock.owns_lock_shared());
}

BOOST_AUTO_TEST_CASE(open_of_a_real_file_excludes_nobody) {
  const test::temporary_folder folder;
  filelock::file_lock opened(folder / "file");
  opened.open();
  filelock::file_lock other(folder / "file");
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(as_many_unlocks_as_acquires_end_a_hold_of_a_real_file) {
  const test::temporary_folder folder;
  filelock::file_lock lock(folder / "file");
  filelock::file_lock other(folder / "file");
  lock.lock();
  lock.lock();
  BOOST_TEST(lock.try_lock());
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST(!other.try_lock());
    lock.unlock();
  }
  BOOST_TEST(other.try_lock());
  lock.unlock(); // of nothing
  BOOST_TEST(!lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_refused_conversion_keeps_the_hold_on_a_real_file) {
  const test::temporary_folder folder;
  filelock::file_lock lock(folder / "file");
  filelock::file_lock other(folder / "file");
  lock.lock_shared();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(other.try_lock_shared());
}

BOOST_AUTO_TEST_CASE(a_relative_path_does_not_follow_the_working_directory) {
  const test::temporary_folder first;
  const test::temporary_folder second;
  const working_folder restored_at_the_end;
  std::filesystem::current_path(first.path());
  filelock::file_lock lock("folder/../file");
  const std::filesystem::path expected =
      std::filesystem::absolute("folder/../file"); // and not canonical
  BOOST_TEST(expected.is_absolute());
  BOOST_TEST((lock.path() == expected));
  std::filesystem::create_directory("folder");
  std::filesystem::current_path(second.path());
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(std::filesystem::exists(first / "file"));
  BOOST_TEST(!std::filesystem::exists(second / "file"));
  BOOST_TEST((lock.path() == expected));
}

BOOST_AUTO_TEST_CASE(a_relative_path_without_working_directory_is_an_error) {
  std::optional<test::temporary_folder> folder(std::in_place);
  const working_folder restored_at_the_end;
  const std::filesystem::path path = folder->path();
  std::filesystem::current_path(path);
  folder.reset();
  if (std::filesystem::exists(path))
    return test::skipped("no working directory", "this system keeps it");
  BOOST_CHECK_EXCEPTION(filelock::file_lock("file"),
                        std::filesystem::filesystem_error,
                        [](const std::filesystem::filesystem_error& error) {
                          return error.path1() == "file";
                        });
}

BOOST_AUTO_TEST_CASE(path_is_what_the_lock_was_given_where_that_is_absolute) {
  BOOST_TEST((new_lock().path() == std::filesystem::absolute("/folder/file")));
  BOOST_TEST((lock_type("/folder/file", {}, {}).path() ==
              std::filesystem::absolute("/folder/file")));
  BOOST_TEST((lock_type("/folder/file", filelock::open_options()).path() ==
              std::filesystem::absolute("/folder/file")));
}

BOOST_AUTO_TEST_CASE(native_handle_is_invalid_where_nothing_is_open) {
  test::script script;
  lock_type lock = new_lock();
  BOOST_TEST(lock.native_handle() == -1);
  lock.open();
  BOOST_TEST(lock.native_handle() != -1);
  lock.close();
  BOOST_TEST(lock.native_handle() == -1);
}

BOOST_AUTO_TEST_CASE(a_busy_lock_leaves_the_object_as_it_was) {
  BOOST_TEST(wrong_after_failure({}, test::no_success(),
                                 form_type::kind::unbounded) == "");
}

BOOST_AUTO_TEST_CASE(an_error_leaves_the_object_as_it_was) {
  BOOST_TEST(wrong_after_failure({test::failed(ENOLCK)},
                                 test::failure(std::errc::no_lock_available),
                                 form_type::kind(-1)) == "");
}

BOOST_AUTO_TEST_CASE(an_error_after_a_wait_leaves_the_object_as_it_was) {
  BOOST_TEST(wrong_after_failure({test::busy, test::failed(EIO)},
                                 test::failure(std::errc::io_error),
                                 form_type::kind::one_try) == "");
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_object_as_it_was) {
  using throwing_lock =
      filelock::basic_file_lock<test::scripted_polled, throws_when_asked>;
  for (const bool open_before : {false, true}) {
    test::script script;
    throwing_lock lock("/folder/file");
    if (open_before) lock.open();
    script.free_from = test::never;
    BOOST_CHECK_THROW(lock.lock(), std::runtime_error);
    BOOST_TEST(lock.is_open() == open_before);
    BOOST_TEST(!lock.owns_lock());
    BOOST_TEST(script.open_handles() == (open_before ? 1u : 0u));
  }
}

BOOST_AUTO_TEST_CASE(two_objects_on_one_real_path_exclude_each_other) {
  const test::temporary_folder folder;
  filelock::file_lock first(folder / "file");
  filelock::file_lock second(folder / "file");
  first.lock();
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(!second.try_lock_shared());
  BOOST_TEST(!second.is_open());
  first.unlock();
  BOOST_TEST(first.is_open());
  BOOST_TEST(second.try_lock_shared());
  BOOST_TEST(first.try_lock_shared());
}

BOOST_AUTO_TEST_SUITE_END()
