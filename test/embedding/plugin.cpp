// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A shared library that is given locks of the program that loads it.

#include <filelock/filelock.hpp>

#include <chrono>
#include <mutex>
#include <utility>

#define FILELOCK_TEST_EXPORT extern "C" __attribute__((visibility("default")))

FILELOCK_TEST_EXPORT void plugin_unlock(filelock::file_lock* lock) {
  lock->unlock();
}
FILELOCK_TEST_EXPORT void plugin_close(filelock::file_lock* lock) {
  lock->close();
}
FILELOCK_TEST_EXPORT bool plugin_try_lock(filelock::file_lock* lock) {
  return lock->try_lock();
}
FILELOCK_TEST_EXPORT bool plugin_owns(const filelock::file_lock* lock) {
  return lock->owns_lock();
}
FILELOCK_TEST_EXPORT int plugin_release(filelock::file_lock* lock) {
  return lock->release();
}
FILELOCK_TEST_EXPORT void plugin_move(filelock::file_lock* from,
                                      filelock::file_lock* to) {
  *to = std::move(*from);
}
FILELOCK_TEST_EXPORT void plugin_lock_path(const char* path,
                                           filelock::file_lock* to) {
  filelock::file_lock lock(path);
  lock.lock();
  *to = std::move(lock);
}
FILELOCK_TEST_EXPORT bool plugin_try_mutex(filelock::file_mutex* mutex) {
  return mutex->try_lock();
}
FILELOCK_TEST_EXPORT void plugin_unlock_mutex(filelock::file_mutex* mutex) {
  mutex->unlock();
}
FILELOCK_TEST_EXPORT bool plugin_use_queued(const char* path, void (*use)()) {
  filelock::queued_file_lock lock(path);
  const bool is_held = lock.try_lock_for(std::chrono::hours(1));
  if (is_held) use();
  return is_held;
}
