// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the tests of asio.hpp share: locks that attempt often, records of
// completions, and contexts that run for a bounded time.

#ifndef FILELOCK_TEST_SUPPORT_ASIO_WAITS_HPP
#define FILELOCK_TEST_SUPPORT_ASIO_WAITS_HPP

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/platform/native_traits.hpp>

#include "temporary_folder.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <ostream>
#include <thread>
#include <vector>

namespace test {

namespace net = boost::asio;
using net_error = boost::system::error_code;
using net_executor = net::io_context::executor_type;

using polling_lock = filelock::basic_file_lock<filelock::native_traits,
                                               filelock::constant_backoff>;
using polling_mutex = filelock::basic_file_mutex<filelock::native_traits,
                                                 filelock::constant_backoff>;
inline constexpr filelock::constant_backoff often{std::chrono::milliseconds(1)};

/// A context, and a path on which `holder` has the lock.
struct busy_world {
  temporary_folder folder;
  std::filesystem::path path = folder / "busy";
  polling_lock holder{path, often};
  net::io_context context{1};
  busy_world() { holder.lock(); }

  auto executor() { return context.get_executor(); }
};

/// How an operation has ended. As a handler it refers to itself.
struct ending {
  int calls = 0;
  net_error error;
  bool is_held = false;
  std::thread::id thread;

  /// \returns A handler of either form.
  auto handler(std::function<void()> then = nullptr) {
    return [this, then](net_error ec, auto... held) {
      ++calls;
      error = ec;
      is_held = !ec;
      if constexpr (sizeof...(held) == 1) is_held = (held && ...);
      thread = std::this_thread::get_id();
      if (then) then();
    };
  }
  auto handler(net::cancellation_signal& stop) {
    return net::bind_cancellation_slot(stop.slot(), handler());
  }

  bool is_success() const { return calls == 1 && !error && is_held; }
  bool is_time_out() const { return calls == 1 && !error && !is_held; }
  bool is_aborted() const {
    return calls == 1 && error == net::error::operation_aborted && !is_held;
  }
  bool is(std::errc wanted) const {
    return calls == 1 && error == wanted && !is_held;
  }
};

inline std::ostream& operator<<(std::ostream& out, const ending& each) {
  return out << each.calls << " calls, " << each.error.message()
             << (each.is_held ? ", held" : ", not held");
}

/// How long a test waits for what must come; far more than it takes.
inline constexpr std::chrono::seconds loop_patience{30};

/// Effects: runs until there is no more work.
inline void run_all(net::io_context& context) {
  context.restart();
  context.run_for(loop_patience);
  BOOST_TEST_REQUIRE(context.stopped());
}

/// Effects: runs until `is_over()`.
template <class Condition>
void run_until(net::io_context& context, Condition is_over) {
  const auto end = std::chrono::steady_clock::now() + loop_patience;
  context.restart();
  while (!is_over()) {
    BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < end));
    context.run_one_for(std::chrono::milliseconds(1));
    context.restart();
  }
}

/// \returns Whether the lock at `path` is free, for a stranger.
inline bool is_free(const std::filesystem::path& path) {
  filelock::basic_file_lock<> stranger{path};
  return stranger.try_lock();
}

} // namespace test

#endif
