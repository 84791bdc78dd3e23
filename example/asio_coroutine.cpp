// REQUIRES: c++20
// NEEDS: coroutines: clang 14 cannot assemble them with AddressSanitizer
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A coroutine that holds a lock, and one that does not wait for ever.

#include "support/example.hpp"

#include <iostream>

#if __has_include(<boost/asio.hpp>)

#include <chrono>

// tag::includes[]
#include <filelock/asio.hpp>
#include <filelock/file_lock.hpp>

#include <boost/asio.hpp>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
// end::includes[]

namespace {

using example::check;
using namespace std::chrono_literals;

// tag::coroutine[]
namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

awaitable<void> append(std::filesystem::path file, std::string line) {
  filelock::file_lock lock{file.string() + ".lock"};
  co_await filelock::async_lock(co_await asio::this_coro::executor, lock,
                                use_awaitable);
  const std::unique_lock guard{lock, std::adopt_lock};
  std::ofstream(file, std::ios::app | std::ios::binary) << line;
}
// end::coroutine[]

// tag::timed[]
awaitable<bool> append_in_time(std::filesystem::path file, std::string line) {
  filelock::file_lock lock{file.string() + ".lock"};
  const auto executor = co_await asio::this_coro::executor;
  if (!co_await filelock::async_lock_for(executor, lock, 20ms, use_awaitable))
    co_return false;
  const std::unique_lock guard{lock, std::adopt_lock};
  std::ofstream(file, std::ios::app | std::ios::binary) << line;
  co_return true;
}
// end::timed[]

// tag::run[]
void append_two_lines(const std::filesystem::path& file) {
  asio::io_context context;
  auto first = asio::co_spawn(context, append(file, "1\n"), asio::use_future);
  auto second = asio::co_spawn(context, append(file, "2\n"), asio::use_future);
  context.run(); // one thread runs both
  first.get();   // throws if the lock could not be acquired
  second.get();
}
// end::run[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path file = folder / "log";
  append_two_lines(file);
  check(std::filesystem::file_size(file) == 4, "both have written");

  filelock::file_lock other_program{folder / "log.lock"};
  other_program.lock();
  asio::io_context context;
  auto late =
      asio::co_spawn(context, append_in_time(file, "3\n"), asio::use_future);
  context.run();
  check(!late.get(), "its time was over");
}

} // namespace

int main() { return example::run(use); }

#else

int main() { std::cout << "the headers of Boost.Asio are missing\n"; }

#endif
