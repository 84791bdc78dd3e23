// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// win_mutex_traits, the platform of robust_file_lock on Windows: its laws, its
// owners and their deaths, its waits.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/win_mutex_traits.hpp>
#include <filelock/testing/platform_laws.hpp>

#include "support/native_file.hpp"
#include "support/native_law_tools.hpp"
#include "support/temporary_folder.hpp"
#include "support/win_child.hpp"

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>

BOOST_AUTO_TEST_SUITE(windows_mutex)

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;
using filelock::lock_request;
using filelock::robust_file_lock;
using filelock::win_local_mutex_traits;
using filelock::win_mutex_traits;
using test::win_child;
using local_lock = filelock::basic_file_lock<win_local_mutex_traits>;
namespace detail = filelock::detail;

static_assert(filelock::is_platform_v<win_mutex_traits>);
static_assert(filelock::is_platform_v<win_local_mutex_traits>);
static_assert(std::is_same_v<robust_file_lock,
                             filelock::basic_file_lock<win_mutex_traits>>);

struct lock_file {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
};

struct says_handle : win_mutex_traits {
  static constexpr filelock::lock_ownership ownership =
      filelock::lock_ownership::handle;
};
struct says_mandatory : win_mutex_traits {
  static constexpr bool mandatory = true;
};
struct says_one_owner_a_process : win_mutex_traits {
  static constexpr bool excludes_same_process = false;
};
struct says_ranges : win_mutex_traits {
  static constexpr bool byte_ranges = true;
};

template <class P>
std::string broken_laws() {
  const test::temporary_folder folder;
  return filelock::broken_laws<P>(folder.path());
}

template <class P>
bool breaks(const std::string& law) {
  return broken_laws<P>().find(law) != std::string::npos;
}

template <class Function>
void in_another_thread(Function function) {
  std::thread(function).join();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_mutexes_of_both_namespaces_keep_the_laws) {
  BOOST_TEST(broken_laws<win_mutex_traits>() == "");
  BOOST_TEST(broken_laws<win_local_mutex_traits>() == "");
}

BOOST_AUTO_TEST_CASE(a_fact_that_is_not_so_is_noticed) {
  BOOST_TEST(breaks<says_handle>("fact: ownership"));
  BOOST_TEST(breaks<says_mandatory>("fact: mandatory"));
  BOOST_TEST(breaks<says_one_owner_a_process>("fact: excludes_same_process"));
  BOOST_TEST(breaks<says_ranges>("fact: byte_ranges"));
}

BOOST_FIXTURE_TEST_CASE(two_processes_exclude_each_other, lock_file) {
  robust_file_lock lock(path);
  win_child other(path, win_child::kind::mutex);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(other.ask("try") == "busy");
  BOOST_TEST(other.ask("timed 1") == "busy");
  lock.unlock();
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(!lock.try_lock_for(1ms));
  BOOST_TEST(other.ask("unlock") == "unlocked");
  BOOST_TEST(lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_release_lets_the_waiting_process_in, lock_file) {
  robust_file_lock lock(path);
  win_child other(path, win_child::kind::mutex);
  lock.lock();
  other.write_line("lock");
  lock.unlock();
  BOOST_TEST(other.read_line() == "locked");
  BOOST_TEST(!lock.try_lock());
  other.write_line("unlock");
  lock.lock();
  BOOST_TEST(other.read_line() == "unlocked");
}

BOOST_FIXTURE_TEST_CASE(no_update_is_lost_between_processes, lock_file) {
  win_child first(path, win_child::kind::mutex);
  win_child second(path, win_child::kind::mutex);
  first.write_line("add 30");
  second.write_line("add 30");
  BOOST_TEST(first.read_line() == "added");
  BOOST_TEST(second.read_line() == "added");
  long sum = 0;
  std::ifstream(folder / "a.lock.sum") >> sum;
  BOOST_TEST(sum == 60);
}

BOOST_FIXTURE_TEST_CASE(the_next_owner_is_told_that_the_last_one_died,
                        lock_file) {
  robust_file_lock lock(path);
  lock.open();
  {
    win_child other(path, win_child::kind::mutex);
    BOOST_TEST(other.ask("lock") == "locked");
    BOOST_TEST(other.ask("died") == "no");
    other.kill_and_wait();
  }
  {
    win_child other(path, win_child::kind::mutex);
    BOOST_TEST(other.ask("try") == "locked");
    BOOST_TEST(other.ask("died") == "yes");
    other.kill_and_wait(); // passes the news on
  }
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(!lock.previous_owner_died());
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_waiter_is_told_that_the_owner_died, lock_file) {
  robust_file_lock lock(path);
  lock.open();
  win_child other(path, win_child::kind::mutex);
  BOOST_TEST(other.ask("lock") == "locked");
  BOOST_TEST(!lock.try_lock_for(1ms));
  std::thread killer([&] { other.kill_and_wait(); });
  BOOST_TEST(lock.try_lock_for(30s));
  BOOST_TEST(lock.previous_owner_died());
  killer.join();
}

BOOST_FIXTURE_TEST_CASE(a_thread_that_ends_with_the_lock_dies_with_it,
                        lock_file) {
  robust_file_lock lock(path);
  robust_file_lock other(path);
  in_another_thread([&] { other.lock(); });
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(lock.previous_owner_died());
}

// A limit, which the manual states.
BOOST_FIXTURE_TEST_CASE(a_death_that_leaves_nobody_behind_is_not_told,
                        lock_file) {
  {
    win_child other(path, win_child::kind::mutex);
    BOOST_TEST(other.ask("lock") == "locked");
    other.kill_and_wait();
  }
  robust_file_lock lock(path);
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_release_by_another_thread_changes_nothing,
                        lock_file) {
  robust_file_lock lock(path);
  robust_file_lock other(path);
  lock.lock();
  std::error_code ec;
  in_another_thread([&] { lock.unlock(ec); });
  BOOST_TEST((ec == std::errc::operation_not_permitted));
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(!other.try_lock());
  lock.unlock(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(other.try_lock());
}

// The system would let it in: its mutexes count.
BOOST_FIXTURE_TEST_CASE(two_locks_of_one_thread_exclude_each_other, lock_file) {
  robust_file_lock lock(path);
  robust_file_lock other(path);
  lock.lock();
  BOOST_TEST(!other.try_lock());
  BOOST_TEST(!other.try_lock_for(1ms));
  other.unlock();
  in_another_thread([&] { BOOST_TEST(!robust_file_lock(path).try_lock()); });
  lock.unlock();
  in_another_thread([&] { BOOST_TEST(robust_file_lock(path).try_lock()); });
  BOOST_TEST(other.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_wait_ends_at_a_cancel, lock_file) {
  std::error_code ec;
  const auto holder = win_mutex_traits::open(path, {}, ec);
  const auto waiter = win_mutex_traits::open(path, {}, ec);
  const lock_request request{lock_mode::exclusive, {}};
  BOOST_TEST(win_mutex_traits::try_lock(holder, request, ec));
  // The thread that holds waits for another handle, and so does another thread.
  for (const bool is_owner : {true, false}) {
    filelock::cancel_source source;
    filelock::canceller stop(source);
    std::thread cancelling([&] {
      std::this_thread::sleep_for(20ms);
      source.request();
    });
    const auto wait = [&] {
      BOOST_TEST(!win_mutex_traits::lock_until(
          waiter, request, (std::chrono::steady_clock::time_point::max)(), stop,
          ec));
    };
    if (is_owner)
      wait();
    else
      in_another_thread(wait);
    BOOST_TEST(!ec);
    cancelling.join();
  }
  win_mutex_traits::close(holder);
  BOOST_TEST(win_mutex_traits::try_lock(waiter, request, ec));
  win_mutex_traits::close(waiter);
}

BOOST_FIXTURE_TEST_CASE(a_shared_request_and_a_range_are_not_supported,
                        lock_file) {
  std::error_code ec;
  const auto handle = win_mutex_traits::open(path, {}, ec);
  BOOST_TEST(!win_mutex_traits::try_lock(handle, {lock_mode::shared, {}}, ec));
  BOOST_TEST((ec == std::errc::not_supported));
  ec.clear();
  BOOST_TEST(
      !win_mutex_traits::try_lock(handle, {lock_mode::exclusive, {1, 1}}, ec));
  BOOST_TEST((ec == std::errc::not_supported));
  win_mutex_traits::close(handle);
}

BOOST_FIXTURE_TEST_CASE(a_file_with_any_content_is_locked_and_kept, lock_file) {
  std::ofstream(path) << "a text";
  {
    robust_file_lock lock(path);
    lock.lock();
  }
  std::ifstream file(path);
  BOOST_TEST(std::string(std::istreambuf_iterator<char>(file), {}) == "a text");
}

BOOST_FIXTURE_TEST_CASE(namespaces_do_not_exclude_each_other, lock_file) {
  robust_file_lock global(path);
  local_lock local(path);
  BOOST_TEST(global.try_lock());
  BOOST_TEST(local.try_lock());
}

BOOST_FIXTURE_TEST_CASE(a_removed_file_is_held_by_nobody_else, lock_file) {
  robust_file_lock lock(path);
  lock.open();
  test::delete_file(path);
  robust_file_lock other(path);
  BOOST_TEST(other.try_lock());
  BOOST_TEST(!lock.try_lock());
  other.unlock();
  BOOST_TEST(lock.try_lock());
}

BOOST_FIXTURE_TEST_CASE(an_owner_removes_the_file, lock_file) {
  filelock::open_options options;
  options.remove_on_release = true;
  robust_file_lock lock(path, options);
  lock.lock();
  lock.unlock();
  BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_FIXTURE_TEST_CASE(a_wrong_path_is_an_error, lock_file) {
  std::error_code ec;
  robust_file_lock(folder.path()).lock(ec);
  BOOST_TEST(static_cast<bool>(ec));
  filelock::open_options options;
  options.create = false;
  robust_file_lock(path, options).lock(ec);
  BOOST_TEST((ec == std::errc::no_such_file_or_directory));
}

BOOST_FIXTURE_TEST_CASE(threads_share_the_mutex_by_a_file_mutex, lock_file) {
  filelock::basic_file_mutex<win_mutex_traits> mutex(path);
  robust_file_lock other(path);
  mutex.lock();
  BOOST_TEST(!other.try_lock());
  in_another_thread([&] { BOOST_TEST(!mutex.try_lock()); });
  mutex.unlock();
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_SUITE_END()
