// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program that runs once at a time, and says which process is in the way.

#include "support/example.hpp"

// tag::single_instance[]
#include <filelock/file_lock.hpp>
#include <filelock/owner_record.hpp>

#include <iostream>
#include <string>
#include <system_error>

/// \returns Whether no other instance runs. Then `lock` is held.
bool is_only_instance(filelock::file_lock& lock, std::ostream& messages) {
  if (lock.try_lock()) {
    std::error_code ec; // without a record, only the message of others suffers
    filelock::write_owner(lock, {"serves port 8080"},
                          filelock::foreign_content::refuse, ec);
    return true;
  }
  messages << "already running";
  if (const auto owner = filelock::read_owner(lock))
    messages << " as process " << owner->process << ": " << owner->text;
  messages << '\n';
  return false;
}

int run(filelock::file_lock lock) {
  if (!is_only_instance(lock, std::cerr)) return 1;
  // ... the work of the program ...
  std::error_code ec;
  filelock::clear_owner(lock, ec); // nobody shall read of us any more
  return 0;
}
// end::single_instance[]

#include <filesystem>
#include <sstream>

namespace {

using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "service.lock";
  {
    filelock::file_lock first{path};
    std::ostringstream none;
    check(is_only_instance(first, none) && none.str().empty(), "the only one");

    filelock::file_lock second{path};
    std::ostringstream message;
    check(!is_only_instance(second, message), "there is another one");
    const std::string process =
        std::to_string(filelock::owner_record().process);
    check(message.str() ==
              "already running as process " + process + ": serves port 8080\n",
          "the message names it");
    check(run(filelock::file_lock{path}) == 1, "it does not run");
  }
  check(run(filelock::file_lock{path}) == 0, "it runs");
  check(!filelock::read_owner(path), "the record is gone");
}

} // namespace

int main() { return example::run(use); }
