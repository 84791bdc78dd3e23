// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A cancel that races with the grant, for tests with and without exceptions.

#ifndef FILELOCK_TEST_SUPPORT_QUEUED_RACE_HPP
#define FILELOCK_TEST_SUPPORT_QUEUED_RACE_HPP

#include <filelock/canceller.hpp>
#include <filelock/detail/config.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/platform/queued.hpp>

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

/// Platform, which says when a helper thread is about to wait.
template <class Platform>
struct announcing : Platform {
  static inline std::atomic<int> helpers{0};

  FILELOCK_CANCELLED static int
  lock_cancellably(int handle, const filelock::lock_request& request) {
    helpers.fetch_add(1);
    return Platform::lock_cancellably(handle, request);
  }
};

/// A waiter on queued<Platform> is cancelled at the moment at which the holder
/// releases, a little before or after; as soon as its helper thread waits, or
/// as soon as it polls where there is none. There are `most_rounds`, or 500
/// and as many as begin within 20 s: where the machine is busy they are slow.
/// \returns What was wrong; empty if nothing was.
template <class Platform>
std::string race_of_cancel_and_grant(const std::filesystem::path& path,
                                     int most_rounds) {
  using blocking = announcing<Platform>;
  using traits = filelock::queued<blocking>;
  constexpr bool has_helpers = !FILELOCK_THREAD_SANITIZER ||
                               Platform::is_cancelled_at_a_cancellation_point;
  const filelock::lock_request request;
  std::error_code ec;
  const int holder = traits::open(path, {}, ec);
  const int waiter = traits::open(path, {}, ec);
  const int third = traits::open(path, {}, ec);
  if (ec) return ec.message();

  std::string wrong;
  int grants = 0;
  int rounds_with_helper = 0;
  int rounds = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (rounds != most_rounds && wrong.empty() &&
         (rounds < 500 || std::chrono::steady_clock::now() < end)) {
    const int round = rounds++;
    filelock::cancel_source source;
    filelock::canceller stop(source);
    if (!traits::try_lock(holder, request, ec)) wrong += "not free; ";
    const int helpers = blocking::helpers;
    std::atomic<bool> is_over{false};
    // One thread does both, at moments that move past each other.
    std::thread other([&] {
      while (has_helpers && blocking::helpers == helpers && !is_over)
        std::this_thread::yield();
      std::error_code ignored;
      spin(static_cast<unsigned>(round % 97) * 50);
      if (round % 2 == 0) source.request();
      spin(static_cast<unsigned>(round % 89) * 4000);
      traits::unlock(holder, request, ignored);
      spin(static_cast<unsigned>(round % 83) * 10);
      source.request();
    });
    const bool taken = traits::lock_until(
        waiter, request, (std::chrono::steady_clock::time_point::max)(), stop,
        ec);
    is_over = true;
    other.join();
    if (blocking::helpers != helpers) ++rounds_with_helper;
    // Nobody else is there: the third gets it just when the waiter has not.
    const bool is_free = traits::try_lock(third, request, ec);
    if (is_free == taken) wrong += taken ? "a false yes; " : "a false no; ";
    if (is_free) traits::unlock(third, request, ec);
    if (taken) {
      ++grants;
      traits::unlock(waiter, request, ec);
    }
    if (ec) wrong += ec.message() + "; ";
  }
  for (const int each : {holder, waiter, third})
    traits::close(each);
  // Where it polls only few rounds end with a grant.
  if (wrong.empty() && (has_helpers || rounds == most_rounds) &&
      (grants == 0 || grants == rounds))
    wrong = "no race: " + std::to_string(grants) + " grants";
  if (wrong.empty() && has_helpers && rounds_with_helper < rounds / 2)
    wrong = "few helpers: " + std::to_string(rounds_with_helper);
  return wrong;
}

} // namespace test

#endif
