// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The main job, a policy and an exception, with run-time type information
// switched off.

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>

#if defined(__GXX_RTTI)
#error "this test is about a build without run-time type information"
#endif

namespace {

using namespace std::chrono_literals;
using std::filesystem::path;

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

void the_main_job(const path& file) {
  filelock::file_lock lock{file};
  filelock::file_lock other{file};
  std::unique_lock guard{lock, 5s};
  check(guard.owns_lock(), "a free lock");
  check(!std::unique_lock{other, 1ms}, "a busy lock");
  guard.unlock();
  check(other.try_lock_shared(), "a released lock");
}

void a_policy(const path& file) {
  filelock::file_lock holder{file};
  holder.lock();
  path seen;
  filelock::basic_file_lock lock{file, [&](const filelock::wait_state& state) {
                                   seen = state.path();
                                   holder.unlock();
                                   return 1ms;
                                 }};
  check(lock.try_lock_for(1h), "a lock with a lambda");
  check(seen == file, "a policy that asks for the path");
}

void exceptions(const path& file) {
  filelock::file_lock holder{file};
  holder.lock();
  filelock::basic_file_lock lock{
      file, filelock::limited(filelock::constant_backoff(1ms), 2)};
  try {
    lock.lock();
    check(false, "a policy that gives up");
  } catch (const std::filesystem::filesystem_error& error) {
    check(error.code() == std::errc::timed_out && error.path1() == file,
          "the exception of a policy that gives up");
  }
  filelock::basic_file_lock throwing{
      file,
      [](const filelock::wait_state&) -> std::chrono::seconds { throw 42; }};
  std::error_code ec;
  check(!throwing.try_lock_for(1h, ec) && ec == std::errc::operation_canceled,
        "a policy that throws");
}

} // namespace

int main() {
  const test::temporary_folder folder;
  the_main_job(folder / "file");
  a_policy(folder / "file");
  exceptions(folder / "file");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
