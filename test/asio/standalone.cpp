// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// ALONE

// The same functions for the standalone Asio.

#define FILELOCK_STANDALONE_ASIO

#define BOOST_TEST_MODULE filelock
#include <boost/test/unit_test.hpp>

#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#if __has_include(<asio/version.hpp>)

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>

#include <chrono>
#include <future>
#include <system_error>
#include <type_traits>

namespace {

using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_CASE(locks_and_mutexes_are_acquired) {
  const test::temporary_folder folder;
  filelock::file_lock lock{folder / "lock"};
  filelock::file_lock other{folder / "lock"};
  filelock::file_mutex mutex{folder / "mutex"};
  asio::io_context context;
  const auto executor = context.get_executor();
  std::future<void> held =
      filelock::async_lock(executor, lock, asio::use_future);
  std::future<bool> late =
      filelock::async_lock_for(executor, other, 5ms, asio::use_future);
  std::future<bool> shared = filelock::async_lock_shared_until(
      executor, mutex, std::chrono::system_clock::now() + 1h, asio::use_future);
  context.run();
  held.get();
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(!late.get());
  BOOST_TEST(shared.get());
  mutex.unlock_shared();
}

BOOST_AUTO_TEST_CASE(the_error_code_is_that_of_the_standard) {
  filelock::file_lock nameless{""};
  asio::io_context context;
  std::error_code error;
  filelock::async_lock(context.get_executor(), nameless, [&](auto ec) {
    static_assert(std::is_same_v<decltype(ec), std::error_code>);
    error = ec;
  });
  context.run();
  BOOST_TEST((error == std::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_cancel_is_told_as_asio_tells_it) {
  const test::temporary_folder folder;
  filelock::file_lock holder{folder / "lock"};
  holder.lock();
  filelock::file_lock lock{folder / "lock"};
  asio::io_context context;
  asio::cancellation_signal stop;
  std::error_code error;
  filelock::async_lock(
      context.get_executor(), lock,
      asio::bind_cancellation_slot(stop.slot(),
                                   [&](std::error_code ec) { error = ec; }));
  context.run_for(5ms);
  stop.emit(asio::cancellation_type::total);
  context.run();
  BOOST_TEST((error == asio::error::operation_aborted));
}

#else

BOOST_AUTO_TEST_CASE(standalone_asio) {
  test::skipped("standalone_asio", "there are no headers of standalone Asio");
}

#endif
