// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: it stands in for Android, which has no pthread_cancel

// Where no thread can be cancelled, the headers compile, and a queued wait
// keeps its deadline by polling.

// The headers of others, which may use what is forbidden below.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <list>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>
#if __has_include(<stop_token>)
#include <stop_token>
#endif

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define __ANDROID__ 1 // NOLINT: the name is the system's
#undef PTHREAD_CANCEL_ENABLE
#undef PTHREAD_CANCEL_DISABLE
#undef PTHREAD_CANCEL_DEFERRED
#undef PTHREAD_CANCEL_ASYNCHRONOUS
#undef PTHREAD_CANCELED
#undef __GLIBC__ // NOLINT
#pragma GCC poison pthread_cancel pthread_setcancelstate pthread_setcanceltype
#pragma GCC poison pthread_testcancel backtrace
#pragma GCC poison pthread_mutexattr_setrobust pthread_mutex_consistent

#include <filelock/filelock.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

namespace {

using namespace std::chrono_literals;

/// \returns Whether a wait on P ends at its deadline, by a stop and by a
/// release.
template <class P>
bool waits_end(const std::filesystem::path& path) {
  using lock_type = filelock::basic_file_lock<filelock::queued<P>>;
  lock_type holder(path);
  lock_type waiter(path);
  holder.lock();
  if (waiter.try_lock_for(20ms)) return false;
  std::atomic<bool> is_waiting{false};
  bool is_held = false;
  std::thread thread([&] {
    is_waiting = true;
    is_held = waiter.try_lock_for(1h);
  });
  while (!is_waiting)
    std::this_thread::yield();
  holder.unlock();
  thread.join();
  return is_held;
}

} // namespace

int main() {
  static_assert(!FILELOCK_HAS_CANCEL && !FILELOCK_HAS_ASYNCHRONOUS_CANCEL);
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("filelock-no-cancel-" + std::to_string(std::random_device()()));
  const bool all_end = waits_end<filelock::posix_flock_traits>(path) &&
                       waits_end<filelock::posix_ofd_traits>(path);
  std::filesystem::remove(path);
  return all_end ? 0 : 1;
}
