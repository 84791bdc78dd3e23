// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Acquires of a file_mutex by event loops: they queue, beside threads.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_mutex.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <numeric>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(asio_file_mutex)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::is_free;
using test::often;
using test::polling_lock;
using test::polling_mutex;
using test::run_all;
using test::run_until;
namespace net = boost::asio;
using net::cancellation_type;

struct world {
  test::temporary_folder folder;
  std::filesystem::path path = folder / "mutex";
  polling_mutex mutex{path, often};
  net::io_context context;
  auto executor() { return context.get_executor(); }

  /// Effects: lets the operations go on for a moment, or for long enough.
  void run_for(std::chrono::milliseconds time) {
    context.restart();
    context.run_for(time);
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(operations_have_the_mutex_in_the_order_of_arrival) {
  world w;
  w.mutex.lock();
  constexpr int count = 20;
  std::vector<int> order;
  ending ends[count];
  for (int i = 0; i != count; ++i)
    filelock::async_lock(w.executor(), w.mutex, ends[i].handler([&, i] {
      order.push_back(i);
      BOOST_TEST(!w.mutex.try_lock());
      w.mutex.unlock();
    }));
  w.run_for(5ms);
  BOOST_TEST(order.empty());
  w.mutex.unlock();
  run_all(w.context);
  std::vector<int> expected(count);
  std::iota(expected.begin(), expected.end(), 0);
  BOOST_TEST(order == expected, boost::test_tools::per_element());
  BOOST_TEST(is_free(w.path));
}

BOOST_AUTO_TEST_CASE(an_operation_that_has_the_mutex_keeps_others_out) {
  world w;
  ending end;
  filelock::async_lock(w.executor(), w.mutex, end.handler());
  run_all(w.context);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST(!w.mutex.try_lock());
  BOOST_TEST(!is_free(w.path));
  std::thread([&] { w.mutex.unlock(); }).join(); // of whichever thread
  BOOST_TEST(w.mutex.try_lock());
  w.mutex.unlock();
}

BOOST_AUTO_TEST_CASE(an_operation_waits_for_another_owner_of_the_file) {
  world w;
  polling_lock stranger{w.path, often};
  stranger.lock();
  ending ends[3];
  for (ending& each : ends)
    filelock::async_lock(w.executor(), w.mutex,
                         each.handler([&] { w.mutex.unlock(); }));
  w.run_for(20ms);
  for (const ending& each : ends)
    BOOST_TEST(each.calls == 0);
  stranger.unlock();
  run_all(w.context);
  for (const ending& each : ends)
    BOOST_TEST(each.is_success(), each);
}

BOOST_AUTO_TEST_CASE(readers_are_inside_together) {
  world w;
  w.mutex.lock();
  int inside = 0;
  int most = 0;
  constexpr int count = 8;
  ending ends[count];
  for (ending& each : ends)
    filelock::async_lock_shared(w.executor(), w.mutex, each.handler([&] {
      most = (std::max)(most, ++inside);
      if (inside == count)
        for (int i = 0; i != count; ++i)
          w.mutex.unlock_shared();
    }));
  w.mutex.unlock();
  run_all(w.context);
  for (const ending& each : ends)
    BOOST_TEST(each.is_success(), each);
  BOOST_TEST(most == count);
  BOOST_TEST(is_free(w.path));
}

BOOST_AUTO_TEST_CASE(a_reader_joins_a_thread_that_reads) {
  world w;
  const std::shared_lock guard(w.mutex);
  ending end;
  filelock::async_lock_shared_for(w.executor(), w.mutex, 0s, end.handler());
  run_all(w.context);
  BOOST_TEST(end.is_success(), end);
  w.mutex.unlock_shared();
}

BOOST_AUTO_TEST_CASE(deadlines_end_the_wait_in_the_queue) {
  world w;
  const std::lock_guard guard(w.mutex);
  ending ends[3];
  const auto start = std::chrono::steady_clock::now();
  filelock::async_lock_for(w.executor(), w.mutex, 20ms, ends[0].handler());
  filelock::async_lock_shared_for(w.executor(), w.mutex, -1s,
                                  ends[1].handler());
  filelock::async_lock_until(w.executor(), w.mutex,
                             std::chrono::system_clock::now() + 5ms,
                             ends[2].handler());
  run_all(w.context);
  for (const ending& each : ends)
    BOOST_TEST(each.is_time_out(), each);
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
}

BOOST_AUTO_TEST_CASE(a_deadline_bounds_both_waits_together) {
  world w;
  polling_lock stranger{w.path, often};
  stranger.lock();
  net::cancellation_signal stop;
  ending first;
  ending second;
  const auto start = std::chrono::steady_clock::now();
  filelock::async_lock(w.executor(), w.mutex, first.handler(stop));
  filelock::async_lock_for(w.executor(), w.mutex, 60ms, second.handler());
  w.run_for(20ms);
  stop.emit(cancellation_type::total); // now the second waits for the file
  run_all(w.context);
  const auto waited = std::chrono::steady_clock::now() - start;
  BOOST_TEST(first.is_aborted(), first);
  BOOST_TEST(second.is_time_out(), second);
  BOOST_TEST((waited >= 60ms));
  stranger.unlock();
  BOOST_TEST(w.mutex.try_lock());
  w.mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_cancelled_operation_leaves_the_queue) {
  world w;
  w.mutex.lock();
  net::cancellation_signal stop;
  ending first;
  ending second;
  ending reader;
  filelock::async_lock(w.executor(), w.mutex, first.handler(stop));
  filelock::async_lock(w.executor(), w.mutex, second.handler());
  filelock::async_lock_shared(w.executor(), w.mutex,
                              reader.handler([&] { w.mutex.unlock_shared(); }));
  w.run_for(5ms);
  stop.emit(cancellation_type::total);
  w.run_for(5ms);
  BOOST_TEST(first.is_aborted(), first);
  BOOST_TEST(second.calls == 0);
  w.mutex.unlock();
  w.run_for(500ms);
  w.mutex.unlock();
  run_all(w.context);
  BOOST_TEST(second.is_success(), second);
  BOOST_TEST(reader.is_success(), reader);
  BOOST_TEST(is_free(w.path));
}

BOOST_AUTO_TEST_CASE(a_woken_operation_that_is_cancelled_wakes_the_next) {
  for (const bool is_shared : {false, true}) {
    world w;
    w.mutex.lock();
    net::cancellation_signal stop;
    ending first;
    ending second;
    filelock::async_lock(w.executor(), w.mutex, first.handler(stop));
    if (is_shared)
      filelock::async_lock_shared(w.executor(), w.mutex, second.handler());
    else
      filelock::async_lock(w.executor(), w.mutex, second.handler());
    w.run_for(5ms);
    w.mutex.unlock(); // wakes one of them
    stop.emit(cancellation_type::total);
    run_until(w.context, [&] { return first.calls != 0; });
    BOOST_TEST((first.is_aborted() || first.is_success()), first);
    if (first.is_success()) w.mutex.unlock();
    run_all(w.context);
    BOOST_TEST(second.is_success(), second);
    if (is_shared)
      w.mutex.unlock_shared();
    else
      w.mutex.unlock();
    BOOST_TEST(is_free(w.path));
  }
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_for_the_file) {
  world w;
  polling_lock stranger{w.path, often};
  stranger.lock();
  net::cancellation_signal stop;
  ending first;
  ending second;
  filelock::async_lock(w.executor(), w.mutex, first.handler(stop));
  filelock::async_lock(w.executor(), w.mutex, second.handler());
  w.run_for(5ms);
  stop.emit(cancellation_type::terminal);
  w.run_for(5ms);
  BOOST_TEST(first.is_aborted(), first);
  stranger.unlock();
  run_all(w.context); // the turn went on to the next one
  BOOST_TEST(second.is_success(), second);
}

BOOST_AUTO_TEST_CASE(errors_pass_the_turn_on) {
  const test::temporary_folder folder;
  filelock::open_options no_parents;
  no_parents.create_parents = false;
  polling_mutex mutex{folder / "no" / "lock", often, no_parents};
  net::io_context context;
  ending ends[3];
  for (ending& each : ends)
    filelock::async_lock(context.get_executor(), mutex, each.handler());
  run_all(context);
  for (const ending& each : ends)
    BOOST_TEST(each.is(std::errc::no_such_file_or_directory), each);
}

BOOST_AUTO_TEST_CASE(threads_and_operations_exclude_each_other) {
  world w;
  constexpr int turns = 200;
  int unguarded = 0; // each of which ThreadSanitizer would see
  int done = 0;
  std::function<void()> again = [&] {
    if (done++ == turns) return;
    filelock::async_lock(w.executor(), w.mutex, [&](auto ec) {
      BOOST_TEST_REQUIRE(!ec);
      ++unguarded;
      w.mutex.unlock();
      again();
    });
  };
  again();
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn != turns; ++turn) {
        const std::lock_guard guard(w.mutex);
        ++unguarded;
      }
    });
  run_all(w.context);
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(unguarded == 3 * turns);
}

BOOST_AUTO_TEST_CASE(readers_and_writers_of_both_kinds_end) {
  world w;
  constexpr int turns = 100;
  std::atomic<int> readers{0};
  std::atomic<int> writers{0};
  std::atomic<int> violations{0};
  const auto read = [&] {
    ++readers;
    if (writers != 0) ++violations;
    --readers;
  };
  const auto write = [&] {
    if (++writers != 1 || readers != 0) ++violations;
    --writers;
  };
  int completions = 0;
  std::function<void(int, bool)> again = [&](int left, bool reads) {
    if (left == 0) return;
    const auto then = [&, left, reads](auto ec) {
      BOOST_TEST_REQUIRE(!ec);
      ++completions;
      if (reads) {
        read();
        w.mutex.unlock_shared();
      } else {
        write();
        w.mutex.unlock();
      }
      again(left - 1, !reads);
    };
    if (reads)
      filelock::async_lock_shared(w.executor(), w.mutex, then);
    else
      filelock::async_lock(w.executor(), w.mutex, then);
  };
  for (int i = 0; i != 4; ++i)
    again(turns, i % 2 == 0);
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&, i] {
      for (int turn = 0; turn != turns; ++turn)
        if ((turn + i) % 2 == 0) {
          const std::shared_lock guard(w.mutex);
          read();
        } else {
          const std::lock_guard guard(w.mutex);
          write();
        }
    });
  run_all(w.context);
  for (std::thread& each : threads)
    each.join();
  BOOST_TEST(violations == 0);
  BOOST_TEST(completions == 4 * turns);
}

BOOST_AUTO_TEST_CASE(
    contexts_are_destroyed_while_a_thread_wakes_their_waiters) {
  test::temporary_folder folder;
  const std::filesystem::path path = folder / "mutex";
  polling_mutex mutex{path, often};
  int granted = 0;
  for (int i = 0; i != 200; ++i) {
    mutex.lock();
    std::optional<net::io_context> context(std::in_place);
    ending ends[3];
    for (ending& each : ends)
      filelock::async_lock(context->get_executor(), mutex, each.handler([&] {
        ++granted;
        mutex.unlock();
      }));
    context->poll();
    std::thread release([&] { mutex.unlock(); });
    context->run_for(std::chrono::microseconds(i % 5 * 100));
    context.reset();
    release.join();
    BOOST_TEST_REQUIRE(mutex.try_lock()); // nobody is left over
    mutex.unlock();
  }
  BOOST_TEST(is_free(path));
  BOOST_TEST_MESSAGE(granted << " were granted");
}

BOOST_AUTO_TEST_SUITE_END()
