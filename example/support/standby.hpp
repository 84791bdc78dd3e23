// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A library that takes the type of its lock as a template parameter. Its tests
// are in standby_test.cpp.

#ifndef FILELOCK_EXAMPLE_SUPPORT_STANDBY_HPP
#define FILELOCK_EXAMPLE_SUPPORT_STANDBY_HPP

// tag::library[]
#include <filelock/file_lock.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <utility>

/// One of several processes does a job. The others stand by, and one of them
/// takes over when the first one ends or dies.
template <class FileLock = filelock::file_lock>
class standby {
public:
  using clock =
      typename FileLock::clock; // of the waits: a test's may be virtual

  explicit standby(std::filesystem::path path) : lock_(std::move(path)) {}

  /// Effects: calls `job(waited)` as soon as no other process does the job,
  /// with the time that this took.
  /// \returns Whether it was called: false if another process did not end
  /// within `patience`.
  template <class Job>
  bool run(std::chrono::milliseconds patience, Job job) {
    const auto begin = clock::now();
    const std::unique_lock guard(lock_, patience);
    if (guard) job(clock::now() - begin);
    return guard.owns_lock();
  }

private:
  FileLock lock_;
};
// end::library[]

#endif
