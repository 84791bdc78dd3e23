// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A user of the module. The one header of the library has only macros.

#include <filelock/version.hpp>

#include <chrono>
#include <iostream>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>

import filelock;

using namespace std::chrono_literals;

static_assert(FILELOCK_VERSION_MAJOR >= 0);
static_assert(filelock::platform<filelock::native_traits>);
static_assert(filelock::backoff_policy<filelock::constant_backoff>);
static_assert(!filelock::why_no_backoff_policy_v<int>.empty());

bool has_failed = false;

void check(bool holds, const char* words) {
  if (!holds) {
    std::cerr << "not so: " << words << '\n';
    has_failed = true;
  }
}

template <class Lock>
void check_waits_of(Lock& lock, Lock& owner) {
  std::unique_lock guard{owner};
  check(!lock.try_lock(), "a held lock is busy");
  check(!lock.try_lock_for(1ms), "a wait ends at its deadline");
  std::stop_source source;
  source.request_stop();
  check(!lock.lock(source.get_token()), "a token ends a wait");
}

int main() {
  filelock::file_lock owner{"consumer.lock"};
  filelock::file_lock lock{"consumer.lock"};
  check_waits_of(lock, owner);
  filelock::queued_file_lock queued{"consumer.lock"};
  filelock::queued_file_lock queued_owner{"consumer.lock"};
  check_waits_of(queued, queued_owner);

  // The policy is deduced, and gives up when it is asked for the second time.
  int calls = 0;
  filelock::basic_file_lock limited{
      "consumer.lock",
      filelock::observing([&](const filelock::wait_state&)
                              -> std::optional<std::chrono::nanoseconds> {
        if (++calls == 2) return std::nullopt;
        return 1ms;
      })};
  {
    std::unique_lock guard{owner};
    check(!limited.try_lock_for(1h) && calls == 2, "a policy ends a wait");
  }
  {
    std::shared_lock reader{owner};
    check(lock.try_lock_shared(), "readers share");
    lock.unlock_shared();
  }
  filelock::file_mutex mutex{"consumer.lock"};
  std::unique_lock guard{mutex};
  check(!lock.try_lock(), "a mutex excludes a lock");
  return has_failed;
}
