// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: queued<P> is for it

// Waits in the kernel's queue, each on a helper thread of its own.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/asio_waits.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <thread>

BOOST_AUTO_TEST_SUITE(asio_queued)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::is_free;
using test::often;
using test::polling_lock;
using test::run_all;
using test::run_until;
namespace net = boost::asio;
using net::cancellation_type;

using platform = filelock::queued<filelock::posix_flock_traits>;
/// Would wait for an hour if it polled.
using queued_lock =
    filelock::basic_file_lock<platform, filelock::constant_backoff>;
constexpr filelock::constant_backoff never_polls{1h};

/// Keeps the signal mask of the thread that waits.
struct recording_platform : platform {
  static inline ::sigset_t mask;
  static bool lock_until(int handle, const filelock::lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    return platform::lock_until(handle, request, end, stop, ec);
  }
  static bool blocked(int signal) { return sigismember(&mask, signal) == 1; }
};

struct busy_world : test::busy_world {
  /// Effects: runs until a wait stands in the kernel's queue.
  void run_until_queued() {
    // ThreadSanitizer cannot cancel a thread in flock(2), so the wait polls.
#if defined(__linux__) && !FILELOCK_THREAD_SANITIZER
    run_until(context, [&] { return test::is_blocked_on(path); });
#else
    context.restart();
    context.run_for(20ms);
#endif
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_release_wakes_the_waiter_in_the_queue) {
  busy_world world;
  queued_lock lock{world.path, never_polls};
  ending ends[2];
  filelock::async_lock(world.executor(), lock, ends[0].handler());
  world.run_until_queued();
  BOOST_TEST(ends[0].calls == 0);
  world.holder.unlock();
  run_all(world.context);
  BOOST_TEST(ends[0].is_success(), ends[0]);
  BOOST_TEST((ends[0].thread == std::this_thread::get_id()));
  lock.unlock();
  world.holder.lock();
  filelock::async_lock_shared_for(world.executor(), lock, 1h,
                                  ends[1].handler());
  world.run_until_queued();
  world.holder.unlock();
  run_all(world.context);
  BOOST_TEST(ends[1].is_success(), ends[1]);
}

BOOST_AUTO_TEST_CASE(another_process_is_waited_for_in_the_queue) {
  busy_world world;
  world.holder.unlock();
  test::child_process child = test::lock_child({world.path.string()});
  BOOST_TEST_REQUIRE(child.ask("lock") == "locked");
  queued_lock lock{world.path, never_polls};
  ending end;
  filelock::async_lock(world.executor(), lock, end.handler());
  world.run_until_queued();
  child.kill_and_wait();
  run_all(world.context);
  BOOST_TEST(end.is_success(), end);
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_the_wait_in_the_queue) {
  busy_world world;
  queued_lock lock{world.path, never_polls};
  ending end;
  const auto start = std::chrono::steady_clock::now();
  filelock::async_lock_for(world.executor(), lock, 20ms, end.handler());
  run_all(world.context);
  BOOST_TEST(end.is_time_out(), end);
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_in_the_queue) {
  busy_world world;
  queued_lock lock{world.path, never_polls};
  for (const bool is_queued : {false, true}) {
    net::cancellation_signal stop;
    ending end;
    filelock::async_lock(world.executor(), lock, end.handler(stop));
    if (is_queued) world.run_until_queued();
    stop.emit(cancellation_type::total);
    run_all(world.context);
    BOOST_TEST(end.is_aborted(), end);
    BOOST_TEST(!lock.is_open());
  }
  BOOST_TEST(test::count_descriptors_of(world.path.c_str()) == 1);
  world.holder.unlock();
  BOOST_TEST(is_free(world.path));
}

BOOST_AUTO_TEST_CASE(a_destroyed_wait_leaves_the_queue) {
  busy_world world;
  queued_lock lock{world.path, never_polls};
  ending end;
  for (const bool is_released : {false, true}) {
    const int before = test::count_descriptors();
    {
      net::io_context context;
      filelock::async_lock(context.get_executor(), lock, end.handler());
      world.run_until_queued();
      if (is_released) world.holder.unlock(); // the helper may have got it
    }
    BOOST_TEST(end.calls == 0);
    BOOST_TEST(!lock.is_open());
    BOOST_TEST(test::count_descriptors() == before);
  }
  BOOST_TEST(is_free(world.path));
}

BOOST_AUTO_TEST_CASE(grants_and_cancels_that_meet_leave_nothing_in_between) {
  busy_world world;
  int held = 0;
  for (int i = 0; i != 100; ++i) {
    queued_lock lock{world.path, never_polls};
    net::cancellation_signal stop;
    ending end;
    filelock::async_lock(world.executor(), lock, end.handler(stop));
    net::steady_timer release(world.context, 300us);
    release.async_wait([&](auto) { world.holder.unlock(); });
    net::steady_timer cancel(world.context, std::chrono::microseconds(6 * i));
    cancel.async_wait([&](auto) { stop.emit(cancellation_type::total); });
    run_all(world.context);
    BOOST_TEST_REQUIRE((end.is_success() || end.is_aborted()), end);
    BOOST_TEST_REQUIRE(lock.owns_lock() == end.is_held);
    BOOST_TEST_REQUIRE(is_free(world.path) == !end.is_held);
    held += end.is_held;
    if (end.is_held) lock.unlock();
    world.holder.lock();
  }
  BOOST_TEST_MESSAGE(held << " of 100 were granted");
}

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_is_asked_by_the_loop) {
  busy_world world;
  filelock::basic_file_lock<platform,
                            filelock::limited<filelock::constant_backoff>>
      lock{world.path, filelock::limited(often, 3)};
  ending end;
  filelock::async_lock(world.executor(), lock, end.handler());
  run_all(world.context);
  BOOST_TEST(end.is(std::errc::timed_out), end);
}

BOOST_AUTO_TEST_CASE(mutexes_wait_in_the_queue_too) {
  busy_world world;
  filelock::basic_file_mutex<platform, filelock::constant_backoff> mutex{
      world.path, never_polls};
  constexpr int count = 5;
  std::deque<ending> ends(count);
  for (ending& each : ends)
    filelock::async_lock(world.executor(), mutex,
                         each.handler([&] { mutex.unlock(); }));
  world.run_until_queued();
  world.holder.unlock();
  run_all(world.context);
  for (const ending& each : ends)
    BOOST_TEST(each.is_success(), each);
  BOOST_TEST(is_free(world.path));
}

BOOST_AUTO_TEST_CASE(many_waits_stand_in_the_queue_at_once) {
  busy_world world;
  constexpr int count = 40;
  std::deque<queued_lock> locks;
  std::deque<ending> ends(count);
  for (ending& each : ends) {
    queued_lock& lock = locks.emplace_back(world.path, never_polls);
    filelock::async_lock(world.executor(), lock,
                         each.handler([&lock] { lock.unlock(); }));
  }
  world.run_until_queued();
  world.holder.unlock();
  run_all(world.context);
  for (const ending& each : ends)
    BOOST_TEST(each.is_success(), each);
}

BOOST_AUTO_TEST_CASE(helpers_take_no_signals) {
  busy_world world;
  filelock::basic_file_lock<recording_platform> lock{world.path};
  ending end;
  filelock::async_lock(world.executor(), lock, end.handler());
  world.run_until_queued();
  world.holder.unlock();
  run_all(world.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(recording_platform::blocked(SIGUSR1));
  BOOST_TEST(recording_platform::blocked(SIGCHLD));
}

BOOST_AUTO_TEST_SUITE_END()
