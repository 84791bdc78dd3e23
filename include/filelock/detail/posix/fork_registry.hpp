// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What becomes of open locks in a forked child: nothing. The registry knows
/// the descriptors of all locks; pthread_atfork closes them in the child, so
/// that the death of the owner frees its locks though its child lives, and
/// nothing that the child does releases a lock of its parent.
///
/// The price: fork() waits for an open() of a lock file that is under way, so a
/// signal handler that interrupts an open() or a close() must not fork.
/// `_Fork` (POSIX.1-2024) and a raw clone(2) run no such handlers: their child
/// shares the parent's locks until it executes a program or ends.

#ifndef FILELOCK_DETAIL_POSIX_FORK_REGISTRY_HPP
#define FILELOCK_DETAIL_POSIX_FORK_REGISTRY_HPP

#include <filelock/detail/config.hpp>

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <system_error>

namespace filelock::detail {

/// The state of the registry. Constant-initialised and never destroyed, so
/// that locks with static storage may use it at any time.
struct fork_registry_state {
  std::mutex mutex;
  std::atomic<::pthread_t> forking{}; // the thread that is in fork(), or 0
  int handlers_running = 0;           // of that thread
  int blockers = 0;
  std::atomic<std::uint32_t> generation{0}; // children since the first process
  unsigned char* is_open = nullptr;         // indexed by descriptor
  std::size_t size = 0;
  std::size_t count = 0; // of the open ones

  /// Effects: frees what is not needed, so that a library which has a registry
  /// of its own can be unloaded.
  void remove(int handle) noexcept {
    const std::size_t index = static_cast<std::size_t>(handle);
    if (index >= size || !is_open[index]) return;
    is_open[index] = 0;
    if (--count != 0) return;
    std::free(is_open);
    is_open = nullptr;
    size = 0;
  }

  /// Effects: locks the mutex at a time when `condition` is true. Polls: what
  /// is waited for lasts microseconds, and a condition variable that other
  /// threads wait on cannot be used in a forked child.
  template <class Condition>
  void lock_when(Condition condition) noexcept {
    mutex.lock();
    while (!condition()) {
      mutex.unlock();
      // Not sleep_for: this function is a part of every object file.
      const ::timespec pause{0, 50'000};
      ::nanosleep(&pause, nullptr);
      mutex.lock();
    }
  }
};

FILELOCK_SHARED_BY_PROCESS inline fork_registry_state fork_registry;

inline void before_fork() noexcept {
  fork_registry_state& registry = fork_registry;
  const ::pthread_t self = ::pthread_self();
  if (registry.forking.load(std::memory_order_relaxed) != self) {
    registry.lock_when([&] {
      return registry.forking.load(std::memory_order_relaxed) == ::pthread_t();
    });
    // From here on no blocker begins; wait for those that have begun.
    registry.forking.store(self, std::memory_order_relaxed);
    registry.mutex.unlock();
    registry.lock_when([&] { return registry.blockers == 0; });
  }
  ++registry.handlers_running;
}

inline void after_fork() noexcept {
  fork_registry_state& registry = fork_registry;
  if (--registry.handlers_running != 0) return;
  registry.forking.store(::pthread_t(), std::memory_order_relaxed);
  registry.mutex.unlock();
}

// Only functions that are safe in the child of a process with threads.
inline void after_fork_in_child() noexcept {
  fork_registry_state& registry = fork_registry;
  if (registry.handlers_running == 1) {
    for (std::size_t handle = 0; handle < registry.size; ++handle) {
      if (!registry.is_open[handle]) continue;
      ::close(static_cast<int>(handle));
      registry.is_open[handle] = 0;
    }
    registry.count = 0;
    registry.generation.fetch_add(1, std::memory_order_relaxed);
  }
  after_fork();
}

// Registered when the library is loaded, as a fork that has begun before runs
// no handlers. They go when the library that registered them is unloaded: so
// each library registers its own, and they nest within one fork().
FILELOCK_OWN_OF_LIBRARY inline const int fork_handlers_error =
    ::pthread_atfork(&before_fork, &after_fork, &after_fork_in_child);

/// While it lives, no other thread forks: between the opening of a descriptor
/// and its entry in the registry a child would get a copy that nobody closes.
class fork_blocker {
public:
  explicit fork_blocker(std::error_code& ec) noexcept {
    ec.assign(fork_handlers_error, std::generic_category());
    fork_registry_state& registry = fork_registry;
    registry.lock_when([&] {
      return registry.forking.load(std::memory_order_relaxed) == ::pthread_t();
    });
    ++registry.blockers;
    registry.mutex.unlock();
  }

  ~fork_blocker() {
    const std::lock_guard<std::mutex> guard(fork_registry.mutex);
    --fork_registry.blockers;
  }

  fork_blocker(const fork_blocker&) = delete;
  fork_blocker& operator=(const fork_blocker&) = delete;

  /// Effects: adds `handle`, which was opened under this blocker, to the
  /// registry. Error conditions: not_enough_memory.
  void add_to_registry(int handle, std::error_code& ec) noexcept {
    fork_registry_state& registry = fork_registry;
    const std::lock_guard<std::mutex> guard(registry.mutex);
    const std::size_t index = static_cast<std::size_t>(handle);
    if (index >= registry.size) {
      const std::size_t size = (index + 1) * 2;
      void* const grown = std::realloc(registry.is_open, size);
      if (!grown) {
        ec = std::make_error_code(std::errc::not_enough_memory);
        return;
      }
      registry.is_open = static_cast<unsigned char*>(grown);
      std::memset(registry.is_open + registry.size, 0, size - registry.size);
      registry.size = size;
    }
    if (!registry.is_open[index]) ++registry.count;
    registry.is_open[index] = 1;
  }
};

/// Effects: removes `handle` from the registry, and closes it if `and_close`;
/// no fork comes between the two.
inline void remove_from_fork_registry(int handle, bool and_close) noexcept {
  const std::lock_guard<std::mutex> guard(fork_registry.mutex);
  fork_registry.remove(handle);
  // Not repeated on EINTR: on Linux the descriptor is closed all the same, and
  // its number may be another thread's already. close(2).
  if (and_close) ::close(handle);
}

} // namespace filelock::detail

#endif
