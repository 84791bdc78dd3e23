// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock beside the content of its own file, for Windows.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/open_options.hpp>
#include <filelock/platform/native_traits.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "settings.ini";
  std::ofstream(path) << "text";

  // tag::range[]
  filelock::open_options options;
  options.range = {1ULL << 62, 1}; // one byte, where the file never gets
  filelock::file_lock lock{path, options};
  // end::range[]

  std::error_code ec;
  const bool locked = lock.try_lock(ec);
  if (!filelock::native_traits::byte_ranges) {
    check(ec == std::errc::not_supported, "this system locks whole files");
    return;
  }
  check(locked, "it is free");
  check(!filelock::file_lock(path, options).try_lock(), "it excludes its like");
  check(filelock::file_lock(path).try_lock(), "and not the first byte");

  std::ofstream(path) << "changed";
  std::string text;
  std::ifstream(path) >> text;
  check(text == "changed", "the content is read and written meanwhile");
  check(std::filesystem::file_size(path) == text.size(),
        "and grows by nothing");
}

} // namespace

int main() { return example::run(use); }
