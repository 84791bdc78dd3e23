// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and mmap

// Eight processes update a record of two parts. One of them is killed half way:
// the next owner is told, and repairs the record.

#include "support/example.hpp"

#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/marked.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <mutex>
#include <new>

namespace {

using example::check;

constexpr int processes = 8;
constexpr int updates = 100; // of each process

struct account {
  int balance = 0;
  int bookings = 0; // as many as the balance says
  int repairs = 0;
};

// tag::repair[]
using account_lock =
    filelock::basic_file_lock<filelock::marked<filelock::native_traits>>;

void update(account_lock& lock, account& shared, bool dies) {
  const std::lock_guard guard(lock);
  if (lock.previous_owner_died() && shared.bookings != shared.balance) {
    shared.bookings = shared.balance;
    ++shared.repairs;
  }
  ++shared.balance;
  if (dies) ::raise(SIGKILL); // half way
  ++shared.bookings;
}
// end::repair[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "account.lock";
  void* const memory = ::mmap(nullptr, sizeof(account), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  check(memory != MAP_FAILED, "mmap");
  account& shared = *::new (memory) account;
  std::array<::pid_t, processes> children{};
  for (int i = 0; i != processes; ++i) {
    children[static_cast<std::size_t>(i)] = ::fork();
    if (children[static_cast<std::size_t>(i)] != 0) continue;
    account_lock lock{path};
    for (int k = 0; k != updates; ++k)
      update(lock, shared, i == 0 && k == updates / 2);
    ::_exit(0);
  }
  for (const ::pid_t child : children)
    ::waitpid(child, nullptr, 0);
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
