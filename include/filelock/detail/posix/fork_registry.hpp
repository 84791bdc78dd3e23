// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// Closes the locks of the parent in a forked child. A registry knows the
/// descriptors of all locks, and a handler of pthread_atfork closes them in the
/// child. So the death of an owner frees its locks while its child lives, and
/// nothing that the child does releases a lock of its parent.
///
/// `_Fork` (POSIX.1-2024) and a raw clone(2) run no such handlers: their child
/// shares the parent's locks until it executes a program or ends.
///
/// Each module of a program (the program itself, each shared library) may have
/// a registry of its own: it depends on linking and loading whether two modules
/// share a variable. So an open lock keeps a pointer to the registry that has
/// its descriptor, and every module uses that one.

#ifndef FILELOCK_DETAIL_POSIX_FORK_REGISTRY_HPP
#define FILELOCK_DETAIL_POSIX_FORK_REGISTRY_HPP

#include <filelock/detail/config.hpp>
#include <filelock/detail/posix/descriptor_table.hpp>
#include <filelock/detail/posix/identity.hpp>

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <new>

namespace filelock {
inline namespace v1 {
namespace detail {

/// The descriptors that one module has registered. Without a mutex: a thread
/// that forks must not wait for a thread that waits for another library's
/// handlers of fork().
class fork_registry {
public:
  /// \returns The number of forks between the process that made the registry
  /// and this one.
  std::uint32_t generation() const noexcept {
    return generation_.load(std::memory_order_relaxed);
  }

  /// Makes forked children close `descriptor` from now on. They close it if it
  /// still has the same file open. \returns The serial number of the entry;
  /// zero if there is no memory.
  std::uint64_t add(int descriptor) noexcept {
    descriptor_table::entry* const entry = table_.make(descriptor);
    if (!entry) return 0;
    const std::uint64_t serial = last_serial_.fetch_add(1) + 1;
    entry->serial.store(0);
    entry->identity.store(posix_identity(descriptor));
    entry->serial.store(serial);
    return serial;
  }

  /// Removes the entry, unless the number has another entry now.
  void remove(int descriptor, std::uint64_t serial) noexcept {
    if (descriptor_table::entry* const entry = table_.find(descriptor))
      entry->serial.compare_exchange_strong(serial, 0);
  }

  /// Removes the entry of a descriptor that was just closed. During a fork the
  /// entry stays: the kernel copies the descriptors before it copies the
  /// memory, so the child may have got this one. An entry that stays does no
  /// harm, because a child compares the file.
  void remove_closed(int descriptor, std::uint64_t serial) noexcept {
    if (!is_forking()) remove(descriptor, serial);
  }

  /// \returns Whether `descriptor` has the file open that the entry of its
  /// number says. If so, a child that was forked since the entry was made has
  /// closed it.
  bool knows(int descriptor, std::uint64_t serial) noexcept {
    const descriptor_table::entry* const entry = table_.find(descriptor);
    return entry && entry->serial.load() == serial &&
           entry->identity.load() == posix_identity(descriptor);
  }

  /// \returns Whether no other lock has taken the number of `descriptor` since
  /// it was added. System calls: none.
  bool has_entry(int descriptor, std::uint64_t serial) noexcept {
    const descriptor_table::entry* const entry = table_.find(descriptor);
    return entry && entry->serial.load(std::memory_order_relaxed) == serial;
  }

  /// \returns Whether somebody closed `descriptor` since it was added. Its
  /// number is then another file's, or no file's. False if the file gets
  /// another identity with each look.
  bool is_strangers(int descriptor, std::uint64_t serial) noexcept {
    const descriptor_table::entry* const entry = table_.find(descriptor);
    if (!entry || entry->serial.load() != serial) return true;
    const std::uint64_t identity = posix_identity(descriptor);
    return identity != entry->identity.load() &&
           identity == posix_identity(descriptor);
  }

  /// Announces that this thread will open a descriptor. A child that is forked
  /// before the descriptor is added would keep it. So this waits a moment for a
  /// fork of another thread to end.
  /// \returns The argument of was_copied().
  std::uint32_t begin_opening() noexcept {
    // A handler of another library may open a lock, in the thread that forks.
    const auto may_begin = [this] {
      if (!is_forking() || pthread_equal(forking_.load(), ::pthread_self()))
        return true;
      opening_.fetch_sub(1);
      return false;
    };
    opening_.fetch_add(1);
    for (int pauses = 0; !may_begin(); ++pauses) {
      // A handler of that fork may be waiting for this very thread. So may it
      // for the next open, which then need not wait again.
      const std::uint32_t fork = forks_begun_.load();
      if (pauses == most_pauses) awaited_in_vain_.store(fork);
      const bool is_vain = awaited_in_vain_.load() == fork;
      if (!is_vain) pause_briefly();
      opening_.fetch_add(1);
      if (is_vain) return hasty_.fetch_add(1);
    }
    return hasty_.load();
  }
  void end_opening() noexcept { opening_.fetch_sub(1); }

  /// \returns Whether a child may have got a copy of a descriptor. It counts
  /// from when `begin_opening()` returned `before`; if that is zero, from any
  /// time.
  bool was_copied(std::uint32_t before) const noexcept {
    return hasty_.load() != before;
  }

  // ---- The handlers of fork() ----

  /// Waits a moment for the threads that are opening a descriptor.
  void before_fork() noexcept {
    forks_begun_.fetch_add(1);
    forking_.store(::pthread_self());
    for (int pauses = 0; opening_.load() != 0; ++pauses) {
      if (pauses == most_pauses) {
        // That open may be slow, or may wait for this very thread.
        hasty_.fetch_add(1);
        return;
      }
      pause_briefly();
    }
  }

  void after_fork() noexcept { forks_ended_.fetch_add(1); }

  /// Calls only functions that are safe in the child of a process with threads.
  void after_fork_in_child() noexcept {
    table_.for_each([](int descriptor, descriptor_table::entry& entry) {
      if (entry.serial.load() == 0) return;
      // A stranger may have closed the descriptor. Its number is then another
      // file's: https://github.com/VividCortex/godaemon/issues/14
      if (entry.identity.load() == posix_identity(descriptor))
        ::close(descriptor);
      entry.serial.store(0);
    });
    generation_.fetch_add(1, std::memory_order_relaxed);
    opening_.store(0); // the child does not have the threads that were opening
    forks_ended_.store(forks_begun_.load());
  }

private:
  // Some 100 ms in all: a fork takes milliseconds, but the machine may be busy.
  // Not a condition variable: if other threads wait on one at the fork, the
  // child cannot use it.
  static constexpr int most_pauses = 1000;
  static void pause_briefly() noexcept {
    // Not sleep_for: this function becomes a part of every object file.
    const ::timespec length{0, 50'000};
    ::nanosleep(&length, nullptr);
  }

  bool is_forking() const noexcept {
    return forks_ended_.load() != forks_begun_.load();
  }

  std::atomic<std::uint32_t> generation_{0};
  std::atomic<std::uint32_t> opening_{0};
  std::atomic<std::uint32_t> forks_begun_{0};
  std::atomic<std::uint32_t> forks_ended_{0};
  std::atomic<std::uint32_t> awaited_in_vain_{0}; // the number of that fork
  std::atomic<std::uint32_t> hasty_{0}; // opens and forks that did not wait
  std::atomic<::pthread_t> forking_{};
  std::atomic<std::uint64_t> last_serial_{0};
  descriptor_table table_;
};

/// Constant-initialised, so locks with static storage may use it at any time.
FILELOCK_OWN_OF_LIBRARY inline std::atomic<fork_registry*> registry_of_library{
    nullptr};

/// \returns The registry of this module. Null if there is no memory. It is
/// never destroyed, because a lock may outlive all static objects and the
/// module that opened it. This costs a page each time that a module is loaded.
FILELOCK_OWN_OF_LIBRARY inline fork_registry* this_fork_registry() noexcept {
  fork_registry* found = registry_of_library.load(std::memory_order_acquire);
  if (found) return found;
  void* const memory = map_zeros(sizeof(fork_registry));
  if (!memory) return nullptr;
  fork_registry* const made = ::new (memory) fork_registry;
  if (registry_of_library.compare_exchange_strong(found, made)) return made;
  ::munmap(memory, sizeof(fork_registry));
  return found;
}

FILELOCK_OWN_OF_LIBRARY inline void before_fork() noexcept {
  if (fork_registry* const registry = registry_of_library.load())
    registry->before_fork();
}
FILELOCK_OWN_OF_LIBRARY inline void after_fork() noexcept {
  if (fork_registry* const registry = registry_of_library.load())
    registry->after_fork();
}
FILELOCK_OWN_OF_LIBRARY inline void after_fork_in_child() noexcept {
  if (fork_registry* const registry = registry_of_library.load())
    registry->after_fork_in_child();
}

/// Registers the handlers when the module is loaded. A fork that has already
/// begun would run only some of them. They are removed when the module is
/// unloaded.
FILELOCK_OWN_OF_LIBRARY inline const int fork_handlers_error =
    this_fork_registry()
        ? ::pthread_atfork(&before_fork, &after_fork, &after_fork_in_child)
        : ENOMEM;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
