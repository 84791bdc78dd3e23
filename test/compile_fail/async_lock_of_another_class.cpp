// EXPECT: the lock must be a basic_file_lock or a basic_file_mutex
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A mutex of the standard has no file that could be waited for.

#include <filelock/asio.hpp>

#include <boost/asio/io_context.hpp>

#include <mutex>

void use(boost::asio::io_context& context, std::timed_mutex& mutex) {
  filelock::async_lock(context.get_executor(), mutex, [](auto) {});
}
