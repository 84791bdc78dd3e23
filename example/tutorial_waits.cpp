// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The first steps: not to wait, to wait for a while, to wait until a time.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <utility>

namespace {

using example::check;

// tag::only_instance[]
// The program runs once: keeps the lock until it ends, however it ends.
bool is_only_instance(filelock::file_lock& lock) {
  if (lock.try_lock()) return true;
  std::cerr << "already running: " << lock.path() << " is locked\n";
  return false;
}
// end::only_instance[]

void use(const example::temporary_folder& folder) {
  using namespace std::chrono_literals;
  const std::filesystem::path path = folder / "state.lock";

  filelock::file_lock first{path};
  filelock::file_lock second{path};
  check(is_only_instance(first), "a free lock is taken");
  check(!is_only_instance(second), "a held lock is refused");

  // tag::timed[]
  filelock::file_lock lock{path};
  if (lock.try_lock_for(20ms)) {
    std::cout << "acquired within 20 ms\n";
    lock.unlock();
  } else {
    std::cout << "still busy after 20 ms\n";
  }

  // Any clock will do.
  const auto soon = std::chrono::system_clock::now() + 20ms;
  std::unique_lock guard{lock, soon};
  if (!guard) std::cout << "still busy at that time\n";
  // end::timed[]
  check(!guard, "the first object holds it");

  first.unlock();
  check(guard.try_lock(), "the guard can ask again");

  // tag::move[]
  filelock::file_lock moved{std::move(first)}; // takes the hold along, if any
  // end::move[]
  check(moved.path() == path, "the path is moved");
}

} // namespace

int main() { return example::run(use); }
