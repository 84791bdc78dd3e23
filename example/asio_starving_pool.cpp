// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Why an event loop needs a lock that does not block: waiters that block take
// the threads that the owner needs to go on.

#include "support/example.hpp"

#include <iostream>

#if __has_include(<boost/asio.hpp>)

#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>

namespace {

using example::check;
using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr int threads = 5;

struct outcome {
  std::atomic<int> let_in{0};
  std::atomic<int> gave_up{0};
};

// tag::blocking[]
void wait_blocking(asio::thread_pool& pool, filelock::file_lock& lock,
                   outcome& all) {
  asio::post(pool, [&] {
    // All threads stand here. None is left for the owner to unlock.
    const std::unique_lock guard{lock, 300ms};
    ++(guard.owns_lock() ? all.let_in : all.gave_up);
  });
}
// end::blocking[]

// tag::asynchronous[]
void wait_asynchronously(asio::thread_pool& pool, filelock::file_lock& lock,
                         outcome& all) {
  filelock::async_lock_for(
      pool.get_executor(), lock, 1min,
      [&](boost::system::error_code ec, bool is_held) {
        if (ec || !is_held) {
          ++all.gave_up;
          return;
        }
        const std::unique_lock guard{lock, std::adopt_lock};
        ++all.let_in;
      });
}
// end::asynchronous[]

/// \returns How many waiters had to give up before the owner could go on.
template <class Wait>
int use_pool(const std::filesystem::path& path, Wait wait, outcome& all) {
  filelock::file_lock owner{path};
  std::deque<filelock::file_lock> locks;
  owner.lock();
  int gave_up_before = 0;
  asio::thread_pool pool(threads);
  for (int i = 0; i != threads; ++i)
    wait(pool, locks.emplace_back(path), all);
  asio::post(pool, [&] { // the owner needs a thread, too
    gave_up_before = all.gave_up;
    owner.unlock();
  });
  pool.join();
  return gave_up_before;
}

void use(const example::temporary_folder& folder) {
  outcome blocking;
  const int starved = use_pool(folder / "pool.lock", wait_blocking, blocking);
  outcome asynchronous;
  const int none =
      use_pool(folder / "pool.lock", wait_asynchronously, asynchronous);
  std::cout << "gave up before the owner could go on: " << starved
            << " of those that block, " << none << " of those that do not\n";
  check(starved != 0, "the pool starves until a waiter gives up");
  check(none == 0 && asynchronous.let_in == threads, "the pool goes on");
}

} // namespace

int main() { return example::run(use); }

#else

int main() { std::cout << "the headers of Boost.Asio are missing\n"; }

#endif
