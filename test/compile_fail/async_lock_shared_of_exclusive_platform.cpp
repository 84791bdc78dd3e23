// EXPECT: this Platform locks exclusively only
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What has no shared locks cannot be acquired shared.

#include <filelock/asio.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/native_traits.hpp>

#include <boost/asio/io_context.hpp>

struct exclusive_traits : filelock::native_traits {
  static constexpr bool shared_locks = false;
};

void use(boost::asio::io_context& context,
         filelock::basic_file_lock<exclusive_traits>& lock) {
  filelock::async_lock_shared(context.get_executor(), lock, [](auto) {});
}
