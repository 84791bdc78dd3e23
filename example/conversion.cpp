// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A reader that becomes the writer, and the other way round.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::convert[]
class cache {
public:
  explicit cache(std::filesystem::path file)
      : lock_(file.string() + ".lock"), file_(std::move(file)) {}

  std::string get() {
    lock_.lock_shared();
    std::string value = read();
    if (value.empty()) {
      switch (lock_.try_upgrade_for(1s)) {
      case filelock::conversion::held_throughout:
        value = compute(); // nobody has written since we read
        break;
      case filelock::conversion::released_between:
        value = read(); // somebody may have
        if (value.empty()) value = compute();
        break;
      case filelock::conversion::refused_still_shared:
      case filelock::conversion::refused_released:
        break; // too busy; perhaps still held, perhaps not
      }
    }
    lock_.unlock(); // nothing where it is not held
    return value;
  }
  // end::convert[]

private:
  std::string read() const {
    std::string value;
    std::getline(std::ifstream{file_}, value);
    return value;
  }

  std::string compute() const {
    std::ofstream{file_} << "computed\n";
    return "computed";
  }

  filelock::file_lock lock_;
  std::filesystem::path file_;
  // tag::convert[]
};
// end::convert[]

void use(const example::temporary_folder& folder) {
  cache values{folder / "cache"};
  check(values.get() == "computed", "computed under an exclusive lock");
  check(values.get() == "computed", "then read under a shared one");

  const std::filesystem::path path = folder / "other.lock";
  filelock::file_lock writer{path};
  filelock::file_lock reader{path};
  // tag::downgrade[]
  writer.lock();
  // write, then let others read while we read on
  if (writer.downgrade() == filelock::conversion::refused_released)
    writer.lock_shared(); // another writer was faster
  // end::downgrade[]
  check(reader.try_lock_shared(), "a reader beside who has written");
  check(writer.owns_lock_shared(), "who has written reads");
}

} // namespace

int main() { return example::run(use); }
