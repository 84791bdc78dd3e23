// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Completion tokens of each kind.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>

#include "support/asio_waits.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <filesystem>
#include <future>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

BOOST_AUTO_TEST_SUITE(asio_tokens)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::often;
using test::polling_lock;
using test::polling_mutex;
using test::run_all;
namespace net = boost::asio;

} // namespace

BOOST_AUTO_TEST_CASE(futures_have_the_answer_or_the_error) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  polling_lock other{folder / "lock", often};
  polling_lock nameless{std::filesystem::path(), often};
  polling_mutex mutex{folder / "mutex", often};
  net::io_context context;
  const auto executor = context.get_executor();
  std::future<void> held =
      filelock::async_lock(executor, lock, net::use_future);
  std::future<bool> late =
      filelock::async_lock_for(executor, other, 1ms, net::use_future);
  std::future<void> failed =
      filelock::async_lock_shared(executor, nameless, net::use_future);
  std::future<bool> joined = filelock::async_lock_shared_until(
      executor, mutex, std::chrono::system_clock::now() + 1h, net::use_future);
  run_all(context);
  held.get();
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(!late.get());
  BOOST_CHECK_EXCEPTION(failed.get(), boost::system::system_error,
                        [](const auto& error) {
                          return error.code() == std::errc::invalid_argument;
                        });
  BOOST_TEST(joined.get());
  mutex.unlock_shared();
}

BOOST_AUTO_TEST_CASE(a_deferred_operation_begins_when_it_is_called) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  net::io_context context;
  auto later =
      filelock::async_lock_for(context.get_executor(), lock, 1h, net::deferred);
  run_all(context);
  BOOST_TEST(!lock.is_open());
  ending end;
  std::move(later)(end.handler());
  BOOST_TEST(lock.is_open());
  run_all(context);
  BOOST_TEST(end.is_success(), end);
}

BOOST_AUTO_TEST_CASE(adapted_tokens_see_the_error_code_of_asio) {
  const test::temporary_folder folder;
  polling_lock nameless{std::filesystem::path(), often};
  net::io_context context;
  const auto executor = context.get_executor();
  std::optional<std::tuple<test::net_error, bool>> both;
  filelock::async_lock_for(executor, nameless, 1h,
                           net::as_tuple(net::deferred))(
      [&](auto tuple) { both = tuple; });
  run_all(context);
  BOOST_TEST_REQUIRE(both.has_value());
  BOOST_TEST((std::get<0>(*both) == std::errc::invalid_argument));
  BOOST_TEST(!std::get<1>(*both));
  test::net_error redirected;
  bool was_called = false;
  filelock::async_lock(
      executor, nameless,
      net::redirect_error([&] { was_called = true; }, redirected));
  run_all(context);
  BOOST_TEST(was_called);
  BOOST_TEST((redirected == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_detached_operation_acquires) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  net::io_context context;
  filelock::async_lock(context.get_executor(), lock, net::detached);
  run_all(context);
  BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_handler_may_be_movable_only) {
  const test::temporary_folder folder;
  polling_lock lock{folder / "lock", often};
  net::io_context context;
  std::promise<void> done;
  std::future<void> is_done = done.get_future();
  filelock::async_lock(
      context.get_executor(), lock,
      [done = std::move(done)](auto) mutable { done.set_value(); });
  run_all(context);
  is_done.get();
}

BOOST_AUTO_TEST_CASE(a_class_that_is_derived_from_a_lock_is_one) {
  struct derived : polling_lock {
    using polling_lock::polling_lock;
    int more = 0;
  };
  const test::temporary_folder folder;
  derived lock{folder / "lock", often};
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler());
  run_all(context);
  BOOST_TEST(end.is_success(), end);
}

BOOST_AUTO_TEST_SUITE_END()
