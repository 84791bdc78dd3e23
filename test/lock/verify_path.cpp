// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// After an acquire, the path still names the locked file.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/native_file.hpp"
#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(lock_verify_path)

namespace {

using namespace std::chrono_literals;

struct ten_nanoseconds {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 10ns;
  }
};

template <class Platform = test::scripted_polled>
using lock_on = filelock::basic_file_lock<Platform, ten_nanoseconds>;

/// \returns The calls of try_lock() on a closed lock.
template <class Platform>
std::string calls_of_try_lock(bool is_acquired = true) {
  lock_on<Platform> lock("/folder/file");
  const bool acquired = lock.try_lock();
  std::string log = test::script::current().log();
  if (acquired != is_acquired) log += " and the wrong result";
  if (lock.owns_lock() != acquired) log += " and the wrong state";
  return log;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_file_that_has_a_name_is_not_compared) {
  test::script script;
  script.names = {false}; // would be the answer
  BOOST_TEST(calls_of_try_lock<test::scripted_polled>() ==
             "open try unchanged");
}

BOOST_AUTO_TEST_CASE(a_file_that_lost_its_name_is_compared) {
  test::script script;
  script.links = {false};
  script.names = {true};
  BOOST_TEST(calls_of_try_lock<test::scripted_polled>() ==
             "open try unchanged names");
}

BOOST_AUTO_TEST_CASE(a_replaced_file_is_reopened_and_attempted_at_once) {
  test::script script;
  script.links = {false};
  script.names = {false};
  {
    lock_on<> lock("/folder/file");
    BOOST_TEST(lock.try_lock());
    // The old file is released only once the new one is open.
    BOOST_TEST(script.log() ==
               "open try unchanged names open unlock close try unchanged");
    BOOST_TEST((script.now == 0ns));
    BOOST_TEST(script.open_handles() == 1u);
    BOOST_TEST(script.held() == 1u);
  }
  BOOST_TEST(script.open_handles() == 0u);
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_AUTO_TEST_CASE(a_new_file_that_another_has_locked_is_busy) {
  test::script script;
  script.links = {false};
  script.names = {false};
  script.attempts = {test::acquired, test::busy};
  BOOST_TEST(calls_of_try_lock<test::scripted_polled>(false) ==
             "open try unchanged names open unlock close try close");
  BOOST_TEST(script.held() == 0u);
}

BOOST_AUTO_TEST_CASE(a_try_gives_up_after_64_replaced_files) {
  test::script script;
  script.links = std::deque<bool>(100, false);
  script.names = std::deque<bool>(100, false);
  std::error_code ec;
  {
    lock_on<> lock("/folder/file");
    BOOST_TEST(!lock.try_lock(ec));
    BOOST_TEST((ec == std::errc::not_supported));
    BOOST_TEST(script.count("try") == 64u);
    BOOST_TEST(script.count("unlock") == 64u);
    BOOST_TEST(script.count("open") == script.count("close"));
  }
  BOOST_TEST(script.open_handles() == 0u);
}

template <class Acquire>
void with_replaced_files(std::size_t count, Acquire acquire) {
  const auto run = [&](auto platform) {
    test::script script;
    script.links = std::deque<bool>(2 * count, false);
    script.names = std::deque<bool>(count, false);
    lock_on<decltype(platform)> lock("/folder/file");
    acquire(lock, script);
    lock.close();
    BOOST_TEST(script.open_handles() == 0u);
  };
  run(test::scripted_polled());
  run(test::scripted_blocking());
  run(test::scripted_full());
}

BOOST_AUTO_TEST_CASE(a_wait_pauses_after_64_replaced_files_and_goes_on) {
  // After 64 files, 16 more are only compared with the path.
  const std::size_t count = 2 * (64 + 16) + 40;
  with_replaced_files(count, [](auto& lock, test::script& script) {
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(script.count("try") == 2 * 64 + 41u);
    BOOST_TEST(script.count("pause") == 2u);
  });
  with_replaced_files(count, [](auto& lock, test::script& script) {
    std::error_code ec;
    BOOST_TEST(lock.try_lock_for(1s, ec));
    BOOST_TEST(script.count("pause") == 2u);
  });
}

BOOST_AUTO_TEST_CASE(
    a_wait_goes_on_where_the_path_names_a_file_that_was_just_opened) {
  with_replaced_files(0, [](auto& lock, test::script& script) {
    for (int row = 0; row != 20; ++row) {
      script.names.insert(script.names.end(), 64, false);
      script.names.push_back(true);
    }
    script.links = std::deque<bool>(20 * 65, false);
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(script.count("pause") == 20u);
  });
}

BOOST_AUTO_TEST_CASE(a_wait_does_not_spin_on_a_file_system_that_renumbers) {
  with_replaced_files(1000, [](auto& lock, test::script& script) {
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST((ec == std::errc::not_supported));
    BOOST_TEST(script.count("try") == 4 * 64u);
    BOOST_TEST(script.count("pause") == 3u);
  });
}

BOOST_AUTO_TEST_CASE(a_deadline_among_replaced_files_is_an_error_not_busy) {
  with_replaced_files(1000, [](auto& lock, test::script& script) {
    std::error_code ec;
    // The policy pauses for 10 ns.
    BOOST_TEST(!lock.try_lock_for(15ns, ec));
    BOOST_TEST((ec == std::errc::not_supported));
    BOOST_TEST(script.count("try") == 3 * 64u);
  });
}

BOOST_AUTO_TEST_CASE(an_open_that_fails_among_replaced_files_is_told) {
  with_replaced_files(100, [](auto& lock, test::script& script) {
    script.opens = std::deque<int>(66, 0);
    script.opens.insert(script.opens.end(), 100, ENOSPC);
    std::error_code ec;
    lock.lock(ec);
    BOOST_TEST((ec == std::errc::no_space_on_device));
  });
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_busy_after_replaced_files_times_out) {
  test::script script;
  script.links = std::deque<bool>(64, false);
  script.names = std::deque<bool>(64, false);
  lock_on<> lock("/folder/file");
  std::error_code ec;
  script.attempts = std::deque<test::answer>(64, test::acquired);
  script.free_from = 1h;
  BOOST_TEST(!lock.try_lock_for(15ns, ec));
  BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE(sixty_three_replaced_files_are_no_error) {
  test::script script;
  script.links = std::deque<bool>(63, false);
  script.names = std::deque<bool>(63, false);
  lock_on<> lock("/folder/file");
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(script.count("try") == 64u);
}

BOOST_AUTO_TEST_CASE(compare_always_ignores_the_remembered_name) {
  test::script script;
  filelock::open_options options;
  options.compare_always = true;
  lock_on<> lock("/folder/file", options);
  BOOST_TEST(lock.try_lock());
  lock.unlock();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(script.log() == "open try names unlock try names");
}

BOOST_AUTO_TEST_CASE(the_file_is_always_compared_after_a_wait) {
  const auto run = [](auto platform, auto acquire) {
    test::script script;
    script.free_from = 5ns;
    lock_on<decltype(platform)> lock("/folder/file");
    acquire(lock);
    return script.log();
  };
  const auto locks = [](auto& lock) { lock.lock(); };
  const auto waits = [](auto& lock) { (void)lock.try_lock_for(30ns); };
  BOOST_TEST(run(test::scripted_polled(), locks) ==
             "open try pause(10) try names");
  BOOST_TEST(run(test::scripted_polled(), waits) ==
             "open try pause(10) try names");
  BOOST_TEST(run(test::scripted_blocking(), locks) == "open try lock names");
  BOOST_TEST(run(test::scripted_full(), waits) == "open try until(30) names");
}

BOOST_AUTO_TEST_CASE(a_file_replaced_during_a_wait_is_reopened) {
  const auto run = [](auto platform, auto acquire) {
    test::script script;
    script.attempts = {test::busy, test::acquired, test::acquired};
    script.names = {false, true};
    lock_on<decltype(platform)> lock("/folder/file");
    acquire(lock);
    return script.log() + (lock.owns_lock() ? "" : " not held") +
           script.broken_rules();
  };
  const auto locks = [](auto& lock) { lock.lock(); };
  const auto waits = [](auto& lock) { (void)lock.try_lock_for(30ns); };
  const std::string reopened = " names open unlock close try names";
  BOOST_TEST(run(test::scripted_polled(), locks) ==
             "open try pause(10) try" + reopened);
  BOOST_TEST(run(test::scripted_polled(), waits) ==
             "open try pause(10) try" + reopened);
  BOOST_TEST(run(test::scripted_blocking(), locks) ==
             "open try lock" + reopened);
  BOOST_TEST(run(test::scripted_full(), waits) ==
             "open try until(30)" + reopened);
}

BOOST_AUTO_TEST_CASE(a_kernel_wait_goes_on_with_the_new_file) {
  test::script script;
  script.attempts = {test::busy, test::acquired, test::busy, test::acquired};
  script.names = {false, true};
  lock_on<test::scripted_blocking> lock("/folder/file");
  lock.lock();
  BOOST_TEST(script.log() ==
             "open try lock names open unlock close try lock names");
}

BOOST_AUTO_TEST_CASE(a_shared_lock_is_verified_too) {
  test::script script;
  script.links = {false};
  script.names = {false};
  lock_on<> lock("/folder/file");
  BOOST_TEST(lock.try_lock_shared());
  BOOST_TEST(script.log() == "open try_shared unchanged names open "
                             "unlock_shared close try_shared unchanged");
}

BOOST_AUTO_TEST_CASE(a_platform_that_cannot_compare_does_not_verify) {
  test::script script;
  script.links = {false};
  BOOST_TEST(calls_of_try_lock<test::without_names<test::scripted_polled>>() ==
             "open try");
}

BOOST_AUTO_TEST_CASE(a_platform_that_gives_no_hint_always_compares) {
  test::script script;
  BOOST_TEST(
      calls_of_try_lock<test::without_still_names<test::scripted_polled>>() ==
      "open try names");
}

BOOST_AUTO_TEST_CASE(verification_can_be_switched_off) {
  test::script script;
  script.links = {false};
  script.names = {false};
  script.free_from = 5ns;
  filelock::open_options options;
  options.verify_path = false;
  lock_on<> lock("/folder/file", options);
  lock.lock();
  BOOST_TEST(script.log() == "open try pause(10) try");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_second_open_holds_and_leaks_nothing) {
  for (const bool open_before : {false, true}) {
    test::script script;
    {
      lock_on<> lock("/folder/file");
      if (open_before) lock.open();
      script.links = {false};
      script.names = {false};
      script.opens =
          open_before ? std::deque<int>{EMFILE} : std::deque<int>{0, EMFILE};
      std::error_code ec;
      BOOST_TEST(!lock.try_lock(ec));
      BOOST_TEST((ec == std::errc::too_many_files_open));
      BOOST_TEST(script.held() == 0u);
      BOOST_TEST(lock.is_open() == open_before);
      BOOST_TEST(script.count("try") == 1u);
    }
    BOOST_TEST(script.open_handles() == 0u);
    BOOST_TEST(script.broken_rules() == "");
  }
}

BOOST_AUTO_TEST_CASE(an_error_in_releasing_the_old_file_leaks_nothing) {
  test::script script;
  {
    script.links = {false};
    script.names = {false};
    script.unlocks = {EIO};
    lock_on<> lock("/folder/file");
    BOOST_TEST(lock.try_lock());
    BOOST_TEST(script.held() == 1u);
  }
  BOOST_TEST(script.open_handles() == 0u);
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_AUTO_TEST_CASE(try_lock_of_a_real_file_finds_the_one_of_that_name) {
  const test::temporary_folder folder;
  filelock::file_lock stale(folder / "file");
  stale.open();
  test::delete_file(folder / "file");
  filelock::file_lock holder(folder / "file");
  holder.lock();
  // The file that is open is free, but it is not the file of that name.
  BOOST_TEST(!stale.try_lock());
  holder.unlock();
  BOOST_TEST(stale.try_lock());
  BOOST_TEST(!holder.try_lock());
}

BOOST_AUTO_TEST_CASE(an_unverified_lock_of_a_real_file_keeps_the_deleted_one) {
  const test::temporary_folder folder;
  filelock::open_options options;
  options.verify_path = false;
  filelock::file_lock stale(folder / "file", options);
  stale.open();
  test::delete_file(folder / "file");
  filelock::file_lock holder(folder / "file");
  holder.lock();
  BOOST_TEST(stale.try_lock());
}

BOOST_AUTO_TEST_CASE(a_polling_waiter_converges_on_the_real_file_in_place) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file";
  filelock::file_lock old_holder(path);
  old_holder.lock();
  std::atomic<bool> waits{false};
  bool excludes = false;
  std::thread waiter([&] {
    // Asked once the first attempt was busy.
    filelock::basic_file_lock lock(path, [&](const filelock::wait_state&) {
      waits = true;
      return 1ms;
    });
    if (!lock.try_lock_for(1h)) return;
    filelock::file_lock other(path);
    excludes = !other.try_lock();
  });
  while (!waits)
    std::this_thread::yield();
  // The old file keeps a name, so that only a comparison tells.
  std::filesystem::rename(path, folder / "old");
  filelock::file_lock new_holder(path);
  BOOST_TEST(new_holder.try_lock());
  old_holder.unlock();
  new_holder.unlock();
  waiter.join();
  BOOST_TEST(excludes);
}

BOOST_AUTO_TEST_CASE(a_blocked_waiter_converges_on_the_real_file_in_place) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file";
  filelock::file_lock old_holder(path);
  old_holder.lock();
  std::atomic<bool> is_open{false};
  bool excludes = false;
  std::thread waiter([&] {
    filelock::file_lock lock(path);
    lock.open(); // the old file
    is_open = true;
    lock.lock(); // whether it comes before the release or after it
    filelock::file_lock other(path);
    excludes = !other.try_lock();
  });
  while (!is_open)
    std::this_thread::yield();
  test::delete_file(path);
  filelock::file_lock new_holder(path);
  BOOST_TEST(new_holder.try_lock());
  old_holder.unlock();
  new_holder.unlock();
  waiter.join();
  BOOST_TEST(excludes);
}

BOOST_AUTO_TEST_SUITE_END()
