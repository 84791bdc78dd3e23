// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Errors: by exception, and by std::error_code.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <iostream>
#include <system_error>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  const std::filesystem::path not_a_file = folder / "";

  bool has_thrown = false;
  // tag::exception[]
  filelock::file_lock wrong{not_a_file}; // opens nothing yet
  try {
    wrong.lock();
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << error.code().message() << ": " << error.path1() << '\n';
    // end::exception[]
    has_thrown = true;
    // tag::exception[]
  }
  // end::exception[]
  check(has_thrown, "a folder is no lock file");
  check(!wrong.is_open(), "the object is as it was");

  filelock::file_lock holder{path};
  holder.lock();
  bool was_busy = false;
  // tag::code[]
  filelock::file_lock lock{path};
  std::error_code ec;
  if (lock.try_lock(ec)) {
    std::cout << "acquired\n";
  } else if (!ec) {
    std::cout << "busy: another owner has it\n";
    // end::code[]
    was_busy = true;
    // tag::code[]
  } else {
    std::cout << "cannot lock: " << ec.message() << '\n';
  }
  // end::code[]
  check(was_busy, "busy is no error");

  // tag::other_mode[]
  holder.lock_shared(ec); // it holds the lock exclusively
  // ec == std::errc::resource_deadlock_would_occur, and nothing has changed
  // end::other_mode[]
  check(ec == std::errc::resource_deadlock_would_occur, "the other mode");
  check(holder.owns_lock(), "nothing has changed");
}

} // namespace

int main() { return example::run(use); }
