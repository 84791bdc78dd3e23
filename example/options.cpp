// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How the file is opened.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/open_options.hpp>

#include <filesystem>
#include <system_error>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";

  // tag::options[]
  filelock::open_options options;
  options.create = false;        // somebody else makes the file
  options.follow_symlink = true; // it may be a symbolic link
  filelock::file_lock lock{path, options};
  // end::options[]

  std::error_code ec;
  lock.lock(ec);
  check(ec == std::errc::no_such_file_or_directory, "nothing was created");
  filelock::file_lock{path}.open();
  check(lock.try_lock(), "once it is there, it is locked");
}

} // namespace

int main() { return example::run(use); }
