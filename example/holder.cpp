// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Who is in the way.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <iostream>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "a.lock";
  filelock::file_lock other{path};
  other.lock();

  bool is_locked = true;
  // tag::holder[]
  filelock::file_lock lock{path};
  if (!lock.try_lock()) {
    std::cout << "someone else has it";
    if (const auto process = lock.holder())
      std::cout << ": process " << *process;
    std::cout << '\n';
    // end::holder[]
    is_locked = false;
    // tag::holder[]
  }
  // end::holder[]
  check(!is_locked, "another object has it");
  check(!other.holder(), "nobody else has it");
}

} // namespace

int main() { return example::run(use); }
