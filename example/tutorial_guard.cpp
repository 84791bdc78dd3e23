// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The first steps: a guard holds the lock for a scope.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using example::check;

// tag::append[]
void append(const std::filesystem::path& journal, const std::string& line) {
  filelock::file_lock lock{journal.string() + ".lock"};
  std::lock_guard guard{lock}; // waits for as long as it takes

  std::ofstream{journal, std::ios::app} << line << '\n';
} // the guard releases, the lock closes its file
// end::append[]

void use(const example::temporary_folder& folder) {
  const std::filesystem::path journal = folder / "journal";
  const std::string line(1000, 'x');
  constexpr int threads = 4;
  constexpr int lines = 25;

  std::vector<std::thread> writers;
  for (int i = 0; i != threads; ++i)
    writers.emplace_back([&] {
      for (int n = 0; n != lines; ++n)
        append(journal, line);
    });
  for (std::thread& writer : writers)
    writer.join();

  int count = 0;
  std::ifstream written{journal};
  for (std::string each; std::getline(written, each); ++count)
    check(each == line, "no line is torn");
  check(count == threads * lines, "no line is lost");
}

} // namespace

int main() { return example::run(use); }
