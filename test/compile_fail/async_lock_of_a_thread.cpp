// EXPECT: the owner of a lock of this Platform is a thread
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes

// A handler may run on another thread than the attempt did.

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio/io_context.hpp>

void use(boost::asio::io_context& context, filelock::robust_file_lock& lock) {
  filelock::async_lock(context.get_executor(), lock, [](auto) {});
}
