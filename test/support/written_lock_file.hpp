// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock file that the test writes and reads as a stranger does.

#ifndef FILELOCK_TEST_SUPPORT_WRITTEN_LOCK_FILE_HPP
#define FILELOCK_TEST_SUPPORT_WRITTEN_LOCK_FILE_HPP

#include "temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace test {

struct written_lock_file {
  temporary_folder folder;
  std::filesystem::path path = folder / "a.lock";

  void write(const std::string& content) const {
    std::ofstream(path, std::ios::binary) << content;
  }
  std::string content() const {
    std::ostringstream result;
    result << std::ifstream(path, std::ios::binary).rdbuf();
    return result.str();
  }
};

} // namespace test

#endif
