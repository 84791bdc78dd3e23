// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no ThreadSanitizer
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(lock_thread_sanitizer_sees_races)

// ThreadSanitizer is told of file locks. It must not be told so much that a
// race is hidden: data under two unrelated locks is still reported, and data
// under one lock is not. The racy code runs in a process of its own, this
// program with a variable in its environment.

using filelock::file_lock;
using test::child_process;

namespace {

constexpr bool is_sanitized = FILELOCK_THREAD_SANITIZER != 0;
constexpr const char* why_not = "not built with ThreadSanitizer";

constexpr const char* variable = "FILELOCK_TEST_OTHER_LOCK";

/// Two threads write one int, one after the other, each under its own lock.
/// The order is by relaxed operations, which synchronize nothing, so what they
/// know of each other they know by the locks. Both open theirs before and close
/// them after that: opening and closing do synchronize.
void write_under(const std::string& first, const std::string& second) {
  constexpr auto relaxed = std::memory_order_relaxed;
  int data = 0;
  std::atomic<int> step{0};
  const auto write = [&](const std::string& path, int turn) {
    file_lock lock{path};
    lock.open();
    step.fetch_add(1, relaxed);
    while (step.load(relaxed) != 2 + turn)
      std::this_thread::yield();
    lock.lock();
    data = data + 1;
    lock.unlock();
    step.fetch_add(1, relaxed);
    while (step.load(relaxed) != 4)
      std::this_thread::yield();
  };
  std::thread other(write, first, 0);
  write(second, 1);
  other.join();
}

child_process this_program(const char* test_case, const std::string& other) {
  ::setenv(variable, other.c_str(), 1);
  child_process child(
      {"/proc/self/exe",
       std::string("--run_test=lock_thread_sanitizer_sees_races/") + test_case,
       "--log_level=nothing"},
      child_process::errors::are_output);
  ::unsetenv(variable);
  return child;
}

} // namespace

// Not a test of its own: what the two tests below run in another process.
BOOST_AUTO_TEST_CASE(writes, *boost::unit_test::disabled()) {
  const test::temporary_folder folder;
  const char* const other = std::getenv(variable);
  write_under(folder / "a.lock", folder / (other ? other : "a.lock"));
}

BOOST_AUTO_TEST_CASE(a_race_under_unrelated_locks_is_reported) {
  if (!is_sanitized)
    return test::skipped("races under unrelated locks are reported", why_not);
  child_process child = this_program("writes", "b.lock");
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() != 0);
  BOOST_TEST((said.find("data race") != std::string::npos), said);
}

BOOST_AUTO_TEST_CASE(no_race_under_one_lock_is_reported) {
  if (!is_sanitized)
    return test::skipped("no race under one lock is reported", why_not);
  child_process child = this_program("writes", "a.lock");
  const std::string said = child.read_all();
  BOOST_TEST(child.wait() == 0);
  BOOST_TEST((said.find("data race") == std::string::npos), said);
}

BOOST_AUTO_TEST_SUITE_END()
