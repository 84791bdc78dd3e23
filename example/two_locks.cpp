// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two locks at once, taken in any order by anybody.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <mutex>
#include <thread>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path source = folder / "source.lock";
  const std::filesystem::path target = folder / "target.lock";
  int moves = 0; // guarded by both locks

  // tag::both[]
  const auto move = [&moves](const std::filesystem::path& from,
                             const std::filesystem::path& to) {
    filelock::file_lock first{from};
    filelock::file_lock second{to};
    std::scoped_lock guard{first, second}; // no deadlock, whatever the order
    ++moves;
  };
  std::thread back{[&] {
    for (int i = 0; i != 50; ++i)
      move(target, source);
  }};
  for (int i = 0; i != 50; ++i)
    move(source, target);
  back.join();
  // end::both[]

  check(moves == 100, "no move is lost");
}

} // namespace

int main() { return example::run(use); }
