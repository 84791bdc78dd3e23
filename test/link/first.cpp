// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Two translation units that both include the library link into one program,
// and a lock that one holds keeps the other out.

#include "../support/temporary_folder.hpp"

#include <filelock/filelock.hpp>

#include <cstdio>
#include <filesystem>

bool other_unit_can_lock(const std::filesystem::path& path);

int main() {
  const test::temporary_folder folder;
  const std::filesystem::path path = folder / "file.lock";

  filelock::file_lock lock{path};
  const bool held = lock.try_lock();
  const bool excluded = !other_unit_can_lock(path);
  lock.unlock();
  const bool released = other_unit_can_lock(path);

  std::printf("held %d, excluded %d, released %d\n", held, excluded, released);
  return held && excluded && released ? 0 : 1;
}
