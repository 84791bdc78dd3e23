// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// What becomes of open locks in a forked child: nothing. A registry knows the
/// descriptors of all locks, and pthread_atfork closes them in the child. So
/// the death of an owner frees its locks though its child lives, and nothing
/// that the child does releases a lock of its parent.
///
/// `_Fork` (POSIX.1-2024) and a raw clone(2) run no such handlers: their child
/// shares the parent's locks until it executes a program or ends.
///
/// Each module of a program (the program itself, each shared library) may have
/// a registry of its own: whether two of them share a variable depends on how
/// they are linked and loaded. So each use of an open lock asks the registry
/// that took its descriptor in, by a pointer.

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

/// The descriptors that one module has taken in. There is no mutex: a thread
/// that forks must not wait for one that another library's handlers of fork()
/// keep waiting.
class fork_registry {
public:
  /// \returns How many forks lie between the process that made the registry and
  /// this one.
  std::uint32_t generation() const noexcept {
    return generation_.load(std::memory_order_relaxed);
  }

  /// Effects: from now on a forked child closes `descriptor`, if it is still
  /// the file that it is now. \returns The serial number of the entry; zero
  /// where there is no memory.
  std::uint64_t add(int descriptor) noexcept {
    descriptor_table::entry* const entry = table_.make(descriptor);
    if (!entry) return 0;
    const std::uint64_t serial = last_serial_.fetch_add(1) + 1;
    entry->serial.store(0);
    entry->identity.store(posix_identity(descriptor));
    entry->serial.store(serial);
    return serial;
  }

  /// Effects: removes the entry, unless the number is another's by now.
  void remove(int descriptor, std::uint64_t serial) noexcept {
    if (descriptor_table::entry* const entry = table_.find(descriptor))
      entry->serial.compare_exchange_strong(serial, 0);
  }

  /// Effects: the same, of a descriptor that was just closed. The entry stays
  /// where a fork is under way: the kernel copies the descriptors before it
  /// copies the memory, so the child may have got this one. What is left of it
  /// does no harm, as a child compares the file.
  void remove_closed(int descriptor, std::uint64_t serial) noexcept {
    if (!is_forking()) remove(descriptor, serial);
  }

  /// \returns Whether `descriptor` is what the entry of that number says: so a
  /// child that was forked since the entry was made has closed it.
  bool knows(int descriptor, std::uint64_t serial) noexcept {
    const descriptor_table::entry* const entry = table_.find(descriptor);
    return entry && entry->serial.load() == serial &&
           entry->identity.load() == posix_identity(descriptor);
  }

  /// Effects: a thread is about to open a descriptor, which a child forked
  /// before it is added would keep. Waits a moment for a fork that is under way
  /// in another thread.
  /// \returns What was_copied() needs.
  std::uint32_t begin_opening() noexcept {
    // Another library's handler may open a lock, in the thread that forks.
    const auto may_begin = [this] {
      if (!is_forking() || ::pthread_equal(forking_.load(), ::pthread_self()))
        return true;
      opening_.fetch_sub(1);
      return false;
    };
    opening_.fetch_add(1);
    for (int pauses = 0; !may_begin(); ++pauses) {
      pause_briefly();
      opening_.fetch_add(1);
      // Perhaps a handler of that fork waits for this very thread.
      if (pauses == most_pauses) return hasty_.fetch_add(1);
    }
    return hasty_.load();
  }
  void end_opening() noexcept { opening_.fetch_sub(1); }

  /// \returns Whether a child may have got a copy of a descriptor since
  /// `begin_opening()` returned `before`; zero: at any time.
  bool was_copied(std::uint32_t before) const noexcept {
    return hasty_.load() != before;
  }

  // ---- The handlers of fork() ----

  /// Effects: waits a moment until no thread is opening a descriptor.
  void before_fork() noexcept {
    forks_begun_.fetch_add(1);
    forking_.store(::pthread_self());
    for (int pauses = 0; opening_.load() != 0; ++pauses) {
      if (pauses == most_pauses) {
        // That open may be slow, or wait for this very thread.
        hasty_.fetch_add(1);
        return;
      }
      pause_briefly();
    }
  }

  void after_fork() noexcept { forks_ended_.fetch_add(1); }

  /// Uses only functions that are safe in the child of a process with threads.
  void after_fork_in_child() noexcept {
    table_.for_each([](int descriptor, descriptor_table::entry& entry) {
      if (entry.serial.load() == 0) return;
      // A stranger may have closed the descriptor, whose number is then another
      // file's: https://github.com/VividCortex/godaemon/issues/14
      if (entry.identity.load() == posix_identity(descriptor))
        ::close(descriptor);
      entry.serial.store(0);
    });
    generation_.fetch_add(1, std::memory_order_relaxed);
    opening_.store(0); // by threads that the child does not have
    forks_ended_.store(forks_begun_.load());
  }

private:
  // Some 100 ms in all: a fork takes milliseconds, but the machine may be busy.
  // A condition variable that other threads wait on could not be used in the
  // child.
  static constexpr int most_pauses = 1000;
  static void pause_briefly() noexcept {
    // Not sleep_for: this function is a part of every object file.
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
  std::atomic<std::uint32_t> hasty_{0}; // that did not wait to the end
  std::atomic<::pthread_t> forking_{};
  std::atomic<std::uint64_t> last_serial_{0};
  descriptor_table table_;
};

/// Constant-initialised, so locks with static storage may use it at any time.
FILELOCK_OWN_OF_LIBRARY inline std::atomic<fork_registry*> registry_of_library{
    nullptr};

/// \returns The registry of this module; null where there is no memory. It is
/// never destroyed: a lock may outlive all static objects, and the module that
/// opened it. That is a page for each time that a module is loaded.
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

/// Registers the handlers, when the module is loaded: a fork that has begun
/// before would run only some of them. They go when the module is unloaded.
FILELOCK_OWN_OF_LIBRARY inline const int fork_handlers_error =
    this_fork_registry()
        ? ::pthread_atfork(&before_fork, &after_fork, &after_fork_in_child)
        : ENOMEM;

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
