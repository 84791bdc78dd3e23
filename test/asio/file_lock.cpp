// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Acquires of a basic_file_lock by an event loop.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/backoff/wait_state.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/native_traits.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>

BOOST_AUTO_TEST_SUITE(asio_file_lock)

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

struct busy_world : test::busy_world {
  void release_after(std::chrono::milliseconds time) {
    timer.expires_after(time);
    timer.async_wait([this](auto) { holder.unlock(); });
  }
  net::steady_timer timer{context};
};

/// Counts its calls, and keeps the thread of the last one.
struct observed_policy {
  struct record {
    int asked = 0;
    std::thread::id thread;
    std::optional<filelock::wait_result> result;
  };
  record* seen;
  std::chrono::milliseconds operator()(const filelock::wait_state&) const {
    ++seen->asked;
    seen->thread = std::this_thread::get_id();
    return 1ms;
  }
  void finished(const filelock::wait_result& result) { seen->result = result; }
};

template <class Policy>
using lock_by = filelock::basic_file_lock<filelock::native_traits, Policy>;

} // namespace

// ---- Grants ----

BOOST_AUTO_TEST_CASE(the_handler_of_a_free_lock_runs_after_the_call) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "free";
  polling_lock lock{path, often};
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler());
  BOOST_TEST(end.calls == 0);
  run_all(context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(!is_free(path));
  lock.unlock();
  BOOST_TEST(is_free(path));
}

BOOST_AUTO_TEST_CASE(a_guard_adopts_what_was_acquired) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "free";
  polling_lock lock{path, often};
  net::io_context context;
  filelock::async_lock(context.get_executor(), lock, [&](auto ec) {
    BOOST_TEST_REQUIRE(!ec);
    const std::unique_lock guard{lock, std::adopt_lock};
    BOOST_TEST(!is_free(path));
  });
  run_all(context);
  BOOST_TEST(is_free(path));
}

BOOST_AUTO_TEST_CASE(a_busy_lock_is_acquired_after_its_release) {
  busy_world world;
  polling_lock lock{world.path, often};
  ending end;
  filelock::async_lock(world.executor(), lock, end.handler());
  world.context.run_for(20ms);
  BOOST_TEST(end.calls == 0);
  world.holder.unlock();
  run_all(world.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(shared_holds_are_side_by_side_and_keep_writers_out) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "shared";
  polling_lock a{path, often};
  polling_lock b{path, often};
  polling_lock c{path, often};
  polling_lock writer{path, often};
  net::io_context context;
  const auto executor = context.get_executor();
  ending ends[4];
  filelock::async_lock_shared(executor, a, ends[0].handler());
  filelock::async_lock_shared_for(executor, b, 1h, ends[1].handler());
  filelock::async_lock_shared_until(
      executor, c, std::chrono::steady_clock::now() + 1h, ends[2].handler());
  run_all(context);
  for (int i = 0; i != 3; ++i)
    BOOST_TEST(ends[i].is_success(), ends[i]);
  BOOST_TEST(a.owns_lock_shared());
  BOOST_TEST(c.owns_lock_shared());
  filelock::async_lock(executor, writer, ends[3].handler());
  context.restart();
  context.run_for(10ms);
  BOOST_TEST(ends[3].calls == 0);
  a.unlock();
  b.unlock();
  c.unlock();
  run_all(context);
  BOOST_TEST(ends[3].is_success(), ends[3]);
}

// ---- Deadlines ----

BOOST_AUTO_TEST_CASE(a_deadline_ends_the_wait_without_an_error) {
  busy_world world;
  polling_lock lock{world.path, often};
  const auto start = std::chrono::steady_clock::now();
  ending ends[2];
  filelock::async_lock_for(world.executor(), lock, 20ms, ends[0].handler());
  run_all(world.context);
  BOOST_TEST(ends[0].is_time_out(), ends[0]);
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
  filelock::async_lock_until(world.executor(), lock,
                             std::chrono::system_clock::now() + 20ms,
                             ends[1].handler());
  run_all(world.context);
  BOOST_TEST(ends[1].is_time_out(), ends[1]);
  BOOST_TEST(!lock.is_open()); // as it was
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_is_one_attempt) {
  busy_world world;
  polling_lock lock{world.path, often};
  ending ends[2];
  filelock::async_lock_for(world.executor(), lock, -1h, ends[0].handler());
  run_all(world.context);
  BOOST_TEST(ends[0].is_time_out(), ends[0]);
  world.holder.unlock();
  filelock::async_lock_for(world.executor(), lock, -1h, ends[1].handler());
  run_all(world.context);
  BOOST_TEST(ends[1].is_success(), ends[1]);
}

BOOST_AUTO_TEST_CASE(a_busy_lock_is_acquired_before_its_deadline) {
  busy_world world;
  polling_lock lock{world.path, often};
  ending end;
  filelock::async_lock_for(world.executor(), lock, (std::chrono::hours::max)(),
                           end.handler());
  world.release_after(10ms);
  run_all(world.context);
  BOOST_TEST(end.is_success(), end);
}

// ---- Errors ----

BOOST_AUTO_TEST_CASE(errors_complete_the_operation) {
  const test::temporary_folder folder;
  net::io_context context;
  filelock::open_options no_parents;
  no_parents.create_parents = false;
  polling_lock missing{folder / "no" / "lock", often, no_parents};
  polling_lock folder_itself{folder.path(), often};
  polling_lock nameless{std::filesystem::path(), often};
  ending ends[3];
  const auto executor = context.get_executor();
  filelock::async_lock(executor, missing, ends[0].handler());
  filelock::async_lock_for(executor, folder_itself, 1h, ends[1].handler());
  filelock::async_lock_shared(executor, nameless, ends[2].handler());
  run_all(context);
  BOOST_TEST(ends[0].is(std::errc::no_such_file_or_directory), ends[0]);
  BOOST_TEST(ends[1].is(std::errc::is_a_directory), ends[1]);
  BOOST_TEST(ends[2].is(std::errc::invalid_argument), ends[2]);
  // Boost's own error, not one that wraps that of the standard.
  namespace errc = boost::system::errc;
  BOOST_TEST((ends[2].error == make_error_code(errc::invalid_argument)));
}

BOOST_AUTO_TEST_CASE(a_second_operation_on_one_lock_is_an_error) {
  busy_world world;
  polling_lock lock{world.path, often};
  ending first;
  ending second;
  filelock::async_lock(world.executor(), lock, first.handler());
  filelock::async_lock_for(world.executor(), lock, 1h, second.handler());
  run_until(world.context, [&] { return second.calls != 0; });
  BOOST_TEST(second.is(std::errc::resource_deadlock_would_occur), second);
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec)); // neither may a thread
  BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
  lock.unlock(); // changes nothing
  BOOST_TEST(first.calls == 0);
  world.release_after(1ms);
  run_all(world.context);
  BOOST_TEST(first.is_success(), first);
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_held_is_an_error) {
  busy_world world;
  ending end;
  filelock::async_lock(world.executor(), world.holder, end.handler());
  run_all(world.context);
  BOOST_TEST(end.is(std::errc::resource_deadlock_would_occur), end);
  BOOST_TEST(world.holder.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_hold_belongs_to_no_thread) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "handed";
  polling_lock lock{path, often};
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler());
  run_all(context);
  BOOST_TEST_REQUIRE(end.is_success(), end);
  const auto is_refused = [&] { // not counted, whoever asks
    std::error_code ec;
    BOOST_TEST(!lock.try_lock(ec));
    BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
  };
  is_refused();
  std::thread(is_refused).join();
  std::thread([&] { lock.unlock(); }).join();
  BOOST_TEST(!lock.owns_lock());
  BOOST_TEST(is_free(path));
  lock.lock(); // by a thread, and counted
  BOOST_TEST(lock.try_lock());
  lock.unlock();
  lock.unlock();
  BOOST_TEST(is_free(path));
}

// ---- Policies ----

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_ends_the_wait) {
  busy_world world;
  lock_by<filelock::limited<filelock::constant_backoff>> lock{
      world.path, filelock::limited(often, 3)};
  ending ends[2];
  filelock::async_lock(world.executor(), lock, ends[0].handler());
  run_all(world.context);
  BOOST_TEST(ends[0].is(std::errc::timed_out), ends[0]);
  filelock::async_lock_for(world.executor(), lock, 1h, ends[1].handler());
  run_all(world.context);
  BOOST_TEST(ends[1].is_time_out(), ends[1]);
}

BOOST_AUTO_TEST_CASE(what_a_policy_throws_is_the_error) {
  busy_world world;
  const auto ends_with = [&](auto policy, std::errc error) {
    lock_by<decltype(policy)> lock{world.path, policy};
    ending end;
    filelock::async_lock(world.executor(), lock, end.handler());
    run_all(world.context);
    BOOST_TEST(end.is(error), end);
    BOOST_TEST(!lock.owns_lock());
    BOOST_TEST(!lock.is_open());
    world.holder.unlock();
    ending later; // the lock is not reserved any more
    filelock::async_lock(world.executor(), lock, later.handler());
    run_all(world.context);
    BOOST_TEST(later.is_success(), later);
    lock.unlock();
    world.holder.lock();
  };
  ends_with(
      [](const filelock::wait_state&) -> std::chrono::milliseconds {
        throw std::bad_alloc();
      },
      std::errc::not_enough_memory);
  ends_with(
      [](const filelock::wait_state&) -> std::chrono::milliseconds {
        throw std::system_error(
            std::make_error_code(std::errc::host_unreachable));
      },
      std::errc::host_unreachable);
  ends_with(
      [asked = 0](const filelock::wait_state&) mutable {
        if (++asked == 3) throw std::runtime_error("enough");
        return std::chrono::milliseconds(1);
      },
      std::errc::operation_canceled);
}

BOOST_AUTO_TEST_CASE(the_policy_is_asked_by_the_loop_and_told_the_end) {
  busy_world world;
  observed_policy::record seen;
  lock_by<observed_policy> lock{world.path, observed_policy{&seen}};
  ending end;
  filelock::async_lock(world.executor(), lock, end.handler());
  world.release_after(10ms);
  std::thread::id loop;
  std::thread([&] {
    loop = std::this_thread::get_id();
    run_all(world.context);
  }).join();
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(seen.asked > 1);
  BOOST_TEST((seen.thread == loop));
  BOOST_TEST_REQUIRE(seen.result.has_value());
  BOOST_TEST((seen.result->outcome == filelock::wait_outcome::acquired));
}

// ---- Cancellation ----

BOOST_AUTO_TEST_CASE(each_type_of_cancellation_ends_the_wait) {
  busy_world world;
  polling_lock lock{world.path, filelock::constant_backoff(1h)};
  for (const auto type : {cancellation_type::terminal,
                          cancellation_type::partial, cancellation_type::total})
    for (const bool runs_before : {false, true}) {
      net::cancellation_signal stop;
      ending end;
      filelock::async_lock(world.executor(), lock, end.handler(stop));
      if (runs_before) world.context.run_for(5ms);
      stop.emit(type);
      run_all(world.context);
      BOOST_TEST(end.is_aborted(), end);
      BOOST_TEST(!lock.is_open());
    }
  world.holder.unlock();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_timed_wait_is_cancelled_too) {
  busy_world world;
  polling_lock lock{world.path, often};
  net::cancellation_signal stop;
  ending end;
  filelock::async_lock_shared_for(world.executor(), lock, 1h,
                                  end.handler(stop));
  world.context.run_for(5ms);
  stop.emit(cancellation_type::total);
  run_all(world.context);
  BOOST_TEST(end.is_aborted(), end);
}

BOOST_AUTO_TEST_CASE(a_cancel_after_the_grant_comes_too_late) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "granted";
  polling_lock lock{path, often};
  net::io_context context;
  net::cancellation_signal stop;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler(stop));
  stop.emit(cancellation_type::total);
  run_all(context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(!is_free(path));
  stop.emit(cancellation_type::total); // to nobody
  lock.unlock();
  BOOST_TEST(is_free(path));
}

BOOST_AUTO_TEST_CASE(grants_and_cancels_that_meet_leave_nothing_in_between) {
  busy_world world;
  int held = 0;
  for (int i = 0; i != 200; ++i) {
    polling_lock lock{world.path, filelock::constant_backoff(10us)};
    net::cancellation_signal stop;
    ending end;
    filelock::async_lock(world.executor(), lock, end.handler(stop));
    net::steady_timer release(world.context, 100us);
    release.async_wait([&](auto) { world.holder.unlock(); });
    net::steady_timer cancel(world.context, std::chrono::microseconds(i));
    cancel.async_wait([&](auto) { stop.emit(cancellation_type::total); });
    run_all(world.context);
    BOOST_TEST_REQUIRE((end.is_success() || end.is_aborted()), end);
    BOOST_TEST_REQUIRE(lock.owns_lock() == end.is_held);
    BOOST_TEST_REQUIRE(is_free(world.path) == !end.is_held);
    held += end.is_held;
    if (end.is_held) lock.unlock();
    world.holder.lock();
  }
  BOOST_TEST_MESSAGE(held << " of 200 were granted");
}

BOOST_AUTO_TEST_SUITE_END()
