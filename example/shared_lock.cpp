// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Many readers, or one writer.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

namespace {

using example::check;

// tag::shared[]
class setting {
public:
  explicit setting(std::filesystem::path file)
      : lock_(file.string() + ".lock"), file_(std::move(file)) {}

  std::string read() {
    std::shared_lock guard{lock_}; // beside other readers
    std::string value;
    std::getline(std::ifstream{file_}, value);
    return value;
  }

  void write(const std::string& value) {
    std::unique_lock guard{lock_}; // alone
    std::ofstream{file_} << value << '\n';
  }

private:
  filelock::file_lock lock_;
  std::filesystem::path file_;
};
// end::shared[]

void use(const example::temporary_folder& folder) {
  setting mine{folder / "colour"};
  setting yours{folder / "colour"};
  mine.write("blue");
  check(yours.read() == "blue", "what one object writes the other reads");

  const std::filesystem::path path = folder / "colour.lock";
  filelock::file_lock first{path};
  filelock::file_lock second{path};
  filelock::file_lock writer{path};
  first.lock_shared();
  check(second.try_lock_shared(), "two readers at a time");
  check(!writer.try_lock(), "no writer beside them");
  first.unlock_shared();
  second.unlock_shared();
  check(writer.try_lock(), "a writer after them");
  check(!first.try_lock_shared(), "no reader beside it");
}

} // namespace

int main() { return example::run(use); }
