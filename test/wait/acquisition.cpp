// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/detail/wait/acquisition.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

BOOST_AUTO_TEST_SUITE(wait_acquisition)

namespace {

using namespace std::chrono_literals;
using filelock::process_id;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::detail::acquisition;
using filelock::detail::step;
using filelock::detail::unbounded;
using filelock::detail::wait_time;
using filelock::detail::waiting;
using std::chrono::duration;
using std::chrono::nanoseconds;

using delays = std::vector<std::optional<nanoseconds>>;

/// What happens to all copies of one policy.
struct record {
  delays answers; // the last one is repeated
  int copies = 0;
  std::vector<wait_state> asked{};
  std::vector<wait_result> told{};
};

/// Answers as the record says, and notes what it sees.
struct recording_policy {
  explicit recording_policy(record& notes) : seen(&notes) {}
  recording_policy(const recording_policy& other) : seen(other.seen) {
    ++seen->copies;
  }
  recording_policy& operator=(const recording_policy&) = delete;

  std::optional<nanoseconds> operator()(const wait_state& state) {
    const std::size_t index = seen->asked.size();
    seen->asked.push_back(state);
    return index < seen->answers.size() ? seen->answers[index]
                                        : seen->answers.back();
  }

  record* seen;
};

struct reported_policy : recording_policy {
  using recording_policy::recording_policy;
  void finished(const wait_result& result) { seen->told.push_back(result); }
};

struct observing_policy : reported_policy {
  static constexpr bool observes_wait = true;
  using reported_policy::reported_policy;
};

const char* text(wait_outcome outcome) {
  switch (outcome) {
  case wait_outcome::acquired:
    return "acquired";
  case wait_outcome::timed_out:
    return "timed out";
  case wait_outcome::gave_up:
    return "gave up";
  case wait_outcome::stopped:
    return "stopped";
  case wait_outcome::failed:
    return "failed";
  }
  return "?";
}

std::string text(const step& next) {
  switch (next.what) {
  case step::action::attempt_now:
    return "attempt";
  case step::action::pause:
    return "pause " + std::to_string(next.length.count());
  case step::action::block:
    return "block " + std::to_string(next.length.count());
  case step::action::done:
    return std::string(text(next.outcome));
  }
  return "?";
}

std::string text(const wait_state& state) {
  return std::to_string(state.attempts) + " attempts, " +
         std::to_string(state.elapsed.count()) + " elapsed, " +
         std::to_string(state.remaining.count()) + " left";
}

std::string text(const wait_result& result) {
  return std::string(text(result.outcome)) + ", " +
         std::to_string(result.attempts) + " attempts, " +
         std::to_string(result.elapsed.count()) + " elapsed";
}

constexpr wait_time at(nanoseconds elapsed, nanoseconds remaining = unbounded) {
  return {elapsed, remaining};
}

const std::string for_ever = std::to_string(unbounded.count());

} // namespace

BOOST_AUTO_TEST_SUITE(the_first_attempt)

BOOST_AUTO_TEST_CASE(comes_before_all_else_and_copies_no_policy) {
  for (const waiting how :
       {waiting::by_polling, waiting::in_kernel, waiting::in_kernel_bounded}) {
    record seen{{1ns}};
    const observing_policy policy(seen);
    acquisition<observing_policy> wait(policy, how);
    BOOST_TEST(text(wait.start()) == "attempt");
    BOOST_TEST(!wait.reports_end());
    BOOST_TEST(text(wait.acquired({})) == "acquired");
    BOOST_TEST(seen.copies == 0);
    BOOST_TEST(seen.asked.size() == 0U);
    BOOST_TEST(seen.told.size() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(is_the_only_one_when_no_time_is_left) {
  for (const waiting how :
       {waiting::by_polling, waiting::in_kernel, waiting::in_kernel_bounded})
    for (const nanoseconds remaining : {0ns, -1ns, (nanoseconds::min)()}) {
      record seen{{1ns}};
      const observing_policy policy(seen);
      acquisition<observing_policy> wait(policy, how);
      BOOST_TEST(text(wait.start()) == "attempt");
      BOOST_TEST(text(wait.busy(at(0ns, remaining), false)) == "timed out");
      BOOST_TEST(seen.copies == 0);
      BOOST_TEST(seen.asked.size() == 0U);
      BOOST_TEST(seen.told.size() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(may_fail_which_ends_all) {
  record seen{{1ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.failed({})) == "failed");
  BOOST_TEST(seen.copies == 0);
  BOOST_TEST(seen.told.size() == 0U);
}

BOOST_AUTO_TEST_CASE(is_made_even_if_the_stop_is_requested_already) {
  record seen{{1ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0ns), true)) == "stopped");
  BOOST_TEST(seen.asked.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(polling)

BOOST_AUTO_TEST_CASE(pauses_as_the_policy_says_and_attempts_again) {
  record seen{{10ns, 0ns, 25ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause 10");
  BOOST_TEST(text(wait.paused(at(11ns), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(12ns), false)) == "pause 0");
  BOOST_TEST(text(wait.paused(at(12ns), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(13ns), false)) == "pause 25");
  BOOST_TEST(text(wait.paused(at(40ns), false)) == "attempt");
  BOOST_TEST(text(wait.acquired(at(41ns))) == "acquired");
  BOOST_TEST(seen.copies == 1);
}

BOOST_AUTO_TEST_CASE(shows_the_policy_the_wait_as_it_is) {
  record seen{{10ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns, 100ns), false);
  wait.paused(at(10ns, 90ns), false);
  wait.busy(at(12ns, 88ns), false);
  wait.paused(at(22ns, 78ns), false);
  wait.busy(at(30ns, 70ns), false);
  BOOST_REQUIRE(seen.asked.size() == 3U);
  BOOST_TEST(text(seen.asked[0]) == "1 attempts, 0 elapsed, 100 left");
  BOOST_TEST(text(seen.asked[1]) == "2 attempts, 12 elapsed, 88 left");
  BOOST_TEST(text(seen.asked[2]) == "3 attempts, 30 elapsed, 70 left");
}

BOOST_AUTO_TEST_CASE(tells_the_policy_that_an_unbounded_wait_has_no_end) {
  record seen{{10ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_REQUIRE(seen.asked.size() == 1U);
  BOOST_TEST((seen.asked[0].remaining == (nanoseconds::max)()));
}

BOOST_AUTO_TEST_CASE(shows_the_policy_what_is_waited_for) {
  struct : filelock::wait_subject {
    const std::filesystem::path& path() const override { return name; }
    std::optional<process_id> holder() const override { return 4711; }
    std::filesystem::path name = "/tmp/a.lock";
  } subject;
  record seen{{10ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, unbounded,
                                     &subject);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_REQUIRE(seen.asked.size() == 1U);
  BOOST_TEST(seen.asked[0].path() == "/tmp/a.lock");
  BOOST_TEST(seen.asked[0].holder().value_or(0) == 4711);
  BOOST_TEST(wait_state().path().empty());
  BOOST_TEST(!wait_state().holder());
}

BOOST_AUTO_TEST_CASE(cuts_the_pause_to_the_time_left_and_attempts_once_more) {
  record seen{{60ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0ns, 100ns), false)) == "pause 60");
  BOOST_TEST(text(wait.paused(at(60ns, 40ns), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(60ns, 40ns), false)) == "pause 40");
  BOOST_TEST(text(wait.paused(at(100ns, 0ns), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(101ns, 0ns), false)) == "timed out");
  BOOST_TEST(seen.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(takes_the_lock_with_the_last_attempt_at_the_deadline) {
  record seen{{1h}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns, 100ns), false)) == "pause 100");
  BOOST_TEST(text(wait.paused(at(130ns, 0ns), false)) == "attempt");
  BOOST_TEST(text(wait.acquired(at(131ns, 0ns))) == "acquired");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "acquired, 2 attempts, 131 elapsed");
}

BOOST_AUTO_TEST_CASE(ends_when_the_policy_gives_up) {
  record seen{{10ns, std::nullopt}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause 10");
  wait.paused(at(10ns), false);
  BOOST_TEST(text(wait.busy(at(10ns), false)) == "gave up");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "gave up, 2 attempts, 10 elapsed");
}

BOOST_AUTO_TEST_CASE(ends_at_a_stop_before_a_pause) {
  record seen{{10ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause 10");
  BOOST_TEST(text(wait.paused(at(10ns), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(11ns), true)) == "stopped");
  BOOST_TEST(seen.asked.size() == 1U);
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "stopped, 2 attempts, 11 elapsed");
}

BOOST_AUTO_TEST_CASE(ends_at_a_stop_in_a_pause_without_another_attempt) {
  record seen{{1h}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_TEST(text(wait.paused(at(7ns), true)) == "stopped");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "stopped, 1 attempts, 7 elapsed");
}

BOOST_AUTO_TEST_CASE(ends_at_an_error_of_a_later_attempt) {
  record seen{{10ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns), false);
  wait.paused(at(10ns), false);
  BOOST_TEST(text(wait.failed(at(12ns))) == "failed");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "failed, 2 attempts, 12 elapsed");
}

BOOST_AUTO_TEST_CASE(reports_a_time_out_once_with_what_the_wait_cost) {
  record seen{{10ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(!wait.reports_end());
  wait.busy(at(0ns, 10ns), false);
  BOOST_TEST(wait.reports_end());
  wait.paused(at(10ns, 0ns), false);
  BOOST_TEST(seen.told.size() == 0U);
  BOOST_TEST(text(wait.busy(at(10ns, 0ns), false)) == "timed out");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "timed out, 2 attempts, 10 elapsed");
  BOOST_TEST(seen.copies == 1);
}

BOOST_AUTO_TEST_CASE(needs_no_time_for_a_policy_that_is_not_told_the_end) {
  record seen{{10ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_TEST(!wait.reports_end());
}

BOOST_AUTO_TEST_CASE(keeps_the_policy_of_the_caller_as_it_was) {
  struct counting {
    nanoseconds operator()(const wait_state&) { return nanoseconds(++calls); }
    int calls = 0;
  };
  const counting prototype;
  for (int round = 0; round != 2; ++round) {
    acquisition<counting> wait(prototype, waiting::by_polling);
    wait.start();
    BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause 1");
    wait.paused(at(1ns), false);
    BOOST_TEST(text(wait.busy(at(1ns), false)) == "pause 2");
  }
  BOOST_TEST(prototype.calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_clock_that_may_be_set)

BOOST_AUTO_TEST_CASE(splits_a_pause_without_an_attempt_or_a_question) {
  record seen{{2500ms, 300ms}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0s, 10s), false)) == "pause 1000000000");
  BOOST_TEST(text(wait.paused(at(1s, 9s), false)) == "pause 1000000000");
  BOOST_TEST(text(wait.paused(at(2s, 8s), false)) == "pause 500000000");
  BOOST_TEST(text(wait.paused(at(2500ms, 7500ms), false)) == "attempt");
  BOOST_TEST(seen.asked.size() == 1U);
  BOOST_TEST(text(wait.busy(at(2500ms, 7500ms), false)) == "pause 300000000");
  BOOST_TEST(text(wait.paused(at(2800ms, 7200ms), false)) == "attempt");
  BOOST_REQUIRE(seen.asked.size() == 2U);
  BOOST_TEST(seen.asked[1].attempts == 2U);
}

BOOST_AUTO_TEST_CASE(does_not_split_a_pause_of_exactly_one_slice) {
  record seen{{1s}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0s, 10s), false)) == "pause 1000000000");
  BOOST_TEST(text(wait.paused(at(1s, 9s), false)) == "attempt");
}

BOOST_AUTO_TEST_CASE(set_forward_ends_the_pause_with_one_last_attempt) {
  record seen{{1h}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  wait.start();
  wait.busy(at(0s, 10min), false);
  BOOST_TEST(text(wait.paused(at(1s, 0s), false)) == "attempt");
  BOOST_TEST(text(wait.busy(at(1s, 0s), false)) == "timed out");
}

BOOST_AUTO_TEST_CASE(set_nearly_to_the_end_cuts_the_rest_of_the_pause) {
  record seen{{1h}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  wait.start();
  wait.busy(at(0s, 10min), false);
  BOOST_TEST(text(wait.paused(at(1s, 5ms), false)) == "pause 5000000");
  BOOST_TEST(text(wait.paused(at(1005ms, 0s), false)) == "attempt");
}

BOOST_AUTO_TEST_CASE(set_back_leaves_the_pause_as_the_policy_said) {
  record seen{{1500ms}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0s, 2s), false)) == "pause 1000000000");
  BOOST_TEST(text(wait.paused(at(1s, 5h), false)) == "pause 500000000");
  BOOST_TEST(text(wait.paused(at(1500ms, 5h), false)) == "attempt");
}

BOOST_AUTO_TEST_CASE(lets_a_stop_end_a_pause_between_two_slices) {
  record seen{{1h}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling, 1s);
  wait.start();
  wait.busy(at(0s, 2h), false);
  BOOST_TEST(text(wait.paused(at(1s, 2h), true)) == "stopped");
}

BOOST_AUTO_TEST_CASE(splits_a_wait_in_the_kernel) {
  record seen{{1ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::in_kernel_bounded, 1s);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0s, 2500ms), false)) == "block 1000000000");
  BOOST_TEST(text(wait.busy(at(1s, 1500ms), false)) == "block 1000000000");
  BOOST_TEST(text(wait.busy(at(2s, 500ms), false)) == "block 500000000");
  BOOST_TEST(text(wait.busy(at(2500ms, 0ns), false)) == "timed out");
  BOOST_TEST(seen.asked.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(waiting_in_the_kernel)

BOOST_AUTO_TEST_CASE(is_one_wait_and_no_question) {
  record seen{{1ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::in_kernel);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "block " + for_ever);
  BOOST_TEST(text(wait.acquired(at(5s))) == "acquired");
  BOOST_TEST(seen.copies == 0);
  BOOST_TEST(seen.asked.size() == 0U);
}

BOOST_AUTO_TEST_CASE(tells_the_end_to_a_policy_that_was_never_asked) {
  record seen{{1ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::in_kernel);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_TEST(wait.reports_end());
  wait.acquired(at(5ns));
  BOOST_TEST(seen.copies == 1);
  BOOST_TEST(seen.asked.size() == 0U);
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "acquired, 2 attempts, 5 elapsed");
}

BOOST_AUTO_TEST_CASE(lasts_until_the_deadline_in_one_wait) {
  record seen{{1ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::in_kernel_bounded);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns, 5h), false)) == "block 18000000000000");
  BOOST_TEST(text(wait.busy(at(5h, 0ns), false)) == "timed out");
  BOOST_TEST(seen.asked.size() == 0U);
}

BOOST_AUTO_TEST_CASE(that_ends_too_soon_is_begun_again_for_the_rest) {
  record seen{{1ns}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::in_kernel_bounded);
  wait.start();
  wait.busy(at(0ns, 100ns), false);
  BOOST_TEST(text(wait.busy(at(99ns, 1ns), false)) == "block 1");
  BOOST_TEST(text(wait.acquired(at(100ns, 0ns))) == "acquired");
}

BOOST_AUTO_TEST_CASE(ends_at_a_stop) {
  record seen{{1ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::in_kernel_bounded);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "block " + for_ever);
  BOOST_TEST(text(wait.busy(at(9ns), true)) == "stopped");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "stopped, 2 attempts, 9 elapsed");
}

BOOST_AUTO_TEST_CASE(ends_at_an_error) {
  record seen{{1ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::in_kernel);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_TEST(text(wait.failed(at(9ns))) == "failed");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "failed, 2 attempts, 9 elapsed");
}

BOOST_AUTO_TEST_CASE(is_cut_into_slices_by_a_policy_that_observes) {
  record seen{{10ns, 20ns, 500ns, std::nullopt}};
  const observing_policy policy(seen);
  acquisition<observing_policy> wait(policy, waiting::in_kernel_bounded);
  BOOST_TEST(text(wait.start()) == "attempt");
  BOOST_TEST(text(wait.busy(at(0ns, 100ns), false)) == "block 10");
  BOOST_TEST(text(wait.busy(at(10ns, 90ns), false)) == "block 20");
  BOOST_TEST(text(wait.busy(at(30ns, 70ns), false)) == "block 70");
  BOOST_TEST(text(wait.busy(at(31ns, 69ns), false)) == "gave up");
  BOOST_REQUIRE(seen.asked.size() == 4U);
  BOOST_TEST(text(seen.asked[0]) == "1 attempts, 0 elapsed, 100 left");
  BOOST_TEST(text(seen.asked[1]) == "2 attempts, 10 elapsed, 90 left");
  BOOST_TEST(text(seen.asked[2]) == "3 attempts, 30 elapsed, 70 left");
  BOOST_TEST(text(seen.asked[3]) == "4 attempts, 31 elapsed, 69 left");
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "gave up, 4 attempts, 31 elapsed");
}

BOOST_AUTO_TEST_CASE(for_a_file_that_was_replaced_attempts_at_once) {
  record seen{{1ns}};
  const reported_policy policy(seen);
  acquisition<reported_policy> wait(policy, waiting::in_kernel);
  wait.start();
  wait.busy(at(0ns), false);
  BOOST_TEST(text(wait.replaced()) == "attempt");
  BOOST_TEST(text(wait.busy(at(5ns), false)) == "block " + for_ever);
  BOOST_TEST(text(wait.replaced()) == "attempt");
  BOOST_TEST(text(wait.acquired(at(8ns))) == "acquired");
  BOOST_TEST(seen.asked.size() == 0U);
  BOOST_REQUIRE(seen.told.size() == 1U);
  BOOST_TEST(text(seen.told[0]) == "acquired, 5 attempts, 8 elapsed");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_policy_that_throws)

namespace {

struct refusal : std::runtime_error {
  refusal() : std::runtime_error("refused") {}
};

struct throwing_policy {
  static constexpr bool observes_wait = true;
  nanoseconds operator()(const wait_state& state) {
    if (state.attempts == when_asked) throw refusal();
    return 1ns;
  }
  void finished(const wait_result&) {
    ++*told;
    if (when_finished) throw refusal();
  }
  std::uint64_t when_asked;
  bool when_finished;
  int* told;
};

} // namespace

BOOST_AUTO_TEST_CASE(when_asked_ends_the_wait_with_what_it_threw) {
  int told = 0;
  const throwing_policy policy{2, false, &told};
  acquisition<throwing_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause 1");
  wait.paused(at(1ns), false);
  BOOST_CHECK_THROW(wait.busy(at(1ns), false), refusal);
  BOOST_TEST(told == 0);
}

BOOST_AUTO_TEST_CASE(when_told_the_end_is_not_told_it_again) {
  int told = 0;
  const throwing_policy policy{0, true, &told};
  acquisition<throwing_policy> wait(policy, waiting::by_polling);
  wait.start();
  wait.busy(at(0ns), false);
  wait.paused(at(1ns), false);
  BOOST_CHECK_THROW(wait.acquired(at(1ns)), refusal);
  BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(when_copied_is_as_if_it_threw_when_asked) {
  struct uncopyable_today {
    uncopyable_today() = default;
    uncopyable_today(const uncopyable_today&) { throw refusal(); }
    nanoseconds operator()(const wait_state&) { return 1ns; }
  };
  const uncopyable_today policy;
  acquisition<uncopyable_today> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_CHECK_THROW(wait.busy(at(0ns), false), refusal);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_policy_that_answers_nonsense)

namespace {

/// \returns The first step after a busy attempt with 1000 nanoseconds left.
template <class Answer>
std::string step_for(const Answer& answer) {
  const auto policy = [answer](const wait_state&) { return answer; };
  acquisition<std::decay_t<decltype(policy)>> wait(policy, waiting::by_polling);
  wait.start();
  return text(wait.busy(at(0ns, 1000ns), false));
}

} // namespace

BOOST_AUTO_TEST_CASE(that_is_no_time_pauses_for_none) {
  using seconds_of_double = duration<double>;
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(step_for(-1ns) == "pause 0");
  BOOST_TEST(step_for((nanoseconds::min)()) == "pause 0");
  BOOST_TEST(step_for((std::chrono::hours::min)()) == "pause 0");
  BOOST_TEST(step_for(seconds_of_double(nan)) == "pause 0");
  BOOST_TEST(step_for(seconds_of_double(-infinity)) == "pause 0");
  BOOST_TEST(step_for(seconds_of_double(-0.5)) == "pause 0");
}

BOOST_AUTO_TEST_CASE(that_is_for_ever_pauses_for_the_time_left) {
  using seconds_of_double = duration<double>;
  const double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(step_for((nanoseconds::max)()) == "pause 1000");
  BOOST_TEST(step_for((std::chrono::hours::max)()) == "pause 1000");
  BOOST_TEST(step_for(seconds_of_double(infinity)) == "pause 1000");
  BOOST_TEST(step_for((seconds_of_double::max)()) == "pause 1000");
}

BOOST_AUTO_TEST_CASE(in_any_unit_is_understood) {
  BOOST_TEST(step_for(duration<float>(5e-7F)) == "pause 500");
  BOOST_TEST(step_for(duration<int, std::pico>(7000)) == "pause 7");
  BOOST_TEST(step_for(std::optional<nanoseconds>(5ns)) == "pause 5");
  BOOST_TEST(step_for(std::optional<nanoseconds>(-5ns)) == "pause 0");
  BOOST_TEST(step_for(std::optional<duration<float>>(duration<float>(5e-7F))) ==
             "pause 500");
  BOOST_TEST(step_for(std::optional<duration<float>>()) == "gave up");
}

BOOST_AUTO_TEST_CASE(of_max_without_a_deadline_pauses_for_ever) {
  record seen{{(nanoseconds::max)()}};
  const recording_policy policy(seen);
  acquisition<recording_policy> wait(policy, waiting::by_polling);
  wait.start();
  BOOST_TEST(text(wait.busy(at(0ns), false)) == "pause " + for_ever);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
