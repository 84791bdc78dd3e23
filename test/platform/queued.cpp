// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: threads that are cancelled, of POSIX
// ALONE
// LABELS: process

#define BOOST_TEST_MODULE queued
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/nothing_leaks.hpp"
#include "support/queued_race.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

// ---- Threads that are counted, and refused on demand ----

namespace {

std::atomic<int> threads_made{0};
std::atomic<bool> refuses_threads{false};
std::atomic<int> threads_refused{0};
// What thread_local variables take is missing from a helper's stack.
thread_local volatile char room_of_others[55 * 1024];

using creation = int (*)(::pthread_t*, const ::pthread_attr_t*,
                         void* (*)(void*), void*);

} // namespace

#if defined(__ELF__)
// What a sanitizer has in the place of the system's function, and what musl
// calls it, which finds no symbol by its name in a program that is all static.
extern "C" {
__attribute__((weak)) int __interceptor_pthread_create(::pthread_t*,
                                                       const ::pthread_attr_t*,
                                                       void* (*)(void*), void*);
__attribute__((weak)) int __pthread_create(::pthread_t*,
                                           const ::pthread_attr_t*,
                                           void* (*)(void*), void*);
}
#endif

static creation system_pthread_create() {
#if defined(__ELF__)
  if (&__interceptor_pthread_create) return &__interceptor_pthread_create;
  if (&__pthread_create) return &__pthread_create;
#endif
  return reinterpret_cast<creation>(::dlsym(RTLD_NEXT, "pthread_create"));
}

extern "C" int pthread_create(::pthread_t* thread, const ::pthread_attr_t* how,
                              void* (*run)(void*), void* argument) {
  static const creation real = system_pthread_create();
  if (refuses_threads) {
    threads_refused.fetch_add(1);
    return EAGAIN;
  }
  threads_made.fetch_add(1);
  return real(thread, how, run, argument);
}

namespace {

using namespace std::chrono_literals;
using filelock::lock_mode;
using filelock::lock_request;
using std::chrono::steady_clock;
using test::nothing_leaks;
using traits = filelock::queued<filelock::posix_flock_traits>;
using queued_lock = filelock::basic_file_lock<traits>;

#if FILELOCK_THREAD_SANITIZER
constexpr bool makes_threads = false;
#else
constexpr bool makes_threads = true;
#endif

struct files {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";
};

/// Waits until a request of this process stands in the queue of the lock.
void wait_for_waiter() {
  if (makes_threads)
    BOOST_REQUIRE(test::wait_until_blocked(::getpid()));
  else
    std::this_thread::sleep_for(5ms);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_free_lock_makes_no_thread) {
  const files file;
  queued_lock lock(file.path);
  const int before = threads_made;
  for (int i = 0; i != 10; ++i) {
    const std::unique_lock guard(lock, 5s);
    BOOST_TEST(guard.owns_lock());
  }
  BOOST_TEST(threads_made == before);
}

BOOST_AUTO_TEST_CASE(a_wait_without_time_makes_no_thread) {
  const files file;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  const int before = threads_made;
  BOOST_TEST(!waiter.try_lock());
  BOOST_TEST(!waiter.try_lock_for(0s));
  BOOST_TEST(!waiter.try_lock_for(-1s));
  BOOST_TEST(threads_made == before);
}

namespace {

/// flock whose third attempt succeeds.
struct soon_free : filelock::posix_flock_traits {
  static inline int attempts = 0;
  static bool try_lock(int, const lock_request&, std::error_code&) noexcept {
    return ++attempts == 3;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_that_is_soon_free_makes_no_thread) {
  const files file;
  filelock::basic_file_lock<filelock::queued<soon_free>> lock(file.path);
  const int before = threads_made;
  BOOST_TEST(lock.try_lock_for(1h));
  BOOST_TEST(threads_made == before);
}

namespace {

/// Effects: waits, again where a busy machine lets the time pass before the
/// short polls are done, and no thread is made.
template <class Wait>
void check_wait_in_vain(Wait wait, bool makes_thread) {
  const int before = threads_made;
  for (int tries = makes_thread ? 20 : 1; tries != 0; --tries) {
    BOOST_TEST(!wait());
    if (threads_made != before) break;
  }
  BOOST_TEST(threads_made == before + (makes_thread ? 1 : 0));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_deadline) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  const auto begin = steady_clock::now();
  check_wait_in_vain([&] { return waiter.try_lock_for(100ms); }, makes_threads);
  check_wait_in_vain([&] { return waiter.try_lock_shared_for(100ms); },
                     makes_threads);
  BOOST_TEST((steady_clock::now() - begin >= 200ms));
  BOOST_TEST((steady_clock::now() - begin < 20s));
  BOOST_TEST(!waiter.owns_lock());
  holder.unlock();
  BOOST_TEST(holder.try_lock()); // nobody has it in secret
}

BOOST_AUTO_TEST_CASE(a_release_ends_the_wait) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  for (const lock_mode mode : {lock_mode::exclusive, lock_mode::shared}) {
    holder.lock();
    bool is_held = false;
    std::thread thread([&] {
      is_held = mode == lock_mode::exclusive ? waiter.try_lock_for(1h)
                                             : waiter.try_lock_shared_for(1h);
    });
    wait_for_waiter();
    holder.unlock();
    thread.join();
    BOOST_TEST(is_held);
    BOOST_TEST(waiter.owns_lock() == (mode == lock_mode::exclusive));
    BOOST_TEST(!holder.try_lock());
    waiter.unlock();
  }
}

BOOST_AUTO_TEST_CASE(a_killed_holder_ends_the_wait) {
  const files file;
  const nothing_leaks checked;
  auto holder = test::lock_child({file.path.string(), "lock"});
  BOOST_TEST(holder.read_line() == "locked");
  queued_lock waiter(file.path);
  bool is_held = false;
  std::thread thread([&] { is_held = waiter.try_lock_for(1h); });
  wait_for_waiter();
  holder.kill_and_wait();
  thread.join();
  BOOST_TEST(is_held);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_truncated_does_not_matter) {
  const files file;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  std::filesystem::resize_file(file.path, 4096);
  bool is_held = false; // Boost.Test is for one thread
  std::thread thread([&] { is_held = waiter.try_lock_for(1h); });
  wait_for_waiter();
  std::filesystem::resize_file(file.path, 0);
  holder.unlock();
  thread.join();
  BOOST_TEST(is_held);
  BOOST_TEST(waiter.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_deleted_file_is_opened_and_locked_again) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  queued_lock other(file.path);
  holder.lock();
  bool is_held = false;
  std::thread thread([&] { is_held = waiter.try_lock_for(1h); });
  wait_for_waiter();
  std::filesystem::remove(file.path);
  holder.unlock();
  thread.join();
  BOOST_TEST(is_held);
  BOOST_TEST(std::filesystem::exists(file.path));
  BOOST_TEST(!other.try_lock());
}

#if defined(__linux__) // which tells the threads of a process apart

namespace {

std::atomic<int> signals_of_others{0};
std::atomic<int> signals{0};
::pid_t waiting_thread = 0;

extern "C" void take_signal(int) {
  signals.fetch_add(1);
  if (::syscall(SYS_gettid) != waiting_thread) signals_of_others.fetch_add(1);
}

} // namespace

BOOST_AUTO_TEST_CASE(signals_neither_end_the_wait_nor_reach_the_helper) {
  const files file;
  const nothing_leaks checked;
  struct ::sigaction action = {};
  struct ::sigaction before = {};
  action.sa_handler = take_signal; // without SA_RESTART
  ::sigaction(SIGUSR1, &action, &before);
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  bool is_held = false;
  std::atomic<::pid_t> thread_id{0};
  std::thread thread([&] {
    waiting_thread = static_cast<::pid_t>(::syscall(SYS_gettid));
    thread_id = waiting_thread;
    is_held = waiter.try_lock_for(1h);
  });
  while (thread_id == 0)
    std::this_thread::yield();
  wait_for_waiter();
  while (signals < 200) {
    // Each thread but this one: the waiter, and its helper.
    for (const auto& each :
         std::filesystem::directory_iterator("/proc/self/task")) {
      const int id = std::stoi(each.path().filename().string());
      if (id != ::getpid()) ::syscall(SYS_tgkill, ::getpid(), id, SIGUSR1);
    }
    std::this_thread::yield();
  }
  holder.unlock();
  thread.join();
  BOOST_TEST(is_held);
  BOOST_TEST(signals_of_others == 0);
  ::sigaction(SIGUSR1, &before, nullptr);
}

#endif

namespace {

std::atomic<bool> keeps_helpers{false};
std::atomic<int> helpers_kept{0};

/// Does not let a helper end.
struct helper_keeper {
  ~helper_keeper() {
    if (!keeps_helpers) return;
    helpers_kept.fetch_add(1);
    while (keeps_helpers)
      std::this_thread::yield();
    helpers_kept.fetch_sub(1);
  }
};

/// flock, where the exit of a helper lasts as long as the test wants.
struct slow_exit : filelock::posix_flock_traits {
  FILELOCK_CANCELLED static int lock_cancellably(int handle,
                                                 const lock_request& request) {
    static thread_local helper_keeper keeper;
    static_cast<void>(&keeper); // makes it
    return posix_flock_traits::lock_cancellably(handle, request);
  }
};

using slow_exit_lock = filelock::basic_file_lock<filelock::queued<slow_exit>>;

/// Lets `waiter` wait for a release of `holder`, which nobody holds before.
void hand_over(queued_lock& holder, slow_exit_lock& waiter) {
  holder.lock();
  bool is_held = false;
  std::thread thread([&] { is_held = waiter.try_lock_for(1h); });
  wait_for_waiter();
  holder.unlock();
  thread.join();
  BOOST_TEST(is_held);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_waiter_does_not_wait_for_the_exit_of_its_helper) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  slow_exit_lock waiter(file.path);
  keeps_helpers = true;
  hand_over(holder, waiter); // else this would not return
  while (makes_threads && helpers_kept == 0)
    std::this_thread::yield();

  // A child has no such thread, and must not wait for its end.
  auto child =
      test::child_process::forked([&](test::line_channel&) -> std::string {
        keeps_helpers = false;
        queued_lock own(file.path);
        return own.try_lock_for(10ms) ? "the child has the lock" : "";
      });
  BOOST_TEST(child.failure() == "");

  waiter.unlock();
  keeps_helpers = false;
  hand_over(holder, waiter); // joins the first helper before it makes another
  BOOST_TEST(helpers_kept == 0);
}

BOOST_AUTO_TEST_CASE(a_fork_during_the_wait_leaves_the_child_nothing) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  bool is_held = false;
  std::thread thread([&] { is_held = waiter.try_lock_for(1h); });
  wait_for_waiter();
  auto child = test::child_process::forked(
      [&](test::line_channel& parent) -> std::string {
        if (test::count_descriptors_of(file.path.c_str()) != 0)
          return "the child has the file open";
        queued_lock own(file.path);
        if (own.try_lock_for(10ms)) return "the child has the lock";
        parent.write_line("waited");
        return parent.read_line() == "end" ? "" : "no end";
      });
  BOOST_TEST(child.read_line() == "waited");
  holder.unlock();
  thread.join();
  BOOST_TEST(is_held);
  waiter.unlock();
  BOOST_TEST(holder.try_lock()); // though the child lives
  child.write_line("end");
  BOOST_TEST(child.failure() == "");
}

BOOST_AUTO_TEST_CASE(a_wait_polls_if_no_thread_can_be_started) {
  const files file;
  const nothing_leaks checked;
  room_of_others[0] = 1;
  queued_lock holder(file.path);
  queued_lock waiter(file.path);
  holder.lock();
  bool is_held = false;
  std::atomic<bool> begins{false};
  constexpr int not_yet = -1;
  std::atomic<int> refused_at_second{not_yet};
  const int refused_at_first = threads_refused;
  std::thread thread([&] {
    while (!begins)
      std::this_thread::yield();
    do // again where the time has passed before the short polls were done
      BOOST_TEST(!waiter.try_lock_for(50ms));
    while (makes_threads && threads_refused == refused_at_first);
    refused_at_second = threads_refused.load();
    is_held = waiter.try_lock_for(1h);
  });
  refuses_threads = true;
  begins = true;
  while (refused_at_second == not_yet ||
         (makes_threads && threads_refused == refused_at_second))
    std::this_thread::yield();
  holder.unlock();
  thread.join();
  refuses_threads = false;
  BOOST_TEST(is_held);
}

namespace {

struct counting : filelock::posix_flock_traits {
  static inline int attempts = 0;
  static bool try_lock(int handle, const lock_request& request,
                       std::error_code& ec) noexcept {
    ++attempts;
    return posix_flock_traits::try_lock(handle, request, ec);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_wait_that_polls_without_a_thread_pauses) {
  const files file;
  queued_lock holder(file.path);
  filelock::basic_file_lock<filelock::queued<counting>> waiter(file.path);
  holder.lock();
  refuses_threads = true;
  BOOST_TEST(!waiter.try_lock_for(1s));
  refuses_threads = false;
  BOOST_TEST(counting::attempts > 5);
  BOOST_TEST(counting::attempts < 4000); // without pauses: many more
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_at_once_and_holds_nothing) {
  const files file;
  const nothing_leaks checked;
  std::error_code ec;
  const int holder = traits::open(file.path, {}, ec);
  const int waiter = traits::open(file.path, {}, ec);
  BOOST_REQUIRE(traits::try_lock(holder, {}, ec));
  filelock::cancel_source source;
  filelock::canceller stop(source);
  bool is_held = true;
  std::thread thread([&] {
    is_held =
        traits::lock_until(waiter, {}, steady_clock::now() + 1h, stop, ec);
  });
  wait_for_waiter();
  const auto begin = steady_clock::now();
  source.request();
  thread.join();
  BOOST_TEST((steady_clock::now() - begin < 20s));
  BOOST_TEST(!is_held);
  BOOST_TEST(!ec);
  traits::unlock(holder, {}, ec);
  BOOST_TEST(traits::try_lock(holder, {}, ec));
  traits::close(waiter);
  traits::close(holder);
}

#if FILELOCK_HAS_STOP_TOKEN
BOOST_AUTO_TEST_CASE(a_stop_token_ends_the_wait_at_any_moment) {
  const files file;
  const nothing_leaks checked;
  queued_lock holder(file.path);
  holder.lock();
  int stopped = 0;
  for (unsigned round = 0; round != 200; ++round) {
    std::stop_source source;
    std::thread thread([&] {
      queued_lock waiter(file.path);
      const bool is_held = round % 2 == 0
                               ? waiter.lock(source.get_token())
                               : waiter.try_lock_for(1h, source.get_token());
      if (!is_held && !waiter.is_open()) ++stopped;
    });
    test::spin(round * 1000); // before the wait begins, or in the midst of it
    source.request_stop();
    thread.join();
  }
  BOOST_TEST(stopped == 200);
  holder.unlock();
  BOOST_TEST(holder.try_lock());
}
#endif

BOOST_AUTO_TEST_CASE(a_cancel_may_race_with_the_grant) {
  const files file;
  const nothing_leaks checked;
  BOOST_TEST(test::race_of_cancel_and_grant<filelock::posix_flock_traits>(
                 file.path, 10000) == "");
}

// A cancellation point, so also in a build for ThreadSanitizer.
BOOST_AUTO_TEST_CASE(queued_ofd_waits_in_the_kernel_in_every_build) {
  using queued_ofd = filelock::queued<filelock::posix_ofd_traits>;
  const files file;
  const nothing_leaks checked;
  {
    filelock::basic_file_lock<queued_ofd> holder(file.path);
    filelock::basic_file_lock<queued_ofd> waiter(file.path);
    holder.lock();
    check_wait_in_vain([&] { return waiter.try_lock_for(100ms); }, true);
  }
  BOOST_TEST(test::race_of_cancel_and_grant<filelock::posix_ofd_traits>(
                 file.path, 1000) == "");
}

BOOST_AUTO_TEST_CASE(two_hundred_waiters_all_get_their_turn) {
  const files file;
  const nothing_leaks checked;
  constexpr int waiters = 200;
  queued_lock holder(file.path);
  holder.lock();
  int turns = 0;
  std::atomic<int> failures{0};
  std::atomic<int> begun{0};
  std::vector<std::thread> threads;
  for (int i = 0; i != waiters; ++i)
    threads.emplace_back([&] {
      queued_lock lock(file.path);
      ++begun;
      if (!lock.try_lock_for(1h))
        ++failures;
      else
        ++turns; // excluded by the lock
    });
  while (begun != waiters)
    std::this_thread::yield();
  wait_for_waiter();
  holder.unlock();
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(failures == 0);
  BOOST_TEST(turns == waiters);
}

// ---- A system call that fails in the helper ----

namespace {

/// flock whose wait fails, or says that it was interrupted.
struct failing : filelock::posix_flock_traits {
  static inline std::atomic<int> error{0};
  static inline std::atomic<int> calls{0};
  static int lock_cancellably(int, const lock_request&) {
    return ++calls == 1 ? error.load() : 0;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_error_of_the_wait_is_reported_and_holds_nothing) {
  if (!makes_threads) return test::skipped("errors of the helper", "it polls");
  const files file;
  filelock::basic_file_lock<filelock::queued<failing>> lock(file.path);
  queued_lock holder(file.path);
  holder.lock();
  failing::error = ENOLCK;
  failing::calls = 0;
  std::error_code ec;
  BOOST_TEST(!lock.try_lock_for(1h, ec));
  BOOST_TEST((ec == std::errc::no_lock_available));
  BOOST_TEST(!lock.owns_lock());
  BOOST_TEST(failing::calls == 1);
}

BOOST_AUTO_TEST_CASE(an_interrupted_wait_goes_on) {
  if (!makes_threads) return test::skipped("EINTR of the helper", "it polls");
  const files file;
  filelock::basic_file_lock<filelock::queued<failing>> lock(file.path);
  queued_lock holder(file.path);
  holder.lock();
  failing::error = EINTR;
  failing::calls = 0;
  std::error_code ec;
  BOOST_TEST(lock.try_lock_for(1h, ec)); // the second call says zero
  BOOST_TEST(!ec);
  BOOST_TEST(failing::calls == 2);
}

namespace {

/// The helper wins, and is cancelled before it can say so; then the attempt
/// that would tell fails.
struct won_in_secret : filelock::posix_flock_traits {
  static inline std::atomic<bool> has_won{false};
  static bool try_lock(int, const lock_request&, std::error_code& ec) noexcept {
    if (has_won) ec = std::make_error_code(std::errc::no_lock_available);
    return false;
  }
  FILELOCK_CANCELLED static int lock_cancellably(int handle,
                                                 const lock_request&) {
    has_won = ::flock(handle, LOCK_EX) == 0;
    for (;;)
      ::pause(); // a cancellation point
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_that_was_won_before_an_error_is_given_back) {
  if (!makes_threads) return test::skipped("a cancel after a win", "it polls");
  const files file;
  filelock::basic_file_lock<filelock::queued<won_in_secret>> lock(file.path);
  lock.open(); // so that an error does not close it
  std::error_code ec;
  // Again where a busy machine lets the time pass before there is a helper.
  for (int tries = 20; tries != 0 && !won_in_secret::has_won; --tries)
    BOOST_TEST(!lock.try_lock_for(100ms, ec));
  BOOST_TEST(won_in_secret::has_won);
  BOOST_TEST((ec == std::errc::no_lock_available));
  BOOST_TEST(queued_lock(file.path).try_lock());
}
