// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: glibc loads libgcc_s.so.1 when a thread is first cancelled

// A queued wait ends in a program without libgcc_s.so.1, which cannot be loaded
// either: no descriptor is left. https://github.com/OpenSCAP/openscap/pull/386

#include <filelock/filelock.hpp>

#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <string>

int main() {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("filelock-no-libgcc-" + std::to_string(std::random_device()()));
  filelock::file_lock held{path};
  held.lock();
  filelock::queued_file_lock lock{path};
  lock.open();
  const ::rlimit none{0, 0};
  if (::setrlimit(RLIMIT_NOFILE, &none) != 0) return 2;
  const bool is_locked = lock.try_lock_for(std::chrono::milliseconds(50));
  std::filesystem::remove(path);
  return is_locked ? 1 : 0;
}
