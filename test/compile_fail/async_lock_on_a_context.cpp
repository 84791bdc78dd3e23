// EXPECT: the first argument must be an executor
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A context is not its executor.

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>

void use(boost::asio::io_context& context, filelock::file_lock& lock) {
  filelock::async_lock_for(context, lock, std::chrono::seconds(1),
                           [](auto, bool) {});
}
