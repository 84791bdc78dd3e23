// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_ASYNCHRONOUS_LOCK_HPP
#define FILELOCK_BENCH_SUPPORT_ASYNCHRONOUS_LOCK_HPP

#include "lock_under_test.hpp"

#include <filelock/asio.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>

namespace bench {

/// A lock of this library, in an event loop that has nothing else to do.
template <class Lock>
class asynchronous_lock final : public lock_under_test {
public:
  explicit asynchronous_lock(const std::filesystem::path& path) : lock_(path) {
    lock_.open();
  }

  bool acquire(std::chrono::steady_clock::time_point deadline) override {
    bool is_held = false;
    filelock::async_lock_until(context_.get_executor(), lock_, deadline,
                               [&is_held](const auto& error, bool result) {
                                 is_held = !error && result;
                               });
    context_.restart();
    context_.run();
    return is_held;
  }
  void release() override { lock_.unlock(); }

private:
  Lock lock_;
  boost::asio::io_context context_{1};
};

} // namespace bench

#endif
