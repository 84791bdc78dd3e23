// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The main job: one owner at a time, and a wait that ends.

#include <filelock/file_lock.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <random>
#include <string>

namespace {

using namespace std::chrono_literals;

int run(const std::filesystem::path& path) {
  // tag::lock[]
  filelock::file_lock lock{path};
  std::unique_lock guard{lock, 5s}; // waits at most five seconds
  if (!guard) {
    std::cout << "someone else has it\n";
    return EXIT_FAILURE;
  }
  std::cout << "it is ours, until the guard goes\n";
  // end::lock[]

  // Each object is an owner of its own, whichever process or thread it is in.
  filelock::file_lock second{path};
  if (second.try_lock()) {
    std::cout << "error: two owners at once\n";
    return EXIT_FAILURE;
  }
  std::cout << "a second object is refused, at once\n";

  guard.unlock();
  if (!second.try_lock()) {
    std::cout << "error: the lock was not released\n";
    return EXIT_FAILURE;
  }
  std::cout << "after the release it has the lock\n";
  return EXIT_SUCCESS;
}

} // namespace

int main() {
  try {
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() /
        ("filelock-" + std::to_string(std::random_device()()) + ".lock");
    const int result = run(path);
    std::filesystem::remove(path);
    return result;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
