// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: robust mutexes

// A lock for processes of one machine that lock often.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

namespace {

using example::check;

// tag::count[]
void count(filelock::robust_file_lock& lock, long& shared_counter) {
  const std::lock_guard guard(lock); // no system call, unless somebody holds it
  ++shared_counter;
}
// end::count[]

void use(const example::temporary_folder& folder) {
  namespace fs = std::filesystem;
  const fs::path path = folder / "counter.lock";
  // tag::open[]
  filelock::open_options options;
  // Only programs that use the lock may write to its file.
  options.permissions = fs::perms::owner_read | fs::perms::owner_write;
  filelock::robust_file_lock lock(path, options);
  // end::open[]
  long counter = 0;
  count(lock, counter);
  count(lock, counter);
  check(counter == 2, "counted");

  // tag::thread[]
  lock.lock();
  std::thread([&] {
    std::error_code ec;
    lock.unlock(ec); // not the owner: nothing changes
    check(ec == std::errc::operation_not_permitted, "refused");
  }).join();
  check(lock.owns_lock(), "still held");
  lock.unlock();
  // end::thread[]

  // tag::died[]
  filelock::robust_file_lock other(lock.path());
  std::thread([&] { other.lock(); }).join(); // the thread ends with the lock
  lock.lock();
  check(lock.previous_owner_died(), "what the lock guards may be half done");
  lock.unlock(); // all is well again
  // end::died[]
}

} // namespace

int main() { return example::run(use); }
