// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Threads: an object for each, on one path.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "count.lock";

  // tag::threads[]
  int count = 0; // guarded by the lock on path
  const auto work = [&] {
    filelock::file_lock lock{path}; // this thread's own
    for (int i = 0; i != 100; ++i) {
      std::lock_guard guard{lock};
      ++count;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back(work);
  for (std::thread& each : threads)
    each.join();
  // count is 400
  // end::threads[]

  check(count == 400, "no increment is lost");
}

} // namespace

int main() { return example::run(use); }
