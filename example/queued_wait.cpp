// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <thread>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  using namespace std::chrono_literals;
  const std::filesystem::path path = folder / "state.lock";
  filelock::file_lock holder{path};
  holder.lock();

  std::atomic<bool> is_held{false};
  std::thread waiter{[&] {
    // tag::queued[]
    filelock::queued_file_lock lock{path};
    if (const std::unique_lock guard{lock, 5s}) {
      std::cout << "woken by the kernel\n";
      // end::queued[]
      is_held = true;
      // tag::queued[]
    }
    // end::queued[]
  }};
  std::this_thread::sleep_for(2ms); // so that it may have to wait
  holder.unlock();
  waiter.join();
  check(is_held, "a release ends the wait");
}

} // namespace

int main() { return example::run(use); }
