// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How a lock waits: to the nanosecond, on a clock that moves by waiting only.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_waits)

namespace {

using namespace std::chrono_literals;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using std::chrono::nanoseconds;

using float_seconds = std::chrono::duration<double>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- Policies ----

/// What a policy was asked and told.
struct record {
  int copies = 0;
  std::vector<wait_state> states;
  std::vector<std::string> paths;
  std::vector<wait_result> ends;
};

/// Answers `answer` each time, and records.
template <class Answer = nanoseconds>
class recording {
public:
  recording(record& to, Answer answer) : to_(&to), answer_(answer) {}
  recording(recording&&) = default;
  recording(const recording& other) : to_(other.to_), answer_(other.answer_) {
    ++to_->copies;
  }

  Answer operator()(const wait_state& state) {
    to_->states.push_back(state);
    to_->paths.push_back(state.path().string());
    return answer_;
  }

protected:
  record* to_;
  Answer answer_;
};

template <class Answer = nanoseconds>
class recording_end : public recording<Answer> {
public:
  using recording<Answer>::recording;
  void finished(const wait_result& result) {
    this->to_->ends.push_back(result);
  }
};

template <class Policy>
struct observing : Policy {
  using Policy::Policy;
  static constexpr bool observes_wait = true;
};

std::string text(const wait_state& state) {
  const std::string remaining = state.remaining == (nanoseconds::max)()
                                    ? "unbounded"
                                    : std::to_string(state.remaining.count());
  return std::to_string(state.attempts) + "," +
         std::to_string(state.elapsed.count()) + "," + remaining;
}

std::string text(const std::vector<wait_state>& states) {
  std::string result;
  for (const wait_state& each : states)
    result += (result.empty() ? "" : " ") + text(each);
  return result;
}

std::string text(const std::vector<wait_result>& ends) {
  std::string result;
  for (const wait_result& each : ends)
    result += std::to_string(static_cast<int>(each.outcome)) + "," +
              std::to_string(each.attempts) + "," +
              std::to_string(each.elapsed.count()) + ";";
  return result;
}

std::string end_text(wait_outcome outcome, std::uint64_t attempts,
                     nanoseconds elapsed) {
  return text({wait_result{outcome, attempts, elapsed}});
}

// ---- One wait ----

/// An open lock that does not look whether its path still names the file, so
/// that the record shows the waiting alone.
template <class Platform, class Policy>
filelock::basic_file_lock<Platform, Policy> open_lock(Policy policy) {
  filelock::open_options options;
  options.verify_path = false;
  filelock::basic_file_lock<Platform, Policy> lock("/folder/file",
                                                   std::move(policy), options);
  lock.open();
  test::script::current().forget();
  return lock;
}

/// \returns The calls of `acquire(lock)`, and whether it was acquired.
template <class Platform, class Policy, class Function>
std::string wait(nanoseconds free_from, Policy policy, Function acquire) {
  test::script& script = test::script::current();
  auto lock = open_lock<Platform>(std::move(policy));
  script.free_from = free_from;
  std::string result = acquire(lock) ? ": acquired" : ": not acquired";
  if (!script.broken_rules().empty()) result += ", " + script.broken_rules();
  return script.timed_log() + result;
}

template <class Platform, class Policy, class Function>
std::string wait_anew(nanoseconds free_from, Policy policy, Function acquire) {
  test::script script;
  return wait<Platform>(free_from, std::move(policy), acquire);
}

const auto locks = [](auto& lock) {
  lock.lock();
  return lock.owns_lock();
};
const auto locks_shared = [](auto& lock) {
  lock.lock_shared();
  return lock.owns_lock_shared();
};
template <class Duration>
auto waits_for(Duration length) {
  return [length](auto& lock) { return lock.try_lock_for(length); };
}
template <class TimePoint>
auto waits_until(TimePoint end) {
  return [end](auto& lock) { return lock.try_lock_until(end); };
}

filelock::constant_backoff every(nanoseconds delay) {
  return filelock::constant_backoff(delay);
}
filelock::limited<filelock::constant_backoff> at_most(std::uint64_t attempts) {
  return filelock::limited(every(10ns), attempts);
}

// ---- One attempt ----

/// \returns What was wrong with an acquire that may make one attempt only.
template <class Platform, class Function>
std::string wrong_single_attempt(Function acquire) {
  std::string result;
  for (const bool is_free : {false, true}) {
    test::script script;
    record seen;
    auto lock = open_lock<Platform>(recording_end<>(seen, 1ns));
    script.free_from = is_free ? 0ns : test::never;
    const int copies = seen.copies;
    const bool acquired = acquire(lock);
    if (acquired != is_free || lock.owns_lock() != is_free ||
        script.timed_log() != "try@0" || !seen.states.empty() ||
        seen.copies != copies)
      result += (is_free ? " free: " : " busy: ") + script.timed_log() +
                (acquired ? " acquired" : " not acquired");
  }
  return result;
}

template <class Platform>
std::string wrong_single_attempts() {
  using time_point = test::scripted_clock::time_point;
  using float_point =
      std::chrono::time_point<test::scripted_clock, float_seconds>;
  using hour_point =
      std::chrono::time_point<test::scripted_clock, std::chrono::hours>;
  using other_point = test::settable_clock::time_point;
  const auto one = [](const char* name, const std::string& wrong) {
    return wrong.empty() ? wrong : std::string(name) + wrong + "\n";
  };
  const auto check = [&](const char* name, auto acquire) {
    return one(name, wrong_single_attempt<Platform>(acquire));
  };
  return check("try_lock()", [](auto& lock) { return lock.try_lock(); }) +
         check("zero", waits_for(0s)) + check("negative", waits_for(-1ns)) +
         check("least", waits_for((nanoseconds::min)())) +
         check("least hours", waits_for((std::chrono::hours::min)())) +
         check("not a number", waits_for(float_seconds(not_a_number))) +
         check("minus infinity", waits_for(float_seconds(-infinity))) +
         check("now", waits_until(time_point(0ns))) +
         check("past", waits_until(time_point(-1ns))) +
         check("the first time", waits_until((time_point::min)())) +
         check("the first hour", waits_until((hour_point::min)())) +
         check("no time",
               waits_until(float_point(float_seconds(not_a_number)))) +
         check("past by another clock", waits_until(other_point(-1ns)));
}

/// \returns Which forms read a clock or copied the policy though it was free.
template <class Platform>
std::string wrong_quick_acquires() {
  std::string result;
  const auto check = [&](const char* name, auto acquire) {
    test::script script;
    record seen;
    auto lock = open_lock<Platform>(observing<recording_end<>>(seen, 1ns));
    const int copies = seen.copies;
    const bool acquired = acquire(lock);
    if (!acquired || script.clock_reads != 0 || seen.copies != copies ||
        !seen.ends.empty() || script.count("try") != 1)
      result += std::string(name) + "\n";
  };
  check("lock()", locks);
  check("try_lock()", [](auto& lock) { return lock.try_lock(); });
  check("try_lock_for()", waits_for(1h));
  check("try_lock_until()", waits_until(test::scripted_clock::time_point(1h)));
  check("lock(ec)", [](auto& lock) {
    std::error_code ec;
    lock.lock(ec);
    return !ec;
  });
  return result;
}

// ---- Exceptions ----

struct own_exception {
  int number;
};

/// What a policy throws, by its number, and when.
enum class thrown { bad_alloc, system_error, empty_system_error, own };
enum class when { asked, copied, finished };

void throw_it(thrown what) {
  switch (what) {
  case thrown::bad_alloc:
    throw std::bad_alloc();
  case thrown::system_error:
    throw std::system_error(std::make_error_code(std::errc::owner_dead));
  case thrown::empty_system_error:
    throw std::system_error(std::error_code());
  default:
    throw own_exception{42};
  }
}

std::error_code expected_code(thrown what) {
  switch (what) {
  case thrown::bad_alloc:
    return std::make_error_code(std::errc::not_enough_memory);
  case thrown::system_error:
    return std::make_error_code(std::errc::owner_dead);
  default:
    return std::make_error_code(std::errc::operation_canceled);
  }
}

class throwing {
public:
  static constexpr bool observes_wait = true;

  throwing(thrown what, when moment) : what_(what), moment_(moment) {}
  throwing(const throwing& other) : what_(other.what_), moment_(other.moment_) {
    if (moment_ == when::copied) throw_it(what_);
  }
  throwing(throwing&&) = default;

  nanoseconds operator()(const wait_state&) const {
    if (moment_ == when::asked) throw_it(what_);
    return 10ns;
  }
  void finished(const wait_result&) const {
    if (moment_ == when::finished) throw_it(what_);
  }

private:
  thrown what_;
  when moment_;
};

/// \returns What a wait of 20 ns did wrong whose policy throws.
template <class Platform, class Function>
std::string wrong_after_throw(thrown what, when moment, bool open_before,
                              Function is_right) {
  test::script script;
  std::string result;
  {
    filelock::basic_file_lock<Platform, throwing> lock("/folder/file",
                                                       throwing(what, moment));
    if (open_before) lock.open();
    script.free_from = 20ns;
    result = is_right(lock);
    if (test::state_of(lock) != (open_before ? "unlocked" : "closed"))
      result += " then " + test::state_of(lock);
    if (script.held() != 0) result += " still holds";
  }
  if (script.open_handles() != 0) result += " leaks";
  return result + script.broken_rules();
}

template <class Platform>
std::string wrong_codes() {
  std::string result;
  for (const thrown what : {thrown::bad_alloc, thrown::system_error,
                            thrown::empty_system_error, thrown::own})
    for (const when moment : {when::asked, when::copied, when::finished})
      for (const bool open_before : {false, true})
        for (const auto& form : test::all_acquire_forms<
                 filelock::basic_file_lock<Platform, throwing>>()) {
          if (std::string(form.name).find("ec)") == std::string::npos) continue;
          if (std::string(form.name).find("try_lock(") == 0 ||
              std::string(form.name).find("try_lock_shared(") == 0)
            continue; // asks no policy
          const std::string wrong = wrong_after_throw<Platform>(
              what, moment, open_before, [&](auto& lock) {
                const test::outcome outcome = form.call(lock);
                return outcome == test::outcome{false, expected_code(what)}
                           ? std::string()
                           : " " + outcome.error.message();
              });
          if (!wrong.empty())
            result += std::string(form.name) + ", exception " +
                      std::to_string(static_cast<int>(what)) + ", moment " +
                      std::to_string(static_cast<int>(moment)) + ":" + wrong +
                      "\n";
        }
  return result;
}

template <class Platform>
std::string wrong_exceptions() {
  std::string result;
  const auto check = [&](const char* name, auto acquire) {
    for (const when moment : {when::asked, when::copied, when::finished})
      for (const bool open_before : {false, true}) {
        const std::string wrong = wrong_after_throw<Platform>(
            thrown::own, moment, open_before, [&](auto& lock) -> std::string {
              try {
                (void)acquire(lock);
              } catch (const own_exception& exception) {
                return exception.number == 42 ? "" : " another exception";
              }
              return " no exception";
            });
        if (!wrong.empty())
          result += std::string(name) + ", moment " +
                    std::to_string(static_cast<int>(moment)) + ":" + wrong +
                    "\n";
      }
  };
  check("lock()", locks);
  check("lock_shared()", locks_shared);
  check("try_lock_for()", waits_for(1s));
  check("try_lock_until()", waits_until(test::scripted_clock::time_point(1s)));
  return result;
}

template <class Platform>
std::string wrong_after_giving_up() {
  std::string result;
  using lock_type =
      filelock::basic_file_lock<Platform,
                                filelock::limited<filelock::constant_backoff>>;
  using kind = typename test::acquire_form<lock_type>::kind;
  for (const auto& form : test::all_acquire_forms<lock_type>()) {
    if (form.what == kind::one_try) continue;
    test::script script;
    script.free_from = test::never;
    lock_type lock("/folder/file", at_most(3));
    // Only lock() has no other way to say that it does not hold the lock.
    const bool is_error = form.what == kind::unbounded && !form.has_token;
    if (!(form.call(lock) == (is_error ? test::failure(std::errc::timed_out)
                                       : test::no_success())) ||
        script.now != 20ns || lock.is_open())
      result += std::string(form.name) + ": " + script.timed_log() + "\n";
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_means_one_attempt) {
  BOOST_TEST(wrong_single_attempts<test::scripted_polled>() == "");
  BOOST_TEST(wrong_single_attempts<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(a_free_lock_reads_no_clock_and_copies_no_policy) {
  BOOST_TEST(wrong_quick_acquires<test::scripted_polled>() == "");
  BOOST_TEST(wrong_quick_acquires<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(a_busy_try_lock_reads_no_clock) {
  test::script script;
  auto lock = open_lock<test::scripted_polled>(every(1ns));
  script.free_from = test::never;
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(script.clock_reads == 0u);
}

BOOST_AUTO_TEST_CASE(lock_waits_in_the_kernel_where_it_can) {
  BOOST_TEST(wait_anew<test::scripted_blocking>(100ns, every(10ns), locks) ==
             "try@0 lock@0: acquired");
  BOOST_TEST(wait_anew<test::scripted_full>(100ns, every(10ns), locks) ==
             "try@0 lock@0: acquired");
  BOOST_TEST(
      wait_anew<test::scripted_blocking>(100ns, every(10ns), locks_shared) ==
      "try_shared@0 lock_shared@0: acquired");
}

BOOST_AUTO_TEST_CASE(lock_waits_in_the_kernel_without_deadline_if_it_must) {
  BOOST_TEST(wait_anew<test::scripted_bounded>(100ns, every(10ns), locks) ==
             "try@0 until(9223372036854775807)@0: acquired");
}

BOOST_AUTO_TEST_CASE(lock_polls_where_there_is_no_wait_in_the_kernel) {
  BOOST_TEST(wait_anew<test::scripted_polled>(15ns, every(10ns), locks) ==
             "try@0 pause(10)@0 try@10 pause(10)@10 try@20: acquired");
}

BOOST_AUTO_TEST_CASE(a_policy_that_only_paces_is_not_asked_by_the_kernel_wait) {
  test::script script;
  record seen;
  BOOST_TEST(wait<test::scripted_blocking>(100ns, recording<>(seen, 10ns),
                                           locks) == "try@0 lock@0: acquired");
  BOOST_TEST(seen.states.empty());
  BOOST_TEST(seen.copies == 0);
}

BOOST_AUTO_TEST_CASE(a_policy_that_observes_is_asked_in_lock_too) {
  BOOST_TEST(wait_anew<test::scripted_blocking>(15ns, at_most(9), locks) ==
             "try@0 pause(10)@0 try@10 pause(10)@10 try@20: acquired");
  BOOST_TEST(
      wait_anew<test::scripted_blocking>(15ns, at_most(9), locks_shared) ==
      "try_shared@0 pause(10)@0 try_shared@10 pause(10)@10 try_shared@20: "
      "acquired");
}

BOOST_AUTO_TEST_CASE(a_policy_that_observes_sees_slices_of_the_kernel_wait) {
  BOOST_TEST(wait_anew<test::scripted_full>(15ns, at_most(9), locks) ==
             "try@0 until(10)@0 until(20)@10: acquired");
  BOOST_TEST(wait_anew<test::scripted_bounded>(15ns, at_most(9), locks) ==
             "try@0 until(10)@0 until(20)@10: acquired");
}

BOOST_AUTO_TEST_CASE(notified_calls_back_in_time_whatever_the_wait_is_made_of) {
  const auto run = [](auto platform) {
    using platform_type = decltype(platform);
    test::script script;
    std::vector<nanoseconds> calls;
    const auto note = [&](const wait_state&) { calls.push_back(script.now); };
    const std::string log = wait<platform_type>(
        100ns, filelock::notified(every(40ns), 50ns, note), locks);
    return log + ", called back " + std::to_string(calls.size()) + " at " +
           std::to_string(calls.empty() ? -1 : calls[0].count());
  };
  BOOST_TEST(run(test::scripted_blocking()) ==
             "try@0 pause(40)@0 try@40 pause(10)@40 try@50 pause(40)@50 "
             "try@90 pause(40)@90 try@130: acquired, called back 1 at 50");
  BOOST_TEST(run(test::scripted_full()) ==
             "try@0 until(40)@0 until(50)@40 until(90)@50 until(130)@90: "
             "acquired, called back 1 at 50");
}

BOOST_AUTO_TEST_CASE(a_timed_wait_is_one_wait_in_the_kernel_where_it_can) {
  BOOST_TEST(
      wait_anew<test::scripted_full>(50ns, every(10ns), waits_for(100ns)) ==
      "try@0 until(100)@0: acquired");
  BOOST_TEST(
      wait_anew<test::scripted_bounded>(150ns, every(10ns), waits_for(100ns)) ==
      "try@0 until(100)@0: not acquired");
  BOOST_TEST(wait_anew<test::scripted_full>(
                 50ns, every(10ns),
                 waits_until(test::scripted_clock::time_point(100ns))) ==
             "try@0 until(100)@0: acquired");
}

BOOST_AUTO_TEST_CASE(a_timed_wait_polls_where_the_kernel_knows_no_deadline) {
  BOOST_TEST(
      wait_anew<test::scripted_blocking>(15ns, every(10ns), waits_for(1s)) ==
      "try@0 pause(10)@0 try@10 pause(10)@10 try@20: acquired");
}

BOOST_AUTO_TEST_CASE(a_timed_wait_by_slices_ends_at_its_deadline) {
  BOOST_TEST(wait_anew<test::scripted_full>(test::never, at_most(99),
                                            waits_for(25ns)) ==
             "try@0 until(10)@0 until(20)@10 until(25)@20: not acquired");
}

BOOST_AUTO_TEST_CASE(the_pause_is_cut_and_one_attempt_made_at_the_deadline) {
  const std::string calls = "try@0 pause(40)@0 try@40 pause(40)@40 try@80 "
                            "pause(20)@80 try@100";
  const auto run = [](nanoseconds free_from) {
    return wait_anew<test::scripted_polled>(free_from, every(40ns),
                                            waits_for(100ns));
  };
  BOOST_TEST(run(100ns) == calls + ": acquired");
  BOOST_TEST(run(101ns) == calls + ": not acquired");
  BOOST_TEST(wait_anew<test::scripted_polled>(
                 101ns, every(40ns),
                 waits_until(test::scripted_clock::time_point(100ns))) ==
             calls + ": not acquired");
}

BOOST_AUTO_TEST_CASE(an_infinite_timeout_is_unbounded) {
  const auto remaining = [](auto acquire) {
    test::script script;
    record seen;
    wait<test::scripted_polled>(2h, recording<>(seen, 1h), acquire);
    return text(seen.states);
  };
  using time_point = test::scripted_clock::time_point;
  using hour_point =
      std::chrono::time_point<test::scripted_clock, std::chrono::hours>;
  using float_point =
      std::chrono::time_point<test::scripted_clock, float_seconds>;
  // It stays so as time passes.
  const std::string unbounded = "1,0,unbounded 2,3600000000000,unbounded";
  BOOST_TEST(remaining(locks) == unbounded);
  BOOST_TEST(remaining(waits_for((nanoseconds::max)())) == unbounded);
  BOOST_TEST(remaining(waits_for((std::chrono::seconds::max)())) == unbounded);
  BOOST_TEST(remaining(waits_for((std::chrono::hours::max)())) == unbounded);
  BOOST_TEST(remaining(waits_for(float_seconds(infinity))) == unbounded);
  BOOST_TEST(remaining(waits_until((time_point::max)())) == unbounded);
  BOOST_TEST(remaining(waits_until((hour_point::max)())) == unbounded);
  BOOST_TEST(remaining(waits_until(float_point(float_seconds(infinity)))) ==
             unbounded);
  BOOST_TEST(remaining(waits_until(
                 (test::settable_clock::time_point::max)())) == unbounded);
}

BOOST_AUTO_TEST_CASE(an_infinite_timeout_waits_in_the_kernel_without_end) {
  BOOST_TEST(wait_anew<test::scripted_full>(
                 1h, every(10ns), waits_for((std::chrono::hours::max)())) ==
             "try@0 until(9223372036854775807)@0: acquired");
}

BOOST_AUTO_TEST_CASE(an_infinite_pause_does_not_overflow) {
  test::script script;
  script.now = 1h;
  script.at(2h, [&] { script.free_from = 0ns; });
  auto lock = open_lock<test::scripted_polled>(every((nanoseconds::max)()));
  script.free_from = test::never;
  lock.lock();
  BOOST_TEST(script.log() == "try pause(9223372036854775807) try");
}

BOOST_AUTO_TEST_CASE(a_coarse_deadline_is_met_exactly) {
  using hour_point =
      std::chrono::time_point<test::scripted_clock, std::chrono::hours>;
  test::script script;
  record seen;
  wait<test::scripted_polled>(test::never, recording<>(seen, 40min),
                              waits_until(hour_point(1h)));
  BOOST_TEST(text(seen.states) ==
             "1,0,3600000000000 2,2400000000000,1200000000000");
  BOOST_TEST((script.now == 1h));
}

BOOST_AUTO_TEST_CASE(a_platform_may_measure_in_seconds) {
  using clock = test::basic_scripted_clock<std::chrono::seconds>;
  using platform = test::without_lock<
      test::without_lock_until<test::basic_scripted_platform<clock>>>;
  BOOST_TEST(wait_anew<platform>(test::never, every(1500ms), waits_for(3s)) ==
             "try@0 pause(1500000000)@0 try@1500000000 "
             "pause(1500000000)@1500000000 try@3000000000: not acquired");
}

BOOST_AUTO_TEST_CASE(a_kernel_wait_in_seconds_is_rounded_up_and_does_not_spin) {
  using clock = test::basic_scripted_clock<std::chrono::seconds>;
  using platform = test::basic_scripted_platform<clock>;
  BOOST_TEST(wait_anew<platform>(test::never, every(1ns), waits_for(500ms)) ==
             "try@0 until(1000000000)@0: not acquired");
}

BOOST_AUTO_TEST_CASE(a_platform_may_measure_in_floating_point) {
  using clock = test::basic_scripted_clock<float_seconds>;
  using platform = test::without_lock<
      test::without_lock_until<test::basic_scripted_platform<clock>>>;
  BOOST_TEST(wait_anew<platform>(test::never, every(500ms), waits_for(750ms)) ==
             "try@0 pause(500000000)@0 try@500000000 "
             "pause(250000000)@500000000 try@750000000: not acquired");
  BOOST_TEST(wait_anew<platform>(1h, every(1h),
                                 waits_for((std::chrono::hours::max)())) ==
             "try@0 pause(3600000000000)@0 try@3600000000000: acquired");
}

BOOST_AUTO_TEST_CASE(a_deadline_of_another_clock_is_checked_each_second) {
  test::settable_clock::ahead = 7s;
  const auto end = test::settable_clock::time_point(9500ms);
  BOOST_TEST(wait_anew<test::scripted_polled>(test::never, every(10s),
                                              waits_until(end)) ==
             "try@0 pause(1000000000)@0 pause(1000000000)@1000000000 "
             "pause(500000000)@2000000000 try@2500000000: not acquired");
  BOOST_TEST(wait_anew<test::scripted_full>(test::never, every(10s),
                                            waits_until(end)) ==
             "try@0 until(1000000000)@0 until(2000000000)@1000000000 "
             "until(2500000000)@2000000000: not acquired");
  BOOST_TEST(
      wait_anew<test::scripted_polled>(2500ms, every(10s), waits_until(end)) ==
      "try@0 pause(1000000000)@0 pause(1000000000)@1000000000 "
      "pause(500000000)@2000000000 try@2500000000: acquired");
}

BOOST_AUTO_TEST_CASE(a_clock_set_forward_ends_the_wait) {
  const auto run = [](auto platform) {
    using platform_type = decltype(platform);
    test::script script;
    test::settable_clock::ahead = 0ns;
    script.at(1500ms, [] { test::settable_clock::ahead = 1h; });
    return wait<platform_type>(
        test::never, every(10s),
        waits_until(test::settable_clock::time_point(100s)));
  };
  BOOST_TEST(run(test::scripted_polled()) ==
             "try@0 pause(1000000000)@0 pause(1000000000)@1000000000 "
             "try@2000000000: not acquired");
  BOOST_TEST(run(test::scripted_full()) ==
             "try@0 until(1000000000)@0 until(2000000000)@1000000000: "
             "not acquired");
}

BOOST_AUTO_TEST_CASE(a_clock_set_backward_prolongs_the_wait) {
  const auto run = [](auto platform) {
    using platform_type = decltype(platform);
    test::script script;
    test::settable_clock::ahead = 0ns;
    script.at(500ms, [] { test::settable_clock::ahead = -2s; });
    return wait<platform_type>(
        test::never, every(10s),
        waits_until(test::settable_clock::time_point(1s)));
  };
  BOOST_TEST(run(test::scripted_polled()) ==
             "try@0 pause(1000000000)@0 try@1000000000 "
             "pause(1000000000)@1000000000 pause(1000000000)@2000000000 "
             "try@3000000000: not acquired");
  BOOST_TEST(run(test::scripted_full()) ==
             "try@0 until(1000000000)@0 until(2000000000)@1000000000 "
             "until(3000000000)@2000000000: not acquired");
}

BOOST_AUTO_TEST_CASE(a_deadline_is_not_overslept) {
  for (const nanoseconds delay : {1ns, 3ns, 7ns, 99ns, 100ns, 101ns, 1000ns}) {
    test::script script;
    wait<test::scripted_polled>(test::never, every(delay), waits_for(100ns));
    BOOST_TEST(script.now.count() == 100);
  }
}

BOOST_AUTO_TEST_CASE(a_policy_that_returns_nonsense_is_no_pause) {
  const auto run = [](auto answer) {
    test::script script;
    auto lock = open_lock<test::scripted_polled>(
        [answer](const wait_state&) { return answer; });
    script.attempts = {test::busy, test::busy, test::acquired};
    lock.lock();
    return script.timed_log();
  };
  const std::string no_pause = "try@0 pause(0)@0 try@0 pause(0)@0 try@0";
  BOOST_TEST(run(0ns) == no_pause);
  BOOST_TEST(run(-1h) == no_pause);
  BOOST_TEST(run((std::chrono::hours::min)()) == no_pause);
  BOOST_TEST(run(float_seconds(not_a_number)) == no_pause);
  BOOST_TEST(run(float_seconds(-infinity)) == no_pause);
  BOOST_TEST(run(std::optional(-1s)) == no_pause);
}

BOOST_AUTO_TEST_CASE(a_pause_without_bound_is_cut_to_the_time_left) {
  const auto run = [](auto answer) {
    return wait_anew<test::scripted_polled>(
        test::never, [answer](const wait_state&) { return answer; },
        waits_for(100ns));
  };
  const std::string one_pause = "try@0 pause(100)@0 try@100: not acquired";
  BOOST_TEST(run((nanoseconds::max)()) == one_pause);
  BOOST_TEST(run((std::chrono::hours::max)()) == one_pause);
  BOOST_TEST(run(float_seconds(infinity)) == one_pause);
}

BOOST_AUTO_TEST_CASE(a_policy_sees_the_wait_and_the_path) {
  test::script script;
  record seen;
  wait<test::scripted_polled>(test::never, recording<>(seen, 40ns),
                              waits_for(100ns));
  BOOST_TEST(text(seen.states) == "1,0,100 2,40,60 3,80,20");
  BOOST_TEST(seen.paths ==
                 std::vector<std::string>(
                     3, std::filesystem::absolute("/folder/file").string()),
             boost::test_tools::per_element());
  BOOST_TEST(seen.copies == 1);
}

BOOST_AUTO_TEST_CASE(each_acquire_runs_on_a_copy_of_its_own) {
  const std::string calls = "try pause(10) try pause(20) try pause(40) try";
  test::script script;
  auto lock = open_lock<test::scripted_polled>(
      filelock::exponential_backoff(10ns, 2.0, 1s));
  for (int i = 0; i != 3; ++i) {
    script.attempts = {test::busy, test::busy, test::busy, test::acquired};
    lock.lock();
    BOOST_TEST(script.log() == calls);
    lock.unlock();
    script.forget();
  }
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_policy_comes_out_as_it_is) {
  BOOST_TEST(wrong_exceptions<test::scripted_polled>() == "");
  BOOST_TEST(wrong_exceptions<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_policy_becomes_an_error_code) {
  BOOST_TEST(wrong_codes<test::scripted_polled>() == "");
  BOOST_TEST(wrong_codes<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(a_policy_that_throws_after_the_grant_leaves_nothing_held) {
  test::script script;
  filelock::basic_file_lock<test::scripted_polled, throwing> lock(
      "/folder/file", throwing(thrown::own, when::finished));
  lock.open();
  script.forget();
  script.free_from = 5ns;
  BOOST_CHECK_THROW(lock.lock(), own_exception);
  BOOST_TEST(script.log() == "try pause(10) try names unlock");
  BOOST_TEST(script.held() == 0u);
}

BOOST_AUTO_TEST_CASE(a_policy_gets_the_result_of_its_wait) {
  const auto run = [](auto platform, nanoseconds free_from, auto policy_of,
                      auto acquire) {
    using platform_type = decltype(platform);
    test::script script;
    record seen;
    wait<platform_type>(free_from, policy_of(seen), acquire);
    return text(seen.ends);
  };
  const auto paces = [](record& seen) { return recording_end<>(seen, 40ns); };
  const auto gives_up = [](record& seen) {
    return recording_end<std::optional<nanoseconds>>(seen, std::nullopt);
  };
  using polled = test::scripted_polled;
  using full = test::scripted_full;
  const std::string acquired = end_text(wait_outcome::acquired, 3, 80ns);
  BOOST_TEST(run(polled(), 80ns, paces, locks) == acquired);
  BOOST_TEST(run(polled(), 80ns, paces, waits_for(1s)) == acquired);
  BOOST_TEST(run(full(), 80ns, paces, locks) ==
             end_text(wait_outcome::acquired, 2, 80ns));
  BOOST_TEST(run(polled(), 101ns, paces, waits_for(100ns)) ==
             end_text(wait_outcome::timed_out, 4, 100ns));
  BOOST_TEST(run(full(), 101ns, paces, waits_for(100ns)) ==
             end_text(wait_outcome::timed_out, 2, 100ns));
  BOOST_TEST(run(polled(), test::never, gives_up, waits_for(100ns)) ==
             end_text(wait_outcome::gave_up, 1, 0ns));
  BOOST_TEST(run(polled(), 0ns, paces, locks) == ""); // there was no wait
}

BOOST_AUTO_TEST_CASE(a_policy_sees_that_an_error_ended_its_wait) {
  test::script script;
  record seen;
  auto lock = open_lock<test::scripted_polled>(recording_end<>(seen, 40ns));
  script.attempts = {test::busy, test::failed(EIO)};
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::io_error));
  BOOST_TEST(text(seen.ends) == end_text(wait_outcome::failed, 2, 40ns));
}

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_ends_every_kind_of_wait) {
  BOOST_TEST(wrong_after_giving_up<test::scripted_polled>() == "");
  BOOST_TEST(wrong_after_giving_up<test::scripted_full>() == "");
  BOOST_TEST(wrong_after_giving_up<test::scripted_blocking>() == "");
}

BOOST_AUTO_TEST_CASE(an_error_in_the_kernel_wait_is_reported_at_once) {
  test::script script;
  auto lock = open_lock<test::scripted_blocking>(every(1ns));
  script.attempts = {test::busy, test::failed(ENOLCK)};
  std::error_code ec;
  lock.lock(ec);
  BOOST_TEST((ec == std::errc::no_lock_available));
  BOOST_TEST(script.log() == "try lock");
}

BOOST_AUTO_TEST_SUITE_END()
