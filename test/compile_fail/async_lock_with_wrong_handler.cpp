// EXPECT: no match(ing function)? for call to
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The handler of a timed form takes the error and whether the lock is held.

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>

void use(boost::asio::io_context& context, filelock::file_lock& lock) {
  filelock::async_lock_for(context.get_executor(), lock,
                           std::chrono::seconds(1),
                           [](boost::system::error_code) {});
}
