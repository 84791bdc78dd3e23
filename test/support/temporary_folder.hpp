// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A folder of a test's own, so that tests run in parallel.

#ifndef FILELOCK_TEST_SUPPORT_TEMPORARY_FOLDER_HPP
#define FILELOCK_TEST_SUPPORT_TEMPORARY_FOLDER_HPP

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <system_error>

namespace test {

class temporary_folder {
public:
  temporary_folder() {
    std::error_code ec;
    const std::filesystem::path all = std::filesystem::temp_directory_path(ec);
    std::random_device random;
    do
      path_ = all / ("filelock-" + std::to_string(random()));
    while (!ec && !std::filesystem::create_directory(path_, ec));
    if (!ec)
      std::filesystem::permissions(path_, std::filesystem::perms::owner_all,
                                   ec);
    if (ec) {
      // No exception: there are tests without them.
      std::fprintf(stderr, "temporary_folder: %s\n", ec.message().c_str());
      std::abort();
    }
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path operator/(const char* name) const {
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

} // namespace test

#endif
