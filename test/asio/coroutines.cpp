// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// REQUIRES: c++20
// NEEDS: coroutines: clang 14 cannot assemble them with AddressSanitizer

// Coroutines that wait for locks.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_mutex.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <filesystem>
#include <future>
#include <mutex>
#include <vector>

BOOST_AUTO_TEST_SUITE(asio_coroutines)

namespace {

using namespace std::chrono_literals;
using test::is_free;
using test::often;
using test::polling_lock;
using test::polling_mutex;
using test::run_all;
namespace net = boost::asio;

net::awaitable<void> add(std::filesystem::path path, int times,
                         int& unguarded) {
  polling_lock lock{path, often};
  const auto executor = co_await net::this_coro::executor;
  for (int i = 0; i != times; ++i) {
    co_await filelock::async_lock(executor, lock, net::use_awaitable);
    const std::unique_lock guard{lock, std::adopt_lock};
    ++unguarded;
    co_await net::post(executor, net::use_awaitable); // perhaps another thread
    ++unguarded;
  }
}

net::awaitable<bool> is_held_within(polling_lock& lock,
                                    std::chrono::milliseconds time) {
  co_return co_await filelock::async_lock_for(co_await net::this_coro::executor,
                                              lock, time, net::use_awaitable);
}

} // namespace

BOOST_AUTO_TEST_CASE(coroutines_exclude_each_other_on_several_threads) {
  const test::temporary_folder folder;
  net::thread_pool pool(3);
  int unguarded = 0;
  std::vector<std::future<void>> all;
  for (int i = 0; i != 6; ++i)
    all.push_back(net::co_spawn(pool, add(folder / "count", 10, unguarded),
                                net::use_future));
  for (auto& each : all)
    each.get();
  pool.join();
  BOOST_TEST(unguarded == 120);
}

BOOST_AUTO_TEST_CASE(a_tuple_holds_the_error_and_the_answer) {
  const test::temporary_folder folder;
  polling_lock holder{folder / "busy", often};
  holder.lock();
  polling_lock lock{folder / "busy", often};
  net::io_context context;
  const auto wait = [&]() -> net::awaitable<bool> {
    const auto [error, is_held] = co_await filelock::async_lock_for(
        context.get_executor(), lock, 1ms, net::as_tuple(net::use_awaitable));
    co_return !error && !is_held;
  };
  auto timed_out = net::co_spawn(context, wait(), net::use_future);
  run_all(context);
  BOOST_TEST(timed_out.get());
}

BOOST_AUTO_TEST_CASE(an_error_is_thrown_into_the_coroutine) {
  net::io_context context;
  polling_lock nameless{std::filesystem::path(), often};
  auto held =
      net::co_spawn(context, is_held_within(nameless, 1ms), net::use_future);
  run_all(context);
  BOOST_CHECK_THROW(held.get(), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(an_operator_cancels_the_wait_that_loses) {
  using namespace net::experimental::awaitable_operators;
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  holder.lock();
  polling_lock lock{path, often};
  net::io_context context;
  const auto first_of_both = [&]() -> net::awaitable<std::size_t> {
    net::steady_timer timer(context, 5ms);
    const auto result =
        co_await (filelock::async_lock(context.get_executor(), lock,
                                       net::use_awaitable) ||
                  timer.async_wait(net::use_awaitable));
    co_return result.index();
  };
  auto first = net::co_spawn(context, first_of_both(), net::use_future);
  run_all(context);
  BOOST_TEST(first.get() == 1U);
  BOOST_TEST(!lock.is_open());
}

BOOST_AUTO_TEST_CASE(a_destroyed_coroutine_holds_nothing) {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "busy";
  polling_mutex mutex{path, often};
  mutex.lock();
  {
    net::io_context context;
    net::co_spawn(
        context,
        [&]() -> net::awaitable<void> {
          co_await filelock::async_lock(context.get_executor(), mutex,
                                        net::use_awaitable);
          const std::unique_lock guard{mutex, std::adopt_lock};
        },
        net::detached);
    context.run_for(5ms);
  }
  mutex.unlock();
  BOOST_TEST(is_free(path));
}

BOOST_AUTO_TEST_SUITE_END()
