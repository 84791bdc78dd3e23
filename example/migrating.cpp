// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// From boost::interprocess::file_lock to filelock, step by step.

#include "support/example.hpp"

#include <filelock/file_lock.hpp>
#include <filelock/interprocess.hpp>
#if FILELOCK_HAS_OFD_LOCKS
#include <filelock/platform/posix_ofd_traits.hpp>
#endif

#include <boost/interprocess/sync/scoped_lock.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>

namespace {

using namespace std::chrono_literals;
using example::check;

void use_the_drop_in(const std::string& path) {
  // tag::drop_in[]
  filelock::interprocess::file_lock lock(path.c_str()); // was boost::...
  boost::interprocess::scoped_lock guard(lock, boost::interprocess::defer_lock);
  if (lock.try_lock_for(5s)) {
    lock.lock_sharable(); // converts, as before
    lock.unlock_sharable();
  }
  // end::drop_in[]

  // tag::excludes[]
  filelock::interprocess::file_lock second(path.c_str());
  lock.lock();
  check(!second.try_lock(), "with Boost's class both would hold it");
  // end::excludes[]
}

void report_errors() {
  // tag::errors[]
  try {
    const filelock::interprocess::file_lock lock("/no/such/file");
  } catch (const boost::interprocess::interprocess_exception& error) {
    check(error.get_error_code() == boost::interprocess::not_found_error,
          error.what()); // No such file or directory
  }
  // end::errors[]
}

#if FILELOCK_HAS_OFD_LOCKS
void go_on(const std::string& path) {
  filelock::interprocess::file_lock unmigrated(path.c_str());

  // tag::beside[]
  using file_lock = filelock::basic_file_lock<filelock::posix_ofd_traits>;
  filelock::open_options options;
  options.follow_symlink = true; // if the path may be one
  file_lock lock{path, options}; // while others are on Boost's class
  std::unique_lock guard{lock, 5s};
  // end::beside[]
  check(guard.owns_lock(), "nobody else has it");
  check(!unmigrated.try_lock(), "they exclude each other");
}
#endif

void finish(const std::string& path) {
  // tag::finished[]
  filelock::file_lock lock{path}; // when nobody is on Boost's class any more
  std::unique_lock guard{lock, 5s};
  // end::finished[]
  check(guard.owns_lock(), "nobody else has it");
}

void use(const example::temporary_folder& folder) {
  const std::string path = (folder / "a.lock").string();
  std::ofstream(path).flush(); // neither class creates it
  use_the_drop_in(path);
  report_errors();
#if FILELOCK_HAS_OFD_LOCKS
  go_on(path);
#endif
  finish(path);
}

} // namespace

int main() { return example::run(use); }
