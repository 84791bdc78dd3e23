// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#define BOOST_TEST_MODULE processes
#include <boost/test/unit_test.hpp>

#include "../support/channel.hpp"
#include "../support/child.hpp"
#include "../support/crowd.hpp"
#include "../support/shared_array.hpp"
#include "../support/starting_gate.hpp"

#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

// What the benchmarks do where one of their processes fails or is left alone.

using namespace std::chrono_literals;
using bench::channel;
using bench::child;
using bench::starting_gate;

namespace {

[[noreturn]] void sleep_for_ever() {
  for (;;)
    ::pause();
}

bool says(const std::exception& error, const char* words) {
  return std::string(error.what()).find(words) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_child_that_throws_has_failed) {
  child failing("the child", [] { throw std::runtime_error("on purpose"); });
  BOOST_CHECK_EXCEPTION(failing.join(), std::runtime_error, [](auto& error) {
    return says(error, "the child has failed, with status 1");
  });
}

BOOST_AUTO_TEST_CASE(a_child_that_is_killed_has_failed) {
  child killed("the child", [] { ::raise(SIGKILL); });
  BOOST_CHECK_EXCEPTION(killed.join(), std::runtime_error, [](auto& error) {
    return says(error, "the child was ended by signal 9");
  });
}

BOOST_AUTO_TEST_CASE(a_child_that_does_not_end_is_given_up_and_killed) {
  ::pid_t id;
  {
    child endless("the child", sleep_for_ever);
    id = endless.id();
    BOOST_CHECK_EXCEPTION(
        endless.join(std::chrono::steady_clock::now()), std::runtime_error,
        [](auto& error) { return says(error, "has not ended in time"); });
    BOOST_TEST(::kill(id, 0) == 0);
  }
  BOOST_TEST(::kill(id, 0) != 0);
}

#ifdef PR_SET_PDEATHSIG
BOOST_AUTO_TEST_CASE(no_child_outlives_a_parent_that_is_killed) {
  channel<char> messages("its child"); // open while one of them lives
  child parent("the parent", [&] {
    const child endless("its child", [&] {
      messages.send('b');
      sleep_for_ever();
    });
    sleep_for_ever();
  });
  messages.ends().close_writer();
  messages.receive();
  ::kill(parent.id(), SIGKILL);
  BOOST_CHECK_THROW(parent.join(), std::runtime_error);
  BOOST_CHECK_EXCEPTION(
      messages.receive(), std::runtime_error,
      [](auto& error) { return says(error, "its child has ended"); });
}
#endif

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_message_of_the_dead) {
  channel<int> messages("the sender");
  child sender("the sender", [&] { messages.send(7); });
  messages.ends().close_writer();
  BOOST_TEST(messages.receive() == 7);
  BOOST_TEST(!messages.receive_or_end());
  BOOST_CHECK_EXCEPTION(
      messages.receive(), std::runtime_error,
      [](auto& error) { return says(error, "the sender has ended"); });
}

BOOST_AUTO_TEST_CASE(a_crowd_begins_together) {
  constexpr std::size_t count = 8;
  const bench::shared_array<std::atomic<std::size_t>> arrived(1);
  const bench::shared_array<std::size_t> seen(count);
  bench::run_crowd(count, 1min, [&](std::size_t index, starting_gate& gate) {
    ++arrived[0];
    gate.pass();
    seen[index] = arrived[0];
  });
  for (const std::size_t each : seen)
    BOOST_TEST(each == count);
}

BOOST_AUTO_TEST_CASE(a_crowd_fails_with_one_that_cannot_begin) {
  BOOST_CHECK_EXCEPTION(
      bench::run_crowd(3, 1min,
                       [](std::size_t index, starting_gate& gate) {
                         if (index == 1) throw std::runtime_error("on purpose");
                         gate.pass();
                       }),
      std::runtime_error,
      [](auto& error) { return says(error, "contender 1 has failed"); });
}

BOOST_AUTO_TEST_CASE(a_crowd_fails_with_one_that_fails_later) {
  BOOST_CHECK_EXCEPTION(
      bench::run_crowd(3, 1min,
                       [](std::size_t index, starting_gate& gate) {
                         gate.pass();
                         if (index == 2) throw std::runtime_error("on purpose");
                       }),
      std::runtime_error,
      [](auto& error) { return says(error, "contender 2 has failed"); });
}
