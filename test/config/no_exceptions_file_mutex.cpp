// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// With exceptions switched off, the forms of a file_mutex with an error code
// all work.

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>
#include <vector>

#if FILELOCK_HAS_EXCEPTIONS
#error "this test is about a build without exceptions"
#endif

namespace {

using namespace std::chrono_literals;
using filelock::file_mutex;

int failures = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  ++failures;
}

void error_code_forms_work(const std::filesystem::path& path) {
  file_mutex mutex(path);
  file_mutex other(path);
  std::error_code ec;

  mutex.lock(ec);
  check(!ec, "lock(ec)");
  check(!mutex.try_lock(ec) && !ec, "try_lock(ec) of a thread's");
  check(!mutex.try_lock_for(1ms, ec) && !ec, "try_lock_for(ec) of a thread's");
  check(!other.try_lock(ec) && !ec, "try_lock(ec) of a busy file");
  check(!other.try_lock_until(std::chrono::system_clock::now(), ec) && !ec,
        "try_lock_until(ec) of a busy file");
  mutex.unlock(ec);
  check(!ec, "unlock(ec)");

  mutex.lock_shared(ec);
  check(!ec, "lock_shared(ec)");
  check(other.try_lock_shared_for(1ms, ec) && !ec, "try_lock_shared_for(ec)");
  other.unlock_shared(ec);
  check(!ec, "unlock_shared(ec)");
  check(!other.try_lock(ec) && !ec, "try_lock(ec) of a shared file");
  mutex.unlock_shared(ec);

#if FILELOCK_HAS_STOP_TOKEN
  std::stop_source source;
  source.request_stop();
  check(mutex.lock(source.get_token(), ec) && !ec, "lock(token, ec)");
  check(!mutex.lock(source.get_token(), ec) && !ec,
        "a stopped lock(token, ec)");
  mutex.unlock(ec);
#endif

  file_mutex unusable{std::filesystem::path()};
  unusable.lock(ec);
  check(ec == std::errc::invalid_argument, "an error of lock(ec)");
  check(!unusable.try_lock(ec) && ec == std::errc::invalid_argument,
        "an error leaves nothing held");
}

void a_policy_that_gives_up_is_an_error(const std::filesystem::path& path) {
  filelock::file_lock holder(path);
  filelock::basic_file_mutex mutex{
      path, filelock::limited(filelock::constant_backoff(1ms), 3)};
  std::error_code ec;
  holder.lock(ec);
  mutex.lock(ec);
  check(ec == std::errc::timed_out, "lock(ec) with a policy that gives up");
}

void threads_share_one(const std::filesystem::path& path) {
  file_mutex mutex(path);
  int counter = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k != 100; ++k) {
        mutex.lock();
        ++counter;
        mutex.unlock();
      }
    });
  for (std::thread& each : threads)
    each.join();
  check(counter == 400, "threads");
}

} // namespace

int main() {
  const test::temporary_folder folder;
  error_code_forms_work(folder / "file");
  a_policy_that_gives_up_is_an_error(folder / "file");
  threads_share_one(folder / "file");
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
