// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed, and forks
// LABELS: process

// What fifo<P> means to readers, to conversions, to other users of the file and
// to a fork.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/queued.hpp>

#if FILELOCK_HAS_OFD_LOCKS
#include "support/fifo_queue.hpp"
#endif
#include "support/skipped.hpp"

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(posix_fifo_modes)

#if FILELOCK_HAS_OFD_LOCKS

namespace {

using namespace std::chrono_literals;
using filelock::byte_range;
using filelock::lock_request;
using test::check_turns;
using test::child_process;
using test::fifo;
using test::fifo_lock;
using test::in_kernel;
using test::line_channel;
using test::plain_lock;
using test::posix_ofd_traits;
using test::queue_file;
using test::shared_in_kernel;

using queued_platform = fifo<test::queued<posix_ofd_traits>>;
static_assert(filelock::is_platform_v<fifo<posix_ofd_traits>>);
static_assert(filelock::is_platform_v<queued_platform>);
static_assert(filelock::is_platform_v<filelock::marked<queued_platform>>);
static_assert(filelock::is_platform_v<filelock::faulty<queued_platform>>);

/// Counts the system calls.
struct counted_traits : posix_ofd_traits {
  static inline int calls = 0;

  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    ++calls;
    return posix_ofd_traits::try_lock(handle, request, ec);
  }
  static void lock(int handle, const lock_request& request,
                   std::error_code& ec) noexcept {
    ++calls;
    posix_ofd_traits::lock(handle, request, ec);
  }
  static void unlock(int handle, const lock_request& request,
                     std::error_code& ec) noexcept {
    ++calls;
    posix_ofd_traits::unlock(handle, request, ec);
  }
  static std::optional<byte_range>
  conflicting_range(int handle, const lock_request& request,
                    std::error_code& ec) noexcept {
    ++calls;
    return posix_ofd_traits::conflicting_range(handle, request, ec);
  }
};

template <class Function>
int calls_of(Function function) {
  const int before = counted_traits::calls;
  function();
  return counted_traits::calls - before;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_free_lock_costs_two_calls_and_its_release_one) {
  const queue_file file;
  filelock::basic_file_lock<fifo<counted_traits>> lock{file.path};
  BOOST_TEST(calls_of([&] { lock.lock(); }) == 2);
  BOOST_TEST(calls_of([&] { lock.unlock(); }) == 1);
  BOOST_TEST(calls_of([&] { lock.lock_shared(); }) == 2);
  lock.unlock();
  fifo_lock owner{file.path};
  owner.lock();
  BOOST_TEST(calls_of([&] { BOOST_TEST(!lock.try_lock()); }) == 2);
  child_process waiter = file.waiter<in_kernel>(1);
  BOOST_TEST(calls_of([&] { BOOST_TEST(!lock.try_lock()); }) == 1);
}

BOOST_AUTO_TEST_CASE(a_reader_does_not_overtake_a_writer) {
  const queue_file file;
  fifo_lock owner{file.path};
  fifo_lock reader{file.path};
  owner.lock_shared();
  BOOST_TEST(reader.try_lock_shared()); // nobody waits
  reader.unlock();
  std::vector<child_process> waiters;
  waiters.push_back(file.waiter<in_kernel>(1));
  BOOST_TEST(!reader.try_lock_shared());
  waiters.push_back(file.waiter<shared_in_kernel>(2));
  waiters.push_back(file.waiter<in_kernel>(3));
  owner.unlock();
  check_turns(waiters);
}

BOOST_AUTO_TEST_CASE(adjacent_readers_hold_the_lock_together) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> readers;
  for (std::size_t i = 0; i != 3; ++i)
    readers.push_back(file.waiter<shared_in_kernel>(i + 1));
  std::vector<child_process> writers;
  writers.push_back(file.waiter<in_kernel>(4));
  owner.unlock();
  for (child_process& each : readers)
    BOOST_TEST(each.read_line() == "locked");
  BOOST_TEST(!writers[0].has_line());
  for (child_process& each : readers)
    BOOST_TEST(each.ask("unlock") == "unlocked");
  check_turns(writers);
}

BOOST_AUTO_TEST_CASE(a_downgrade_lets_the_next_readers_in) {
  const queue_file file;
  fifo_lock first{file.path};
  fifo_lock owner{file.path};
  first.lock();
  std::thread waits([&] { owner.lock(); }); // so that it has a place
  file.wait_for_places(1);
  first.unlock();
  waits.join();
  child_process reader = file.waiter<shared_in_kernel>(2);
  std::vector<child_process> writers;
  writers.push_back(file.waiter<in_kernel>(3));
  BOOST_TEST((owner.downgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(reader.read_line() == "locked");
  BOOST_TEST(
      (owner.try_upgrade() == filelock::conversion::refused_still_shared));
  BOOST_TEST(reader.ask("unlock") == "unlocked");
  // It holds the lock already, so it overtakes nobody.
  BOOST_TEST((owner.try_upgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(!writers[0].has_line());
  owner.unlock();
  check_turns(writers);
}

BOOST_AUTO_TEST_CASE(a_lock_of_the_plain_platform_is_excluded_and_excludes) {
  const queue_file file;
  fifo_lock queueing{file.path};
  plain_lock plain{file.path};
  filelock::open_options one_byte;
  one_byte.range = {0, 1}; // as SQLite and others lock a byte
  plain_lock part{file.path, one_byte};
  queueing.lock();
  BOOST_TEST(!plain.try_lock());
  BOOST_TEST(!plain.try_lock_shared());
  BOOST_TEST(!part.try_lock());
  queueing.unlock();
  BOOST_TEST(part.try_lock());
  BOOST_TEST(!queueing.try_lock());
  part.unlock();
  BOOST_TEST(plain.try_lock());
  BOOST_TEST(!queueing.try_lock());
  BOOST_TEST(!queueing.try_lock_shared());
  BOOST_TEST(!queueing.try_lock_for(1ms));
  // All of them wait for the plain owner, and none for ever.
  std::vector<child_process> waiters;
  for (int i = 0; i != 5; ++i)
    waiters.push_back(child_process::forked([&](line_channel&) -> std::string {
      fifo_lock lock{file.path};
      lock.lock();
      return "";
    }));
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  plain.unlock();
  for (child_process& each : waiters)
    BOOST_TEST(each.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_plain_owner_waits_until_nobody_queues) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  waiters.push_back(file.waiter<in_kernel>(1));
  child_process plain =
      child_process::forked([&](line_channel& parent) -> std::string {
        plain_lock lock{file.path};
        parent.write_line("begins");
        lock.lock();
        parent.write_line("locked");
        parent.read_line();
        return "";
      });
  BOOST_TEST(plain.read_line() == "begins");
  owner.unlock();
  BOOST_TEST(waiters[0].read_line() == "locked");
  BOOST_TEST(!plain.has_line());
  BOOST_TEST(waiters[0].ask("unlock") == "unlocked");
  BOOST_TEST(plain.read_line() == "locked");
}

BOOST_AUTO_TEST_CASE(a_killed_waiter_leaves_although_its_child_lives) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  child_process waiter =
      child_process::forked([&](line_channel& parent) -> std::string {
        fifo_lock lock{file.path};
        std::thread waits([&] { lock.lock(); });
        file.wait_for_places(1);
        const ::pid_t child = ::fork();
        if (child == 0) {
          parent.write_line(std::to_string(::getpid()));
          for (;;)
            ::pause();
        }
        waits.join();
        return "";
      });
  const ::pid_t grandchild = std::stoi(waiter.read_line());
  std::vector<child_process> behind;
  behind.push_back(file.waiter<in_kernel>(2));
  waiter.kill_and_wait();
  file.wait_for_places(1);
  owner.unlock();
  check_turns(behind);
  BOOST_TEST(::kill(grandchild, SIGKILL) == 0);
}

BOOST_AUTO_TEST_CASE(a_forked_child_does_not_end_the_place_of_its_parent) {
  const queue_file file;
  fifo_lock first{file.path};
  fifo_lock owner{file.path};
  first.lock();
  std::thread waits([&] { owner.lock(); });
  file.wait_for_places(1);
  BOOST_TEST(test::failure_in_child([&]() -> std::string {
               owner.close();
               return "";
             }) == "");
  BOOST_TEST(file.places.count() == 1U);
  first.unlock();
  waits.join();
  BOOST_TEST(owner.owns_lock());
}

BOOST_AUTO_TEST_CASE(waiters_go_on_with_a_file_that_replaces_a_removed_one) {
  const queue_file file;
  filelock::open_options options;
  options.remove_on_release = true;
  fifo_lock owner{file.path, options};
  owner.lock();
  std::vector<child_process> waiters;
  for (int i = 0; i != 4; ++i)
    waiters.push_back(child_process::forked([&](line_channel&) -> std::string {
      fifo_lock lock{file.path, options};
      for (int k = 0; k != 50; ++k) {
        lock.lock();
        if (!lock.still_valid()) return "the lock is that of no file";
        lock.unlock();
      }
      return "";
    }));
  BOOST_TEST(test::wait_until_blocked_on(file.path));
  owner.unlock();
  for (child_process& each : waiters)
    BOOST_TEST(each.failure() == "");
  BOOST_TEST(!std::filesystem::exists(file.path));
}

BOOST_AUTO_TEST_CASE(a_mutex_queues_for_its_threads) {
  const queue_file file;
  filelock::basic_file_mutex<fifo<posix_ofd_traits>> mutex{file.path};
  fifo_lock owner{file.path};
  owner.lock();
  int counter = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k != 100; ++k) {
        const std::lock_guard guard{mutex};
        ++counter;
      }
    });
  file.wait_for_places(1); // one for all threads
  child_process behind = file.waiter<in_kernel>(2);
  behind.write_line("unlock");
  owner.unlock();
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(counter == 400);
  BOOST_TEST(behind.read_line() == "locked");
  BOOST_TEST(behind.read_line() == "unlocked");
}

BOOST_AUTO_TEST_CASE(an_acquire_that_fails_leaves_nothing) {
  const queue_file file;
  // An exclusive lock of a file that is open for reading.
  std::error_code ec;
  const int handle = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
  using P = fifo<posix_ofd_traits>;
  P::lock(handle, {}, ec);
  BOOST_TEST((ec == std::errc::permission_denied));
  ec.clear();
  BOOST_TEST(!P::try_lock(handle, {}, ec));
  BOOST_TEST((ec == std::errc::permission_denied));
  BOOST_TEST(file.places.count() == 0U);
  fifo_lock other{file.path};
  BOOST_TEST(other.try_lock());
  other.unlock();
  // A shared one queues.
  ec.clear();
  P::lock(handle, {filelock::lock_mode::shared, {}}, ec);
  BOOST_TEST(!ec);
  BOOST_TEST(file.places.count() == 1U);
  BOOST_TEST(!other.try_lock());
  P::unlock(handle, {filelock::lock_mode::shared, {}}, ec);
  BOOST_TEST(file.places.count() == 0U);
  BOOST_TEST(!ec);
  ::close(handle);
}

BOOST_AUTO_TEST_CASE(a_range_is_refused) {
  using P = fifo<posix_ofd_traits>;
  const queue_file file;
  std::error_code ec;
  const int handle = P::open(file.path, {}, ec);
  const lock_request range{filelock::lock_mode::exclusive, {1, 1}};
  const auto is_refused = [&] {
    return std::exchange(ec, {}) == std::errc::not_supported;
  };
  BOOST_TEST(!P::try_lock(handle, range, ec));
  BOOST_TEST(is_refused());
  P::lock(handle, range, ec);
  BOOST_TEST(is_refused());
  filelock::canceller never;
  BOOST_TEST(!P::lock_until(handle, range, P::clock::now(), never, ec));
  BOOST_TEST(is_refused());
  P::close(handle);
}

BOOST_AUTO_TEST_CASE(a_wait_that_ends_early_does_not_cost_the_place) {
  using P = fifo<filelock::faulty<test::queued<posix_ofd_traits>>>;
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::error_code ec;
  const int handle = P::open(file.path, {}, ec);
  filelock::fault_script script;
  const filelock::fault_scope scope(script);
  script.busy(filelock::platform_call::lock_until, filelock::first_calls(2));
  script.fail(filelock::platform_call::lock_until, std::errc::interrupted,
              {3, 4});
  filelock::canceller never;
  const auto end = P::clock::now() + 500ms; // far more than four calls take
  BOOST_TEST(!P::lock_until(handle, {}, end, never, ec));
  BOOST_TEST(!ec);
  BOOST_TEST((P::clock::now() >= end));
  BOOST_TEST(script.is_exhausted());
  BOOST_TEST(file.places.count() == 0U);
  P::close(handle);
}

BOOST_AUTO_TEST_CASE(the_file_is_not_written) {
  const queue_file file;
  fifo_lock owner{file.path};
  owner.lock();
  std::vector<child_process> waiters;
  waiters.push_back(file.waiter<in_kernel>(1));
  owner.unlock();
  check_turns(waiters);
  BOOST_TEST(std::filesystem::file_size(file.path) == 0U);
}

#else

BOOST_AUTO_TEST_CASE(a_reader_does_not_overtake_a_writer) {
  test::skipped("fifo<posix_ofd_traits>", "this system has no such locks");
}

#endif

BOOST_AUTO_TEST_SUITE_END()
