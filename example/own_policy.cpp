// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Backoff policies of one's own.

#include "support/example.hpp"

#include <filelock/backoff/observing.hpp>
#include <filelock/concepts.hpp>
#include <filelock/file_lock.hpp>
#include <filelock/testing/simulation.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>

namespace {

using namespace std::chrono_literals;
using example::check;

// tag::struct[]
/// Asks a few times at short intervals, then at long ones.
struct two_speeds {
  std::uint64_t quick_attempts = 10;

  std::chrono::microseconds operator()(const filelock::wait_state& wait) const {
    return wait.attempts <= quick_attempts ? 100us : 2000us;
  }
};
static_assert(filelock::is_backoff_policy_v<two_speeds>);
// end::struct[]

// tag::member[]
/// Has a lock with a policy of its own as a member.
class store {
public:
  explicit store(const std::filesystem::path& path) : lock_(path) {}

  bool is_free() {
    if (!lock_.try_lock_for(3ms)) return false;
    lock_.unlock();
    return true;
  }

private:
  filelock::file_lock_with<two_speeds> lock_;
};
// end::member[]

// tag::state[]
/// Each delay is the sum of the two before it.
class fibonacci {
public:
  std::chrono::milliseconds operator()(const filelock::wait_state&) {
    const std::chrono::milliseconds delay = next_;
    next_ = after_next_;
    after_next_ += delay;
    return delay;
  }

private:
  std::chrono::milliseconds next_{1};
  std::chrono::milliseconds after_next_{1};
};
// end::state[]

// tag::gives_up[]
/// Gives up when less than a millisecond is left, or after 50 ms.
struct impatient {
  static constexpr bool observes_wait = true; // lock() asks it as well

  std::optional<std::chrono::nanoseconds>
  operator()(const filelock::wait_state& wait) const {
    if (wait.remaining < 1ms || wait.elapsed > 50ms) return std::nullopt;
    return 1ms;
  }
};
// end::gives_up[]

// tag::finished[]
/// Adds up what the waits have cost.
struct counted {
  std::uint64_t* attempts;

  std::chrono::milliseconds operator()(const filelock::wait_state&) const {
    return 1ms;
  }
  void finished(const filelock::wait_result& wait) const {
    *attempts += wait.attempts;
  }
};
// end::finished[]

void test_without_a_lock() {
  // tag::test[]
  fibonacci policy;
  filelock::wait_state wait;
  for (const auto expected : {1ms, 1ms, 2ms, 3ms, 5ms, 8ms}) {
    check(policy(wait) == expected, "the sum of the two before");
    ++wait.attempts;
  }
  // end::test[]
}

void test_on_a_virtual_clock() {
  // tag::virtual[]
  filelock::simulation world;
  world.hold("/x.lock", 0s, 10ms); // by another process, for 10 ms
  filelock::basic_file_lock<filelock::simulated_traits, fibonacci> lock{
      "/x.lock", fibonacci{}};
  check(lock.try_lock_for(1s), "acquired");
  check(world.now() == 12ms, "at the sixth attempt: 1 + 1 + 2 + 3 + 5 ms");
  // end::virtual[]
}

void use(const example::temporary_folder& folder) {
  test_without_a_lock();
  test_on_a_virtual_clock();
  const std::filesystem::path path = folder / "state.lock";
  filelock::file_lock holder{path};
  holder.lock();

  // tag::lambda[]
  filelock::basic_file_lock simple{
      path, [](const filelock::wait_state&) { return 5ms; }};
  // end::lambda[]
  check(!simple.try_lock_for(1ms), "busy");

  // tag::use[]
  filelock::basic_file_lock lock{path, two_speeds{5}};
  // end::use[]
  check(!lock.try_lock_for(3ms), "busy");

  filelock::basic_file_lock summing{path, fibonacci{}};
  check(!summing.try_lock_for(3ms), "busy");

  // tag::timed_out[]
  filelock::basic_file_lock brief{path, impatient{}};
  std::error_code ec;
  brief.lock(ec); // std::errc::timed_out, some 50 ms later
  // end::timed_out[]
  check(ec == std::errc::timed_out, "it gave up");

  store files{path};
  check(!files.is_free(), "busy");

  std::atomic<bool> is_shutting_down{true};
  // tag::observing[]
  filelock::basic_file_lock ended{
      path, filelock::observing([&](const filelock::wait_state&)
                                    -> std::optional<std::chrono::nanoseconds> {
        if (is_shutting_down) return std::nullopt;
        return 1ms;
      })};
  ended.lock(ec); // std::errc::timed_out, soon after the shutdown begins
  // end::observing[]
  check(ec == std::errc::timed_out, "it gave up");

  std::uint64_t attempts = 0;
  filelock::basic_file_lock measured{path, counted{&attempts}};
  check(!measured.try_lock_for(3ms), "busy");
  check(attempts >= 2, "the first attempt and the one at the deadline");
  std::cout << "asked " << attempts << " times\n";
}

} // namespace

int main() { return example::run(use); }
