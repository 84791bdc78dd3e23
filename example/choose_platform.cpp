// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: a platform of POSIX

// A lock on a platform that is not the default of the system.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/platform/posix_ofd_traits.hpp>

#include <filesystem>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "database";

  // tag::named[]
  filelock::open_options options;
  options.range = {0x40000000, 512}; // what SQLite locks
  filelock::basic_file_lock<filelock::posix_ofd_traits> lock{path, options};
  // end::named[]

  check(lock.try_lock_shared(), "nobody else has it");
}

} // namespace

int main() { return example::run(use); }
