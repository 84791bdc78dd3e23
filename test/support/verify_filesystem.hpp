// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Runs the program verify_filesystem.

#ifndef FILELOCK_TEST_SUPPORT_VERIFY_FILESYSTEM_HPP
#define FILELOCK_TEST_SUPPORT_VERIFY_FILESYSTEM_HPP

#include "built_file.hpp"
#include "child_process.hpp"
#include "temporary_folder.hpp"

#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace test {

struct verified {
  int code;
  std::string output; ///< and what was written to stderr

  bool says(const std::string& text) const {
    return output.find(text) != output.npos;
  }
};

/// \returns What verify_filesystem prints. Few seconds of contention, and a
/// patience that a busy machine does not exhaust.
inline verified verify_filesystem(std::vector<std::string> arguments) {
  const std::vector<std::string> first{built_file("verify_filesystem"),
                                       "--seconds=0.2", "--patience=20"};
  arguments.insert(arguments.begin(), first.begin(), first.end());
  child_process child(arguments, child_process::errors::are_output);
  verified result;
  result.output = child.read_all();
  result.code = child.wait();
  return result;
}

/// Runs `work(point)` in a child with mounts of its own, where the command
/// `mount` has mounted something at $POINT.
/// \returns What `work` says was wrong; not_mounted where the command failed.
template <class Work>
std::string on_mount(const std::string& mount, Work work) {
  const temporary_folder folder;
  const std::filesystem::path point = folder / "mounted";
  std::filesystem::create_directory(point);
  return failure_in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::setenv("POINT", point.c_str(), 1) != 0 ||
        std::system(("(" + mount + ") >/dev/null 2>&1").c_str()) != 0)
      return "cannot be mounted here";
    return work(point);
  });
}

} // namespace test

#endif
