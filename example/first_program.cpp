// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The first program of the tutorial, which takes the file as its argument.

// tag::whole[]
#include <filelock/file_lock.hpp>

#include <chrono>
#include <iostream>
#include <mutex>

int main(int count, char** arguments) {
  using namespace std::chrono_literals;
  filelock::file_lock lock{count > 1 ? arguments[1] : "first.lock"};
  std::unique_lock guard{lock, 5s}; // waits at most five seconds
  if (!guard) {
    std::cout << "someone else has it\n";
    return 1;
  }
  std::cout << "it is mine\n";
}
// end::whole[]
