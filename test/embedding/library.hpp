// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a shared library exports that has a copy of the lock built in. Included
// once by each library, after its `own_pause` policy.

#ifndef FILELOCK_TEST_EMBEDDING_LIBRARY_HPP
#define FILELOCK_TEST_EMBEDDING_LIBRARY_HPP

#include <filelock/filelock.hpp>

#include <chrono>

#define FILELOCK_TEST_EXPORT extern "C" __attribute__((visibility("default")))

using library_lock =
    filelock::basic_file_lock<filelock::native_traits, own_pause>;

static library_lock& lock_of(void* lock) {
  return *static_cast<library_lock*>(lock);
}

FILELOCK_TEST_EXPORT void* library_create(const char* path) {
  return new library_lock(path);
}
FILELOCK_TEST_EXPORT void library_destroy(void* lock) {
  delete static_cast<library_lock*>(lock);
}
FILELOCK_TEST_EXPORT void library_lock_it(void* lock) { lock_of(lock).lock(); }
FILELOCK_TEST_EXPORT bool library_try_lock(void* lock) {
  return lock_of(lock).try_lock();
}
FILELOCK_TEST_EXPORT bool library_try_lock_for(void* lock, int milliseconds) {
  return lock_of(lock).try_lock_for(std::chrono::milliseconds(milliseconds));
}
FILELOCK_TEST_EXPORT void library_unlock(void* lock) { lock_of(lock).unlock(); }
FILELOCK_TEST_EXPORT void library_close(void* lock) { lock_of(lock).close(); }
FILELOCK_TEST_EXPORT bool library_is_open(void* lock) {
  return lock_of(lock).is_open();
}
FILELOCK_TEST_EXPORT bool library_wait_in_queue(const char* path) {
  filelock::queued_file_lock lock(path);
  return lock.try_lock_for(std::chrono::hours(1));
}
FILELOCK_TEST_EXPORT const void* library_registry() {
  return filelock::detail::this_fork_registry();
}
FILELOCK_TEST_EXPORT const void* library_error_handler() {
  return &filelock::detail::current_error_handler;
}
FILELOCK_TEST_EXPORT int library_times_asked() { return times_asked; }

#endif
