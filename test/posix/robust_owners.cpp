// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes
// LABELS: process

// Who owns a robust_file_lock: a thread, until it releases or ends.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/container.hpp"
#include "support/descriptors.hpp"
#include "support/robust_locks.hpp"
#include "support/skipped.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(posix_robust_owners)

namespace {

using filelock::robust_file_lock;
using test::child_process;
using test::failure_in_child;
using test::in_a_thread;
using test::line_channel;
using lock_file = test::robust_lock_file;
using robust_mutex = filelock::basic_file_mutex<filelock::posix_robust_traits>;

} // namespace

// ---- A thread is the owner ----

BOOST_FIXTURE_TEST_CASE(a_release_by_another_thread_changes_nothing,
                        lock_file) {
  robust_file_lock lock{path};
  lock.lock();
  lock.lock(); // a second hold
  in_a_thread([&] {
    std::error_code ec;
    lock.unlock(ec);
    BOOST_TEST((ec == std::errc::operation_not_permitted));
    lock.unlock_shared(ec);
    BOOST_TEST((ec == std::errc::operation_not_permitted));
    lock.unlock(); // throws nothing
  });
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(lock.is_open());
  BOOST_TEST(!is_free());
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(!is_free()); // both holds counted still
  lock.unlock(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(is_free());
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_moved_lock_belongs_to_the_thread_that_acquired,
                        lock_file) {
  robust_file_lock lock{path};
  lock.lock();
  std::optional<robust_file_lock> moved;
  in_a_thread([&] {
    moved.emplace(std::move(lock));
    std::error_code ec;
    moved->unlock(ec);
    BOOST_TEST((ec == std::errc::operation_not_permitted));
  });
  BOOST_TEST(moved->owns_lock());
  std::error_code ec;
  moved->unlock(ec);
  BOOST_TEST(!ec);
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(
    a_lock_that_another_thread_closes_is_free_when_its_owner_ends, lock_file) {
  for (const bool destroys : {false, true}) {
    in_a_thread([&] {
      auto lock = std::make_unique<robust_file_lock>(path);
      lock->lock();
      in_a_thread([&] {
        if (destroys)
          lock.reset();
        else
          lock->close();
      });
      BOOST_TEST(!is_free()); // in this thread, too
      BOOST_TEST(test::count_descriptors_of(path.c_str()) == 0);
    });
    robust_file_lock next{path};
    BOOST_TEST(next.try_lock());
    BOOST_TEST(next.previous_owner_died());
  }
}

BOOST_FIXTURE_TEST_CASE(a_thread_that_ends_with_the_lock_dies_with_it,
                        lock_file) {
  robust_file_lock lock{path};
  in_a_thread([&] { lock.lock(); });
  robust_file_lock next{path};
  BOOST_TEST(next.try_lock());
  BOOST_TEST(next.previous_owner_died());
  // The first object still says that it holds, for its thread.
  std::error_code ec;
  lock.unlock(ec);
  BOOST_TEST((ec == std::errc::operation_not_permitted));
  BOOST_TEST(lock.owns_lock());
  lock.close();
  BOOST_TEST(!is_free());
  next.unlock();
  BOOST_TEST(lock.try_lock());
  BOOST_TEST(!lock.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(an_object_of_an_ended_thread_releases_no_later_owner,
                        lock_file) {
  robust_file_lock first{path};
  in_a_thread([&] { first.lock(); });
  in_a_thread([&] { // often with the number of the thread that ended
    robust_file_lock second{path};
    BOOST_TEST(second.try_lock());
    first.unlock();
    BOOST_TEST(!is_free());
    first.close();
    BOOST_TEST(!is_free());
    std::error_code ec;
    second.unlock(ec);
    BOOST_TEST(!ec);
  });
  robust_file_lock next{path};
  BOOST_TEST(next.try_lock());
  BOOST_TEST(!next.previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(two_objects_of_one_thread_exclude_each_other,
                        lock_file) {
  robust_file_lock first{path};
  robust_file_lock second{path};
  first.lock();
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(!second.try_lock_for(std::chrono::milliseconds(1)));
  second.unlock(); // nothing
  BOOST_TEST(!second.try_lock());
  first.unlock();
  BOOST_TEST(second.try_lock());
  BOOST_TEST(!first.try_lock());
}

BOOST_FIXTURE_TEST_CASE(another_object_that_is_closed_releases_nothing,
                        lock_file) {
  robust_file_lock holder{path};
  holder.lock();
  {
    robust_file_lock other{path};
    BOOST_TEST(!other.try_lock());
    other.close();
    BOOST_TEST(!other.try_lock());
  }
  BOOST_TEST(holder.owns_lock());
  BOOST_TEST(!is_free());
  holder.unlock();
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(locks_of_one_thread_end_in_any_order, lock_file) {
  robust_file_lock a{path};
  robust_file_lock b{path + "b"};
  robust_file_lock c{path + "c"};
  for (auto* const each : {&a, &b, &c})
    each->lock();
  b.close(); // its page is not in the thread's list any more
  a.close();
  c.unlock();
  for (auto* const each : {&a, &b, &c}) {
    BOOST_TEST(each->try_lock());
    BOOST_TEST(!each->previous_owner_died());
  }
}

BOOST_FIXTURE_TEST_CASE(a_released_handle_is_locked_for_the_thread_that_adopts,
                        lock_file) {
  robust_file_lock lock{path};
  lock.lock();
  const auto handle = lock.release();
  BOOST_TEST(!lock.is_open());
  BOOST_TEST(!is_free());
  robust_file_lock adopted(filelock::adopt_handle, handle,
                           filelock::lock_mode::exclusive);
  BOOST_TEST(adopted.owns_lock());
  adopted.unlock();
  BOOST_TEST(is_free());
}

// ---- A process is not ----

BOOST_FIXTURE_TEST_CASE(a_forked_child_owns_nothing, lock_file) {
  auto lock = std::make_unique<robust_file_lock>(path);
  lock->lock();
  const auto in_child = [&](auto deed) {
    return failure_in_child([&]() -> std::string {
      std::string wrong;
      if (lock->is_open()) wrong += "is_open; ";
      if (lock->owns_lock()) wrong += "owns_lock; ";
      if (test::count_descriptors_of(path.c_str()) != 0) wrong += "open; ";
      deed();
      if (is_free()) wrong += "released; ";
      return wrong;
    });
  };
  BOOST_TEST(in_child([] {}) == "");
  BOOST_TEST(in_child([&] { lock->unlock(); }) == "");
  BOOST_TEST(in_child([&] { lock->close(); }) == "");
  BOOST_TEST(in_child([&] { lock.reset(); }) == "");
  BOOST_TEST(in_child([&] {
               std::error_code ec;
               BOOST_TEST(!lock->try_lock(ec));
               BOOST_TEST(!ec);
             }) == "");
  BOOST_TEST(lock->owns_lock());
  lock->unlock();
  lock->lock();
  BOOST_TEST(!lock->previous_owner_died());
}

BOOST_FIXTURE_TEST_CASE(a_child_that_closes_a_handle_of_its_parent_unmaps_none,
                        lock_file) {
  using traits = filelock::posix_robust_traits;
  std::error_code ec;
  const auto handle = traits::open(path, {}, ec);
  BOOST_TEST(traits::try_lock(handle, {}, ec));
  BOOST_TEST(failure_in_child([&]() -> std::string {
               traits::close(handle);
               return is_free() ? "released" : "";
             }) == "");
  traits::unlock(handle, {}, ec);
  BOOST_TEST(!ec);
  traits::close(handle);
  BOOST_TEST(is_free());
}

BOOST_FIXTURE_TEST_CASE(
    the_death_of_the_owner_frees_the_lock_though_its_child_lives, lock_file) {
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        robust_file_lock lock{path};
        lock.lock();
        const ::pid_t child = ::fork();
        if (child == 0)
          for (;;)
            ::pause();
        test.write_line(std::to_string(child));
        test.read_line();
        return "";
      });
  const ::pid_t child = std::stoi(owner.read_line());
  BOOST_TEST(!is_free());
  owner.kill_and_wait();
  BOOST_TEST(::kill(child, 0) == 0); // it lives
  robust_file_lock next{path};
  BOOST_TEST(next.try_lock());
  BOOST_TEST(next.previous_owner_died());
  ::kill(child, SIGKILL);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_the_owner_executes_does_not_hold,
                        lock_file) {
  for (const bool inheritable : {false, true}) {
    child_process owner =
        child_process::forked([&](line_channel& test) -> std::string {
          filelock::open_options options;
          options.inheritable = inheritable;
          robust_file_lock lock{path, options};
          lock.lock();
          ::dup2(test.output(), STDOUT_FILENO);
          ::execlp("sh", "sh", "-c", "echo executed; exec sleep 100", nullptr);
          return "cannot execute sh";
        });
    BOOST_TEST(owner.read_line() == "executed");
    robust_file_lock next{path};
    BOOST_TEST(next.try_lock());
    BOOST_TEST(next.previous_owner_died());
    owner.kill_and_wait();
  }
}

// ---- A death is told ----

BOOST_FIXTURE_TEST_CASE(each_next_owner_is_told_until_one_releases, lock_file) {
  BOOST_TEST(test::die_with_robust_lock(path) == "locked");
  BOOST_TEST(test::die_with_robust_lock(path) == "told");
  BOOST_TEST(test::die_with_robust_lock(path) == "told"); // passed on
  robust_file_lock lock{path};
  lock.lock();
  BOOST_TEST(lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(!lock.previous_owner_died()); // it is not held
  lock.lock();
  BOOST_TEST(!lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(test::die_with_robust_lock(path) == "locked");
}

BOOST_FIXTURE_TEST_CASE(each_form_of_acquire_tells_of_a_death, lock_file) {
  const auto is_told = [&](auto acquire) {
    test::die_with_robust_lock(path);
    robust_file_lock lock{path};
    acquire(lock);
    return lock.owns_lock() && lock.previous_owner_died();
  };
  BOOST_TEST(is_told([](auto& lock) { lock.lock(); }));
  BOOST_TEST(is_told([](auto& lock) { (void)lock.try_lock(); }));
  BOOST_TEST(is_told(
      [](auto& lock) { (void)lock.try_lock_for(std::chrono::hours(1)); }));
  BOOST_TEST(is_told([](auto& lock) {
    std::error_code ec;
    lock.lock(ec);
  }));
#if FILELOCK_HAS_STOP_TOKEN
  BOOST_TEST(is_told([](auto& lock) {
    std::stop_source source;
    (void)lock.lock(source.get_token());
  }));
#endif
}

BOOST_FIXTURE_TEST_CASE(a_waiter_is_told_of_a_death, lock_file) {
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  child_process waiter = test::robust_owner(path);
  BOOST_TEST(wait_until_awaited());
  owner.kill();
  BOOST_TEST(waiter.read_line() == "told");
}

BOOST_FIXTURE_TEST_CASE(a_mutex_that_cannot_be_recovered_is_an_error,
                        lock_file) {
  robust_file_lock lock{path};
  lock.open();
  test::die_with_robust_lock(path);
  // A program of its own way takes the mutex, and does not repair it.
  ::pthread_mutex_t& mutex = lock.native_handle()->mutex();
  BOOST_TEST(::pthread_mutex_trylock(&mutex) == EOWNERDEAD);
  BOOST_TEST(::pthread_mutex_unlock(&mutex) == 0);
  for (int i = 0; i != 2; ++i) {
    std::error_code ec;
    BOOST_TEST(!lock.try_lock(ec));
    BOOST_TEST((ec == std::errc::state_not_recoverable));
    lock.lock(ec);
    BOOST_TEST((ec == std::errc::state_not_recoverable));
    BOOST_TEST(!lock.owns_lock());
    BOOST_TEST(failure_in_child([&]() -> std::string {
                 robust_file_lock other{path};
                 std::error_code error;
                 if (other.try_lock_for(std::chrono::hours(1), error))
                   return "locked";
                 return error == std::errc::state_not_recoverable
                            ? ""
                            : error.message();
               }) == "");
  }
  try {
    lock.lock();
    BOOST_TEST(false);
  } catch (const std::filesystem::filesystem_error& error) {
    BOOST_TEST(error.path1() == path);
    BOOST_TEST(std::string(error.what()).find("remove the file") !=
               std::string::npos);
  }
}

// ---- The mutex of threads ----

BOOST_FIXTURE_TEST_CASE(a_file_mutex_shares_a_robust_lock_between_threads,
                        lock_file) {
  robust_mutex mutex{path};
  int counter = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j != 1000; ++j) {
        const std::lock_guard guard(mutex);
        ++counter;
      }
    });
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(counter == 4000);
  mutex.lock();
  BOOST_TEST(!mutex.previous_owner_died());
  BOOST_TEST(!is_free());
  mutex.unlock();
  BOOST_TEST(is_free());
  test::die_with_robust_lock(path);
  BOOST_TEST(mutex.try_lock_for(std::chrono::hours(1)));
  BOOST_TEST(mutex.previous_owner_died());
  mutex.unlock();
}

// ---- Who holds it ----

BOOST_FIXTURE_TEST_CASE(the_holder_is_known, lock_file) {
  robust_file_lock lock{path};
  BOOST_TEST(!lock.holder().has_value());
  child_process owner = test::robust_owner(path);
  BOOST_TEST(owner.read_line() == "locked");
  BOOST_TEST(
      (lock.holder() == std::optional<filelock::process_id>(owner.id())));
  owner.kill_and_wait();
  BOOST_TEST(!lock.holder().has_value());
  lock.lock();
  BOOST_TEST(!lock.holder().has_value()); // this object
  robust_file_lock other{path};
  BOOST_TEST(
      (other.holder() == std::optional<filelock::process_id>(::getpid())));
}

// ---- Processes whose threads have the same numbers ----

namespace {

/// Takes the lock in a container. Then a line "die" ends it with the lock.
struct owner_in_container : test::container {
  explicit owner_in_container(const std::string& path)
      : test::container([path](line_channel& test) {
          robust_file_lock lock{path};
          lock.lock();
          test.write_line("locked by " + std::to_string(::syscall(SYS_gettid)));
          if (test.read_line() == "die") ::_exit(0);
        }) {}
};

} // namespace

BOOST_FIXTURE_TEST_CASE(threads_of_one_number_in_two_containers_wait,
                        lock_file) {
  if (!test::may_make_container("containers")) return;
  owner_in_container first(path);
  BOOST_TEST(first.process.read_line() == "locked by 1");
  test::container second([&](line_channel& test) {
    robust_file_lock lock{path};
    std::error_code ec;
    const bool is_locked = lock.try_lock(ec) || ec ||
                           lock.try_lock_for(std::chrono::milliseconds(1), ec);
    test.write_line(is_locked || ec ? "no: " + ec.message() : "busy");
    test.write_line(lock.holder() ? "a holder" : "no holder");
    lock.lock();
    test.write_line(lock.previous_owner_died() ? "told" : "locked");
  });
  BOOST_TEST(second.process.read_line() == "busy");
  BOOST_TEST(second.process.read_line() == "no holder"); // it has no number
  BOOST_TEST(second.wait_until_asleep());
  BOOST_TEST(!is_free());
  first.process.write_line("quit");
  BOOST_TEST(second.process.read_line() == "locked");
}

BOOST_FIXTURE_TEST_CASE(
    a_waiter_that_is_killed_in_a_container_is_not_taken_for_the_owner,
    lock_file) {
  if (!test::may_make_container("containers")) return;
  owner_in_container first(path);
  BOOST_TEST(first.process.read_line() == "locked by 1");
  for (int i = 0; i != 3; ++i) {
    test::container second([&](line_channel& test) {
      robust_file_lock lock{path};
      test.write_line("waits");
      lock.lock();
      test.write_line("locked");
    });
    BOOST_TEST(second.process.read_line() == "waits");
    BOOST_TEST(second.wait_until_asleep());
    ::kill(second.init, SIGKILL);
    second.process.wait();
    BOOST_TEST(!is_free());
  }
  first.process.write_line("die");
  robust_file_lock next{path};
  next.lock();
  BOOST_TEST(next.previous_owner_died());
}

BOOST_AUTO_TEST_SUITE_END()
