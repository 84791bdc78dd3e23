// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: record locks of an open file description

// Jobs that lock one file again and again, each in its turn.

#include "support/example.hpp"

#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>
#include <filelock/platform/queued.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using example::check;

#if FILELOCK_HAS_OFD_LOCKS

// tag::types[]
using fifo_file_lock =
    filelock::basic_file_lock<filelock::fifo<filelock::posix_ofd_traits>>;
// end::types[]

constexpr int turns = 100; // of each job

// tag::turns[]
int work(const std::filesystem::path& path, int& finished_steps) {
  fifo_file_lock lock{path};
  int done = 0;
  while (done != turns) {
    const std::lock_guard guard{lock}; // behind all that wait already
    ++finished_steps;
    ++done;
  }
  return done;
}
// end::turns[]

// tag::timed[]
bool work_in_time(const std::filesystem::path& path) {
  using namespace std::chrono_literals;
  using platform = filelock::fifo<filelock::queued<filelock::posix_ofd_traits>>;
  filelock::basic_file_lock<platform> lock{path};
  const std::unique_lock guard{lock, 5s};
  return guard.owns_lock(); // otherwise it has left the queue
}
// end::timed[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "jobs.lock";
  int finished_steps = 0;
  std::vector<std::thread> jobs;
  for (int i = 0; i != 4; ++i)
    jobs.emplace_back([&] { work(path, finished_steps); });
  check(work_in_time(path), "it has its turn");
  for (std::thread& each : jobs)
    each.join();
  check(finished_steps == 4 * turns, "one at a time");
}

#else

void use(const example::temporary_folder&) {
  std::cout << "this system has no locks of an open file description\n";
}

#endif

} // namespace

int main() { return example::run(use); }
