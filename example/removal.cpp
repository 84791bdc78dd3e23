// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock file that is removed, and one that goes away.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <mutex>

namespace {

using example::check;

void remove_the_file(const std::filesystem::path& path) {
  // tag::removal[]
  filelock::open_options options;
  options.remove_on_release = true; // of all who use this path
  filelock::file_lock lock{path, options};
  {
    const std::lock_guard<filelock::file_lock> guard(lock);
    // the file is there
  }
  // the file is gone
  // end::removal[]
  check(!std::filesystem::exists(path), "the file is gone");
  check(lock.try_lock() && std::filesystem::exists(path), "it comes again");
}

bool serves_on(filelock::file_lock& lock) {
  // tag::still_valid[]
  if (!lock.still_valid()) return false; // somebody else may hold the lock now
  // end::still_valid[]
  return true;
}

void use(const example::temporary_folder& folder) {
  remove_the_file(folder / "removed.lock");

  filelock::file_lock lock{folder / "state.lock"};
  check(!serves_on(lock), "not held");
  lock.lock();
  check(serves_on(lock), "held");
  std::filesystem::rename(folder / "state.lock", folder / "old.lock");
  check(!serves_on(lock), "renamed");
}

} // namespace

int main() { return example::run(use); }
