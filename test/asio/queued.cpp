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
#include <filelock/basic_file_lock.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/detail/platform/queue_members.hpp>
#include <filelock/detail/posix/queue_wait.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/posix_flock_traits.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/asio_waits.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/left_threads.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>

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

/// The Platforms whose waits have a helper thread. ThreadSanitizer cannot
/// cancel a thread in flock(2), so such a wait polls.
using systems = std::tuple<
#if !FILELOCK_THREAD_SANITIZER
    filelock::posix_flock_traits
#if FILELOCK_HAS_OFD_LOCKS
    ,
#endif
#endif
#if FILELOCK_HAS_OFD_LOCKS
    filelock::posix_ofd_traits
#endif
    >;

/// A context, and a path on which `holder` has the lock.
template <class System>
struct held_world {
  using lock_type = filelock::basic_file_lock<filelock::queued<System>,
                                              filelock::constant_backoff>;

  test::temporary_folder folder;
  std::filesystem::path path = folder / "busy";
  filelock::basic_file_lock<System> holder{path};
  std::unique_ptr<net::io_context> context =
      std::make_unique<net::io_context>(1);
  lock_type lock{path, never_polls};
  held_world() { holder.lock(); }

  auto executor() { return context->get_executor(); }

  bool is_free() const {
    filelock::basic_file_lock<System> stranger{path};
    return stranger.try_lock();
  }

  /// Effects: runs until a wait stands in the kernel's queue.
  void run_until_queued() {
#if defined(__linux__)
    run_until(*context, [&] { return test::is_blocked_on(path); });
#else
    context->restart();
    context->run_for(20ms);
#endif
  }
};

/// The system call cannot be interrupted, as on some network file systems.
template <class System>
struct stubborn : System {
  FILELOCK_CANCELLED static int
  lock_cancellably(int handle, const filelock::lock_request& request) {
    int previous;
    ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &previous);
    return System::lock_cancellably(handle, request);
  }
};

/// Keeps the signal mask of the thread that waits.
struct recorded_mask {
  static inline ::sigset_t mask;
  static bool blocks(int signal) { return sigismember(&mask, signal) == 1; }
};
template <class System>
struct recording_system : System {
  FILELOCK_CANCELLED static int
  lock_cancellably(int handle, const filelock::lock_request& request) {
    ::pthread_sigmask(SIG_SETMASK, nullptr, &recorded_mask::mask);
    return System::lock_cancellably(handle, request);
  }
};
/// The same, with a lock_until of its own.
struct recording_platform : platform {
  static bool lock_until(int handle, const filelock::lock_request& request,
                         const std::chrono::steady_clock::time_point& end,
                         filelock::canceller& stop,
                         std::error_code& ec) noexcept {
    ::pthread_sigmask(SIG_SETMASK, nullptr, &recorded_mask::mask);
    return platform::lock_until(handle, request, end, stop, ec);
  }
};

static_assert(filelock::detail::waits_in_queue_v<platform>);
static_assert(filelock::detail::waits_in_queue_v<filelock::marked<platform>>);
static_assert(!filelock::detail::waits_in_queue_v<recording_platform>);
static_assert(
    !filelock::detail::waits_in_queue_v<filelock::marked<recording_platform>>);
#if FILELOCK_HAS_OFD_LOCKS
static_assert(!filelock::detail::waits_in_queue_v<
              filelock::fifo<filelock::queued<filelock::posix_ofd_traits>>>);
#endif
static_assert(
    !filelock::detail::waits_in_queue_v<filelock::posix_flock_traits>);

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

#if FILELOCK_THREAD_SANITIZER
BOOST_AUTO_TEST_CASE(a_wait_in_flock_has_no_helper_that_could_be_cancelled) {
  test::skipped("helper threads in flock(2)",
                "ThreadSanitizer cannot cancel them; those of OFD locks run");
}
#endif

#if defined(__linux__)
BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_in_the_queue_has_one_helper_thread, System,
                              systems) {
  std::thread([] {}).join(); // ThreadSanitizer's comes with the first
  BOOST_TEST(test::no_thread_is_left());
  held_world<System> world;
  ending end;
  const int before = test::count_threads();
  filelock::async_lock_for(world.executor(), world.lock, 1h, end.handler());
  world.run_until_queued();
  BOOST_TEST(test::count_threads() == before + 1);
  world.holder.unlock();
  run_all(*world.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(test::no_thread_is_left());
}
#endif

BOOST_AUTO_TEST_CASE_TEMPLATE(the_loop_does_not_wait_for_a_system_call, System,
                              systems) {
  for (const bool is_cancelled : {false, true}) {
    held_world<stubborn<System>> world;
    net::cancellation_signal stop;
    ending end;
    if (is_cancelled)
      filelock::async_lock(world.executor(), world.lock, end.handler(stop));
    else
      filelock::async_lock_for(world.executor(), world.lock, 2ms,
                               end.handler());
    world.run_until_queued();
    stop.emit(cancellation_type::total);
    bool goes_on = false;
    net::steady_timer later(*world.context, 20ms);
    later.async_wait([&](auto) { goes_on = true; });
    run_until(*world.context, [&] { return goes_on; });
    BOOST_TEST(end.calls == 0);
    world.holder.unlock();
    run_all(*world.context);
    // The call got the lock after all.
    BOOST_TEST(end.is_success(), end);
    BOOST_TEST(world.lock.owns_lock());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_destroyed_wait_leaves_the_queue, System,
                              systems) {
  for (const bool was_open : {false, true})
    for (const bool is_granted : {false, true}) {
      held_world<System> world;
      ending end;
      if (was_open) world.lock.open();
      const int before = test::count_descriptors();
      filelock::async_lock(world.executor(), world.lock, end.handler());
      world.run_until_queued();
      if (is_granted) {
        world.holder.unlock(); // the helper gets it, and the loop does not run
#if defined(__linux__)
        BOOST_TEST(test::wait_until_seen(
            [&] { return !test::is_blocked_on(world.path); }));
#endif
      }
      world.context.reset();
      BOOST_TEST(end.calls == 0);
      BOOST_TEST(world.lock.is_open() == was_open);
      BOOST_TEST(!world.lock.owns_lock());
      BOOST_TEST(test::count_descriptors() == before);
      BOOST_TEST(world.is_free() == is_granted);
#if defined(__linux__)
      BOOST_TEST(test::no_thread_is_left());
#endif
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(grants_and_destructions_may_meet, System,
                              systems) {
  for (int i = 0; i != 100; ++i) {
    held_world<System> world;
    ending end;
    filelock::async_lock(world.executor(), world.lock, end.handler());
    if (i % 2 == 0) world.run_until_queued();
    std::thread release([&] { world.holder.unlock(); });
    std::this_thread::sleep_for(std::chrono::microseconds(2 * i));
    world.context.reset();
    release.join();
    BOOST_TEST_REQUIRE(end.calls == 0);
    BOOST_TEST_REQUIRE(world.is_free());
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    grants_and_cancels_that_meet_leave_nothing_in_between, System, systems) {
  held_world<System> world;
  int held = 0;
  for (int i = 0; i != 100; ++i) {
    typename held_world<System>::lock_type lock{world.path, never_polls};
    net::cancellation_signal stop;
    ending end;
    filelock::async_lock(world.executor(), lock, end.handler(stop));
    net::steady_timer release(*world.context, 300us);
    release.async_wait([&](auto) { world.holder.unlock(); });
    net::steady_timer cancel(*world.context, std::chrono::microseconds(6 * i));
    cancel.async_wait([&](auto) { stop.emit(cancellation_type::total); });
    run_all(*world.context);
    BOOST_TEST_REQUIRE((end.is_success() || end.is_aborted()), end);
    BOOST_TEST_REQUIRE(lock.owns_lock() == end.is_held);
    BOOST_TEST_REQUIRE(world.is_free() == !end.is_held);
    held += end.is_held;
    if (end.is_held) lock.unlock();
    world.holder.lock();
  }
  BOOST_TEST_MESSAGE(held << " of 100 were granted");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    grants_and_deadlines_that_meet_leave_nothing_in_between, System, systems) {
  held_world<System> world;
  int held = 0;
  for (int i = 0; i != 100; ++i) {
    typename held_world<System>::lock_type lock{world.path, never_polls};
    ending end;
    const std::chrono::microseconds length(6 * i);
    const auto start = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point over;
    filelock::async_lock_for(world.executor(), lock, length, end.handler([&] {
      over = std::chrono::steady_clock::now();
    }));
    net::steady_timer release(*world.context, 300us);
    release.async_wait([&](auto) { world.holder.unlock(); });
    run_all(*world.context);
    BOOST_TEST_REQUIRE((end.is_success() || end.is_time_out()), end);
    BOOST_TEST_REQUIRE((end.is_held || over - start >= length));
    BOOST_TEST_REQUIRE(lock.owns_lock() == end.is_held);
    BOOST_TEST_REQUIRE(world.is_free() == !end.is_held);
    held += end.is_held;
    if (end.is_held) lock.unlock();
    world.holder.lock();
  }
  BOOST_TEST_MESSAGE(held << " of 100 were granted");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_may_cancel_its_copy, System,
                              systems) {
  held_world<System> world;
  net::cancellation_signal stop;
  ending end;
  filelock::async_lock(world.executor(), world.lock, end.handler(stop));
  world.run_until_queued();
  world.context->notify_fork(net::execution_context::fork_prepare);
  test::child_process child =
      test::child_process::forked([&](test::line_channel&) -> std::string {
        world.context->notify_fork(net::execution_context::fork_child);
        stop.emit(cancellation_type::total);
        world.context->restart();
        world.context->run_for(test::loop_patience);
        if (!end.is_aborted()) return "not aborted";
        return world.lock.is_open() ? "the file is open" : "";
      });
  world.context->notify_fork(net::execution_context::fork_parent);
  BOOST_TEST(child.failure() == "");
  BOOST_TEST(end.calls == 0);
  world.holder.unlock();
  run_all(*world.context);
  BOOST_TEST(end.is_success(), end);
}

#if !FILELOCK_THREAD_SANITIZER // it ends a child that makes a thread
BOOST_AUTO_TEST_CASE_TEMPLATE(a_copy_in_a_child_waits_on_a_file_of_its_own,
                              System, systems) {
  held_world<System> world;
  // The wait is in slices of 1 ms, so the loop of the child goes on.
  filelock::basic_file_lock<filelock::queued<System>,
                            filelock::limited<filelock::constant_backoff>>
      lock{world.path, filelock::limited(often, 1000)};
  ending end;
  filelock::async_lock_for(world.executor(), lock, 100ms, end.handler());
  world.context->run_for(5ms);
  world.context->notify_fork(net::execution_context::fork_prepare);
  test::child_process child =
      test::child_process::forked([&](test::line_channel&) -> std::string {
        world.context->notify_fork(net::execution_context::fork_child);
        world.context->restart();
        world.context->run_for(test::loop_patience);
        return end.is_time_out() ? ""
                                 : std::to_string(end.calls) + " calls, " +
                                       end.error.message();
      });
  world.context->notify_fork(net::execution_context::fork_parent);
  BOOST_TEST(child.failure() == "");
  world.context.reset(); // before the lock
}
#endif

BOOST_AUTO_TEST_CASE(no_helper_rings_while_the_process_forks) {
  // The child would find the mutexes of Asio locked, by a thread that it does
  // not have.
  net::io_context context;
  using alarm = filelock::detail::alarm<std::chrono::steady_clock,
                                        net::io_context::executor_type>;
  alarm bell(context.get_executor());
  int calls = 0;
  bell.wait(1h, [&](auto) { ++calls; });
  std::atomic<bool> has_rung{false};
  context.notify_fork(net::execution_context::fork_prepare);
  std::thread helper([&] {
    bell.ring();
    has_rung = true;
  });
  std::this_thread::sleep_for(20ms);
  BOOST_TEST(!has_rung);
  alarm own(context.get_executor()); // of the thread that forks
  own.ring();
  own.end();
  context.notify_fork(net::execution_context::fork_parent);
  helper.join();
  run_all(context);
  BOOST_TEST(calls == 1);
  bell.end();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_may_destroy_its_copy, System,
                              systems) {
  for (const bool was_open : {false, true}) {
    held_world<System> world;
    ending end;
    if (was_open) world.lock.open();
    filelock::async_lock(world.executor(), world.lock, end.handler());
    world.run_until_queued();
    world.context->notify_fork(net::execution_context::fork_prepare);
    test::child_process child =
        test::child_process::forked([&](test::line_channel&) -> std::string {
          world.context->notify_fork(net::execution_context::fork_child);
          world.context.reset();
          return end.calls == 0 ? "" : "the handler was called";
        });
    world.context->notify_fork(net::execution_context::fork_parent);
    BOOST_TEST(child.failure() == "");
    world.holder.unlock();
    run_all(*world.context);
    BOOST_TEST(end.is_success(), end);
    BOOST_TEST(!world.is_free());
  }
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

BOOST_AUTO_TEST_CASE_TEMPLATE(helpers_take_no_signals, System, systems) {
  held_world<recording_system<System>> world;
  ending end;
  filelock::async_lock(world.executor(), world.lock, end.handler());
  world.run_until_queued();
  world.holder.unlock();
  run_all(*world.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(recorded_mask::blocks(SIGUSR1));
  BOOST_TEST(recorded_mask::blocks(SIGCHLD));
}

BOOST_AUTO_TEST_CASE(a_derived_platform_waits_in_its_own_lock_until) {
  busy_world world;
  sigemptyset(&recorded_mask::mask);
  filelock::basic_file_lock<recording_platform> lock{world.path};
  ending end;
#if defined(__linux__) && !FILELOCK_THREAD_SANITIZER
  BOOST_TEST(test::no_thread_is_left());
  const int before = test::count_threads();
#endif
  filelock::async_lock(world.executor(), lock, end.handler());
  world.run_until_queued();
#if defined(__linux__) && !FILELOCK_THREAD_SANITIZER
  BOOST_TEST(test::count_threads() == before + 2); // one is that of queued<P>
#endif
  world.holder.unlock();
  run_all(world.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(recorded_mask::blocks(SIGUSR1));
  BOOST_TEST(recorded_mask::blocks(SIGCHLD));
}

BOOST_AUTO_TEST_SUITE_END()
