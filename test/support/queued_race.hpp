// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A cancel that races with the grant, for tests with and without exceptions.

#ifndef FILELOCK_TEST_SUPPORT_QUEUED_RACE_HPP
#define FILELOCK_TEST_SUPPORT_QUEUED_RACE_HPP

#include <filelock/canceller.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/open_options.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

namespace test {

/// Some microseconds or some more, without a system call.
inline void spin(unsigned rounds) {
  volatile unsigned left = rounds;
  while (left != 0)
    left = left - 1;
}

/// A waiter on Platform is cancelled at the moment at which the holder
/// releases, a little before or after, `rounds` times.
/// \returns What was wrong; empty if nothing was.
template <class Platform>
std::string race_of_cancel_and_grant(const std::filesystem::path& path,
                                     int rounds) {
  const filelock::lock_request request;
  std::error_code ec;
  const int holder = Platform::open(path, {}, ec);
  const int waiter = Platform::open(path, {}, ec);
  const int third = Platform::open(path, {}, ec);
  if (ec) return ec.message();

  std::string wrong;
  std::atomic<int> round{0};
  std::atomic<filelock::cancel_source*> source{nullptr};
  std::atomic<int> cancelled{0};
  // Cancels in each round, at a moment that moves through the round.
  std::thread canceller([&] {
    for (int each = 1; each <= rounds; ++each) {
      while (round < each)
        std::this_thread::yield();
      spin(static_cast<unsigned>(each % 100) * 300);
      source.load()->request();
      cancelled = each;
    }
  });
  std::thread releaser;
  int grants = 0;
  for (int each = 1; each <= rounds; ++each) {
    filelock::cancel_source stop_source;
    filelock::canceller stop(stop_source);
    if (!Platform::try_lock(holder, request, ec)) wrong += "not free; ";
    source = &stop_source;
    std::atomic<bool> begin{false};
    releaser = std::thread([&] {
      while (!begin)
        std::this_thread::yield();
      std::error_code ignored;
      spin(static_cast<unsigned>(each % 97) * 300);
      Platform::unlock(holder, request, ignored);
    });
    begin = true;
    round = each;
    const bool taken = Platform::lock_until(
        waiter, request, (std::chrono::steady_clock::time_point::max)(), stop,
        ec);
    releaser.join();
    while (cancelled < each)
      std::this_thread::yield();
    // Nobody else is there: the third gets it just when the waiter has not.
    const bool is_free = Platform::try_lock(third, request, ec);
    if (is_free == taken) wrong += taken ? "a false yes; " : "a false no; ";
    if (is_free) Platform::unlock(third, request, ec);
    if (taken) {
      ++grants;
      Platform::unlock(waiter, request, ec);
    }
    if (ec) wrong += ec.message() + "; ";
    if (!wrong.empty()) break;
  }
  if (!wrong.empty()) round = rounds; // or the other thread would wait
  canceller.join();
  for (const int each : {holder, waiter, third})
    Platform::close(each);
  if (wrong.empty() && (grants == 0 || grants == rounds))
    wrong = "no race: " + std::to_string(grants) + " grants";
  return wrong;
}

} // namespace test

#endif
