// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Locks for some kinds of program, as the manual advises.

#include "support/example.hpp"

#include <filelock/filelock.hpp>

#include <chrono>
#include <filesystem>
#include <stop_token>

namespace {

using namespace std::chrono_literals;
using example::check;

bool run_once(const std::filesystem::path& path) {
  // tag::daemon[]
  filelock::file_lock instance{path};
  if (!instance.try_lock()) return false; // it runs already
  // end::daemon[]
  return true;
}

void build(const std::filesystem::path& path) {
  // tag::build_tool[]
  // Waits in the queue, an hour at a time, cut to the moments at which it says
  // whom it waits for: after 2 s, and then each 30 s.
  filelock::notified pace{filelock::constant_backoff{1h}, 2s, 30s,
                          filelock::print_wait_message};
  filelock::basic_file_lock<filelock::queued_file_lock::platform_type,
                            decltype(pace)>
      folder{path, pace};
  folder.lock();
  // end::build_tool[]
  check(folder.owns_lock(), "free");
}

bool answer(const std::filesystem::path& path, std::stop_token shutdown) {
  // tag::request[]
  filelock::queued_file_lock row{path};
  if (!row.try_lock_for(50ms, shutdown)) return false; // say "try again later"
  // end::request[]
  return true;
}

#if FILELOCK_HAS_OFD_LOCKS
void run_job(const std::filesystem::path& path) {
  // tag::cluster[]
  // Late by a tenth of the time waited at most, or by 10 ms, and never by more
  // than 2 s; jobs that began together do not ask together.
  filelock::jittered pace{filelock::proportional_backoff{0.1, 10ms, 2s},
                          filelock::jitter::full};
  filelock::basic_file_lock<filelock::polled<filelock::posix_ofd_traits>,
                            decltype(pace)>
      job{path, pace};
  job.lock();
  // end::cluster[]
  check(job.owns_lock(), "free");
}
#endif

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  check(run_once(path), "free");
  build(path);
  check(answer(path, {}), "free");
  filelock::file_lock holder{path};
  holder.lock();
  check(!run_once(path), "busy");
  check(!answer(path, {}), "busy");
#if FILELOCK_HAS_OFD_LOCKS
  run_job(path);
#endif
}

} // namespace

int main() { return example::run(use); }
