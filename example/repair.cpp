// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and mmap

// Eight processes update a record of two parts. One of them is killed between
// the two parts. The next owner sees that, and repairs the record.

#include "support/example.hpp"

// tag::recipe[]
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/marked.hpp>

#include <signal.h>

#include <mutex>

// tag::repair[]
struct account { // in memory that the processes share, or in a file
  int balance = 0;
  int bookings = 0; // as many as the balance says
  int repairs = 0;
};

using account_lock =
    filelock::basic_file_lock<filelock::marked<filelock::native_traits>>;

/// Effects: makes the parts agree. May be interrupted and repeated at any
/// point.
void repair(account& shared) {
  if (shared.bookings == shared.balance) return; // it died before its change
  shared.bookings = shared.balance;
  ++shared.repairs;
}

void update(account_lock& lock, account& shared, bool dies) {
  const std::lock_guard guard(lock);
  if (lock.previous_owner_died()) repair(shared);
  ++shared.balance;
  if (dies) ::raise(SIGKILL); // half way
  ++shared.bookings;
}
// end::repair[]
// end::recipe[]

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <new>

namespace {

using example::check;

constexpr int processes = 8;
constexpr int updates = 100; // of each process

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "account.lock";
  void* const memory = ::mmap(nullptr, sizeof(account), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  check(memory != MAP_FAILED, "mmap");
  account& shared = *::new (memory) account;
  std::array<::pid_t, processes> children{};
  for (::pid_t& child : children) {
    const bool dies = &child == &children.front();
    child = ::fork();
    check(child >= 0, "fork");
    if (child != 0) continue;
    account_lock lock{path};
    for (int k = 0; k != updates; ++k)
      update(lock, shared, dies && k == updates / 2);
    ::_exit(EXIT_SUCCESS);
  }
  for (const ::pid_t child : children) {
    int status = 0;
    check(::waitpid(child, &status, 0) == child, "waitpid");
    check(WIFSIGNALED(status) == (child == children.front()), "one is killed");
  }
  account_lock lock{path};
  update(lock, shared, false);
  check(shared.repairs == 1, "repaired once");
  check(shared.bookings == shared.balance, "the parts agree");
  check(shared.balance == (processes - 1) * updates + updates / 2 + 2,
        "no update is lost");
  ::munmap(memory, sizeof(account));
}

} // namespace

int main() { return example::run(use); }
