// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <filelock/filelock.hpp>

#include <filesystem>

bool other_unit_can_lock(const std::filesystem::path& path);

bool other_unit_can_lock(const std::filesystem::path& path) {
  filelock::file_lock lock{path};
  return lock.try_lock();
}
