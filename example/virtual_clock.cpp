// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A program that takes the type of its lock as a template parameter, and its
// tests: on a virtual clock, so none of them waits.

#include "support/example.hpp"

// tag::program[]
#include <filelock/file_lock.hpp>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// What several programs do one after another, at most five seconds late.
template <class FileLock = filelock::file_lock>
class job_list {
public:
  explicit job_list(std::filesystem::path path) : lock_(std::move(path)) {}

  /// \returns Whether the job is on the list: false where another program kept
  /// us waiting for too long.
  bool add(std::string job) {
    const std::unique_lock guard(lock_, std::chrono::seconds(5));
    if (!guard) return false;
    jobs_.push_back(std::move(job));
    return true;
  }

private:
  FileLock lock_;
  std::vector<std::string> jobs_; // a real one would be in a file
};
// end::program[]

// tag::include[]
#include <filelock/testing/simulation.hpp>

using tested_list = job_list<filelock::simulated_file_lock>;
// end::include[]

#include <filelock/filelock.hpp>

#include <cstdint>
#include <iostream>
#include <system_error>

namespace {

using namespace std::chrono_literals;
using example::check;

void times_out() {
  // tag::times_out[]
  filelock::simulation world;
  world.hold("/jobs.lock"); // for ever
  tested_list jobs("/jobs.lock");
  check(!jobs.add("print"), "it gives up");
  check(world.now() == 5s, "after five seconds, to the nanosecond");
  // end::times_out[]
}

void waits() {
  // tag::waits[]
  filelock::simulation world;
  world.hold("/jobs.lock", 0s, 3s); // from 0 s on, for 3 s
  tested_list jobs("/jobs.lock");
  check(jobs.add("print"), "it waits");
  check(world.now() >= 3s && world.now() < 3s + 2ms, "no longer than need be");
  check(world.open_files() == 1, "the file stays open");
  check(!world.holder("/jobs.lock"), "and is not locked");
  // end::waits[]
}

void survives() {
  // tag::events[]
  filelock::simulation world;
  const filelock::process_id other = world.hold("/jobs.lock");
  world.at(1s, [&] { world.remove("/jobs.lock"); }); // somebody tidies up
  world.at(2s, [&] { world.kill(other); });          // and the holder dies
  tested_list jobs("/jobs.lock");
  check(jobs.add("print"), "a crash frees the lock");
  check(world.exists("/jobs.lock"), "and it is that of a new file");

  const auto denied = std::make_error_code(std::errc::permission_denied);
  world.set_open_error("/jobs.lock", denied);
  tested_list others("/jobs.lock");
  try {
    others.add("print");
    check(false, "not to be reached");
  } catch (const std::filesystem::filesystem_error& error) {
    check(error.code() == denied, "an error is no time-out");
  }
  // end::events[]
}

void competes() {
  const std::uint64_t seed = 1;
  // tag::contend[]
  filelock::simulation world(seed);
  filelock::contention plan;
  plan.start = {0s, 10s}; // each by chance
  plan.hold = {1ms, 20ms};
  plan.rest = {0s, 1s};
  plan.times = 100;
  for (int i = 0; i != 20; ++i)
    world.contend("/jobs.lock", filelock::default_backoff{}, plan);

  tested_list jobs("/jobs.lock");
  int late = 0;
  for (int i = 0; i != 50; ++i) {
    if (!jobs.add("print")) ++late;
    world.sleep_for(1s); // what the program does meanwhile
  }
  check(late == 0, "twenty others are not too many");
  world.run(); // until the others have done all that they were to do
  check(world.contenders() == 0, "and none of them waits for ever");
  // end::contend[]
  std::cout << "done after " << world.now() / 1s << " virtual seconds\n";
}

void looks_on() {
  // tag::observe[]
  filelock::simulation world;
  std::vector<std::chrono::nanoseconds> attempts;
  world.set_observer([&](const filelock::simulation_event& event) {
    if (event.process == filelock::simulation::this_process &&
        event.action == filelock::simulated_action::busy)
      attempts.push_back(event.time);
  });
  world.hold("/jobs.lock");
  filelock::basic_file_lock<filelock::simulated_traits,
                            filelock::exponential_backoff>
      lock{"/jobs.lock"};
  check(!lock.try_lock_for(50ms), "busy");
  check(attempts ==
            std::vector<std::chrono::nanoseconds>{0ms, 10ms, 30ms, 50ms},
        "10 ms, doubled, and cut at the deadline");
  // end::observe[]
}

void use(const example::temporary_folder&) {
  times_out();
  waits();
  survives();
  competes();
  looks_on();
}

} // namespace

int main() { return example::run(use); }
