// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The policies of the library, and how they are put together.

#include "support/example.hpp"

#include <filelock/filelock.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace {

using namespace std::chrono_literals;
using example::check;

void use(const example::temporary_folder& folder) {
  const std::filesystem::path path = folder / "state.lock";
  filelock::file_lock holder{path};
  holder.lock();

  // tag::constant[]
  filelock::basic_file_lock patient{path, filelock::constant_backoff{1ms}};
  // end::constant[]
  check(!patient.try_lock_for(3ms), "busy");

  // tag::exponential[]
  filelock::basic_file_lock polite{
      path, filelock::exponential_backoff{1ms, 1.5, 100ms}};
  // end::exponential[]
  check(!polite.try_lock_for(3ms), "busy");

  // tag::proportional[]
  // The hand-over is late by a tenth of the wait at most.
  filelock::basic_file_lock proportional{
      path, filelock::proportional_backoff{0.1, 100us, 1s}};
  // end::proportional[]
  check(!proportional.try_lock_for(3ms), "busy");

  // tag::yield[]
  filelock::basic_file_lock eager{path, filelock::yield_backoff{}};
  // end::yield[]
  check(!eager.try_lock_for(1ms), "busy");

  // tag::jittered[]
  filelock::basic_file_lock scattered{
      path, filelock::jittered{filelock::exponential_backoff{1ms, 2, 100ms},
                               filelock::jitter::equal}};
  // end::jittered[]
  check(!scattered.try_lock_for(3ms), "busy");

  // tag::limited[]
  filelock::basic_file_lock brief{
      path, filelock::limited{filelock::constant_backoff{1ms}, 5}};
  std::error_code ec;
  brief.lock(ec); // five attempts, then std::errc::timed_out
  // end::limited[]
  check(ec == std::errc::timed_out, "the policy gave up");

  // tag::limited_time[]
  // lock() waits for at most 20 ms.
  filelock::basic_file_lock bounded{
      path, filelock::limited{filelock::default_backoff{}, 20ms}};
  bounded.lock(ec); // std::errc::timed_out, 20 ms later
  // end::limited_time[]
  check(ec == std::errc::timed_out, "the policy gave up");

  // tag::then[]
  // A core for a tenth of a millisecond, little for what takes longer.
  filelock::basic_file_lock two_phases{
      path, filelock::then{filelock::yield_backoff{}, 100us,
                           filelock::exponential_backoff{1ms, 2, 100ms}}};
  // end::then[]
  check(!two_phases.try_lock_for(3ms), "busy");

  // tag::notified[]
  // After 5 s, and then each 30 s: "waiting for /var/tmp/app/state.lock, held
  // by process 1234".
  filelock::basic_file_lock talkative{
      path, filelock::notified{filelock::default_backoff{}, 5s, 30s,
                               filelock::print_wait_message}};
  // end::notified[]
  check(!talkative.try_lock_for(3ms), "busy");

  std::chrono::nanoseconds lost{};
  // tag::cost[]
  const auto add_up = [&lost](const filelock::wait_result& wait) {
    lost += wait.elapsed;
  };
  filelock::basic_file_lock measured{
      path, filelock::notified{filelock::default_backoff{}, add_up}};
  // end::cost[]
  check(!measured.try_lock_for(3ms), "busy");
  check(lost >= 3ms, "the time of the wait");
  std::cout << "waited for " << lost.count() << " ns\n";
}

} // namespace

int main() { return example::run(use); }
