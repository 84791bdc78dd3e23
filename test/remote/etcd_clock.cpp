// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: glibc: it stands in the place of glibc's functions
// ALONE

// The clock of the wall steps all the time, and no lock of etcd notices. This
// program has functions of its own in the place of the C library's.

#define BOOST_TEST_MODULE etcd_clock
#include <boost/test/unit_test.hpp>

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "support/etcd_locks.hpp"

namespace {

std::atomic<bool> steps{false};
std::atomic<long> readings{0};

/// Hours ahead, then back, with each reading.
::time_t step() noexcept {
  if (!steps) return 0;
  return readings.fetch_add(1) % 2 == 0 ? 36'000 : -36'000;
}

} // namespace

extern "C" int clock_gettime(::clockid_t clock, ::timespec* time) noexcept {
  const long result = ::syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += step();
  return static_cast<int>(result);
}

extern "C" int gettimeofday(::timeval* time, void*) noexcept {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

extern "C" ::time_t time(::time_t* result) noexcept {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

using namespace std::chrono_literals;

namespace {

struct one_second : test::shared_etcd {
  static std::chrono::seconds lease() { return 2s; }
};
using stepped_lock =
    filelock::basic_file_lock<filelock::etcd_traits<one_second>>;

} // namespace

BOOST_AUTO_TEST_SUITE(remote_etcd_clock)

BOOST_AUTO_TEST_CASE(a_clock_that_steps_neither_ends_nor_prolongs_a_lease) {
  if (!test::has_etcd("etcd")) return;
  test::shared_etcd_server();
  steps = true;
  const auto before = std::chrono::system_clock::now();
  const auto after = std::chrono::system_clock::now();
  BOOST_TEST((after - before > 1h || before - after > 1h)); // it does step
  stepped_lock owner("clock");
  stepped_lock other("clock");
  owner.lock();
  const auto end = std::chrono::steady_clock::now() + 2500ms;
  while (std::chrono::steady_clock::now() < end) { // over the lease
    BOOST_TEST(owner.still_valid());
    BOOST_TEST(!other.try_lock_for(50ms));
  }
  owner.unlock();
  BOOST_TEST(other.try_lock_for(1h));
  test::shared_etcd_server().pause(0);
  std::this_thread::sleep_for(2s); // the lease may have ended now
  BOOST_TEST(!other.still_valid());
  test::shared_etcd_server().resume(0);
  steps = false;
}

BOOST_AUTO_TEST_SUITE_END()
