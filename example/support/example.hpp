// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the example programs share, and the manual does not show.

#ifndef FILELOCK_EXAMPLE_SUPPORT_EXAMPLE_HPP
#define FILELOCK_EXAMPLE_SUPPORT_EXAMPLE_HPP

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>

namespace example {

/// A new folder, removed with what is in it.
class temporary_folder {
public:
  temporary_folder()
      : path_(std::filesystem::temp_directory_path() /
              ("filelock-example-" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directories(path_);
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::filesystem::path operator/(const char* name) const {
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

/// What the text of the manual says must be so, or the example fails.
inline void check(bool is_so, const char* what) {
  if (!is_so) throw std::logic_error(what);
}

/// \returns The exit code of a program that does `work` in a folder of its own.
template <class Work>
int run(Work work) {
  try {
    const temporary_folder folder;
    work(folder);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "failed: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

} // namespace example

#endif
