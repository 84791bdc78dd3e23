// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The tests of support/standby.hpp. They wait for minutes, on a virtual clock,
// in no time.

#include "support/example.hpp"
#include "support/standby.hpp"

// tag::include[]
#include <filelock/testing/simulation.hpp>

using tested_standby = standby<filelock::simulated_file_lock>;
// end::include[]

#include <chrono>
#include <filesystem>
#include <system_error>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::tests[]
void takes_over_when_the_other_one_dies() {
  filelock::simulation world;
  const filelock::process_id other = world.hold("/job.lock");
  world.at(5min, [&] { world.kill(other); });

  std::chrono::nanoseconds waited{};
  tested_standby mine("/job.lock");
  check(mine.run(6min, [&](auto time) { waited = time; }), "it takes over");
  check(waited >= 5min && waited < 5min + 2ms, "at once");
}

void not_called(std::chrono::nanoseconds) { check(false, "two do the job"); }

void gives_up() {
  filelock::simulation world;
  world.hold("/job.lock"); // for ever
  tested_standby mine("/job.lock");
  check(!mine.run(6min, not_called), "it does not do the job");
  check(world.now() == 6min,
        "and gives up after six minutes, to the nanosecond");
}

void one_after_another() {
  filelock::simulation world;
  filelock::contention others; // twenty at once, for a second each
  others.hold = {1s, 1s};
  for (int i = 0; i != 20; ++i)
    world.contend("/job.lock", filelock::default_backoff{}, others);
  tested_standby mine("/job.lock");
  check(!mine.run(1ms, not_called), "another one does the job");
  world.run();
  check(world.now() >= 20s, "each of them does it alone");
  check(mine.run(0s, [](auto) {}), "then it is our turn");
}
// end::tests[]

void reports_errors() {
  // tag::faults[]
  filelock::simulation world;
  world.set_open_error("/job.lock",
                       std::make_error_code(std::errc::permission_denied));
  tested_standby mine("/job.lock");
  try {
    mine.run(6min, not_called);
    check(false, "an error is thrown");
  } catch (const std::filesystem::filesystem_error& error) {
    check(error.code() == std::errc::permission_denied, "the right one");
  }
  // end::faults[]
}

// The same code, with the lock of the system.
void works_with_files(const std::filesystem::path& path) {
  standby<> mine(path);
  check(mine.run(1s,
                 [&](auto) {
                   standby<> other(path);
                   check(!other.run(0s, not_called), "one at a time");
                 }),
        "the lock is free");
}

void use(const example::temporary_folder& folder) {
  takes_over_when_the_other_one_dies();
  gives_up();
  one_after_another();
  reports_errors();
  works_with_files(folder / "job.lock");
}

} // namespace

int main() { return example::run(use); }
