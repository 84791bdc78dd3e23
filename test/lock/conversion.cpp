// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// downgrade() and try_upgrade(), on platforms that answer by a script: what is
// asked of the system, in which order, and what is claimed afterwards.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/conversion_forms.hpp"
#include "support/scripted_platform.hpp"

#include <cerrno>
#include <chrono>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <tuple>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(lock_conversion)

namespace {

using namespace std::chrono_literals;
using filelock::conversion;
using test::name_of;
using test::script;
using test::state_of;

struct ten_nanoseconds {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    return 10ns;
  }
};

/// The models. Names say how a conversion is done.
using in_place = test::with_atomic_conversion<test::scripted_polled>;
using by_loss = test::scripted_polled; // as flock(2) does
using by_release = test::without_convert<test::scripted_polled>;

template <class Platform, class Policy = ten_nanoseconds>
using lock_on = filelock::basic_file_lock<Platform, Policy>;

template <class Platform, class Policy = ten_nanoseconds>
lock_on<Platform, Policy> new_lock(const std::string& state) {
  lock_on<Platform, Policy> lock("/folder/file");
  if (state != "closed") lock.open();
  if (state == "shared") lock.lock_shared();
  if (state == "exclusive") lock.lock();
  script::current().forget();
  return lock;
}

/// What a conversion is expected to do.
struct expected {
  const char* result;
  const char* state;
  const char* calls;
};

/// \returns How every form in `forms` differs from `wanted`. The lock is
/// `before`, and `prepare(script)` has been called.
template <class Lock, class Forms, class Prepare>
std::string wrong(const Forms& forms, const char* before,
                  const expected& wanted, Prepare prepare) {
  std::string result;
  for (const auto& form : forms) {
    test::script script;
    std::string faults;
    {
      Lock lock = new_lock<typename Lock::platform_type>(before);
      prepare(script);
      const std::string said = form.call(lock);
      const std::string calls = script.log();
      if (said != wanted.result) faults += ": " + said;
      if (state_of(lock) != wanted.state) faults += ": is " + state_of(lock);
      if (calls != wanted.calls) faults += ": " + calls;
      const bool holds = lock.owns_lock() || lock.owns_lock_shared();
      if (script.held() != (holds ? 1u : 0u)) faults += ": claims otherwise";
    }
    if (script.open_handles() != 0) faults += ": leaks";
    faults += script.broken_rules();
    if (!faults.empty()) result += form.name + faults + "\n";
  }
  return result;
}

template <class Platform, class Prepare>
std::string wrong_downgrade(const char* before, const expected& wanted,
                            Prepare prepare) {
  using lock = lock_on<Platform>;
  return wrong<lock>(test::downgrade_forms<lock>(), before, wanted, prepare);
}
template <class Platform>
std::string wrong_downgrade(const char* before, const expected& wanted) {
  return wrong_downgrade<Platform>(before, wanted, [](script&) {});
}

/// \param is_timed Which forms, where it is given.
template <class Platform, class Prepare>
std::string wrong_upgrade(const char* before, const expected& wanted,
                          Prepare prepare,
                          std::optional<bool> is_timed = std::nullopt) {
  using lock = lock_on<Platform>;
  auto forms = test::upgrade_forms<lock>();
  decltype(forms) chosen;
  for (auto& each : forms)
    if (!is_timed || each.is_timed == *is_timed) chosen.push_back(each);
  return wrong<lock>(chosen, before, wanted, prepare);
}
template <class Platform>
std::string wrong_upgrade(const char* before, const expected& wanted) {
  return wrong_upgrade<Platform>(before, wanted, [](script&) {});
}

void refuse(script& script) { script.free_from = test::never; }
constexpr auto fail = [](int error) {
  return [error](script& script) {
    script.conversions = {test::failed(error)};
    script.attempts = {test::failed(error)};
  };
};

constexpr const char* not_permitted = "Operation not permitted";

} // namespace

// ---- States ----

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_lock_that_is_not_held_is_not_converted, Platform,
    decltype(std::tuple<in_place, by_loss, by_release>())) {
  for (const char* state : {"closed", "unlocked"}) {
    const expected nothing{not_permitted, state, ""};
    BOOST_TEST(wrong_downgrade<Platform>(state, nothing) == "");
    BOOST_TEST(wrong_upgrade<Platform>(state, nothing) == "");
  }
  test::script script;
  lock_on<Platform> none;
  std::error_code ec;
  BOOST_TEST((none.try_upgrade(ec) == conversion::refused_released));
  BOOST_TEST((ec == std::errc::operation_not_permitted));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_conversion_to_the_held_mode_changes_nothing, Platform,
    decltype(std::tuple<in_place, by_loss, by_release>())) {
  BOOST_TEST(wrong_downgrade<Platform>(
                 "shared", {"held_throughout", "shared", ""}) == "");
  BOOST_TEST(wrong_upgrade<Platform>(
                 "exclusive", {"held_throughout", "exclusive", ""}) == "");
}

// ---- The four results ----

BOOST_AUTO_TEST_CASE(a_conversion_without_a_conflict_is_granted) {
  BOOST_TEST(
      wrong_downgrade<in_place>(
          "exclusive", {"held_throughout", "shared", "convert_shared"}) == "");
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared", {"held_throughout", "exclusive", "convert"}) == "");
  // Others may have replaced the file in between: names, and no hint.
  BOOST_TEST(
      wrong_downgrade<by_loss>("exclusive", {"released_between", "shared",
                                             "convert_shared names"}) == "");
  BOOST_TEST(wrong_upgrade<by_loss>("shared", {"released_between", "exclusive",
                                               "convert names"}) == "");
  BOOST_TEST(wrong_downgrade<by_release>("exclusive",
                                         {"released_between", "shared",
                                          "unlock try_shared names"}) == "");
  BOOST_TEST(
      wrong_upgrade<by_release>("shared", {"released_between", "exclusive",
                                           "unlock_shared try names"}) == "");
}

BOOST_AUTO_TEST_CASE(an_upgrade_beside_another_owner_is_refused_at_once) {
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared", {"refused_still_shared", "shared", "convert"},
                 refuse, false) == "");
  BOOST_TEST(wrong_upgrade<by_loss>("shared",
                                    {"refused_released", "unlocked", "convert"},
                                    refuse, false) == "");
  BOOST_TEST(wrong_upgrade<by_release>(
                 "shared",
                 {"refused_released", "unlocked", "unlock_shared try"}, refuse,
                 false) == "");
  BOOST_TEST(wrong_downgrade<by_loss>(
                 "exclusive",
                 {"refused_released", "unlocked", "convert_shared"},
                 refuse) == "");
  BOOST_TEST(wrong_downgrade<by_release>(
                 "exclusive",
                 {"refused_released", "unlocked", "unlock try_shared"},
                 refuse) == "");
}

// No system does, but none of the four results would say "still exclusive".
BOOST_AUTO_TEST_CASE(a_downgrade_in_place_that_is_refused_is_done_by_release) {
  BOOST_TEST(wrong_downgrade<in_place>(
                 "exclusive",
                 {"released_between", "shared",
                  "convert_shared unlock try_shared names"},
                 [](script& script) { script.conversions = {test::busy}; }) ==
             "");
}

// ---- Waiting ----

BOOST_AUTO_TEST_CASE(an_upgrade_in_place_polls_and_stays_shared) {
  const auto is_free_soon = [](script& script) { script.free_from = 25ns; };
  const expected granted{"held_throughout", "exclusive",
                         "convert pause(10) convert pause(10) convert "
                         "pause(10) convert"};
  BOOST_TEST(wrong_upgrade<in_place>("shared", granted, is_free_soon, true) ==
             "");
  // The kernel would have to release first.
  using full = test::with_atomic_conversion<test::scripted_full>;
  BOOST_TEST(wrong_upgrade<full>("shared", granted, is_free_soon, true) == "");
}

BOOST_AUTO_TEST_CASE(an_upgrade_in_place_that_times_out_stays_shared) {
  for (const bool by_time : {false, true}) {
    test::script script;
    lock_on<in_place> lock = new_lock<in_place>("shared");
    script.free_from = test::never;
    const conversion result =
        by_time ? lock.try_upgrade_until(test::scripted_clock::now() + 25ns)
                : lock.try_upgrade_for(25ns);
    BOOST_TEST(name_of(result) == "refused_still_shared");
    BOOST_TEST(state_of(lock) == "shared");
    // One last attempt at the deadline, which is not overslept.
    BOOST_TEST(script.log() == "convert pause(10) convert pause(10) convert "
                               "pause(5) convert");
    BOOST_TEST((script.now == 25ns));
  }
}

BOOST_AUTO_TEST_CASE(an_upgrade_without_time_makes_one_attempt) {
  for (const auto length : {0ns, -1ns}) {
    test::script script;
    lock_on<in_place> lock = new_lock<in_place>("shared");
    script.free_from = test::never;
    BOOST_TEST(name_of(lock.try_upgrade_for(length)) == "refused_still_shared");
    BOOST_TEST(script.log() == "convert");
  }
}

BOOST_AUTO_TEST_CASE(a_shared_lock_that_is_lost_is_waited_for_as_any_other) {
  const auto is_free_soon = [](script& script) { script.free_from = 15ns; };
  BOOST_TEST(wrong_upgrade<by_loss>("shared",
                                    {"released_between", "exclusive",
                                     "convert pause(10) try pause(10) try "
                                     "names"},
                                    is_free_soon, true) == "");
  BOOST_TEST(wrong_upgrade<by_release>(
                 "shared",
                 {"released_between", "exclusive",
                  "unlock_shared try pause(10) try pause(10) try names"},
                 is_free_soon, true) == "");
  BOOST_TEST(
      wrong_upgrade<test::scripted_full>(
          "shared",
          {"released_between", "exclusive", "convert until(10000000000) names"},
          is_free_soon, true) == "");
}

BOOST_AUTO_TEST_CASE(a_lost_lock_that_is_not_granted_in_time_is_released) {
  test::script script;
  lock_on<by_loss> lock = new_lock<by_loss>("shared");
  script.free_from = test::never;
  BOOST_TEST(name_of(lock.try_upgrade_for(15ns)) == "refused_released");
  BOOST_TEST(script.log() == "convert pause(10) try pause(5) try");
  BOOST_TEST(state_of(lock) == "unlocked");
  BOOST_TEST((script.now == 15ns));
}

// Two shared owners would wait for each other, and nobody could tell why.
BOOST_AUTO_TEST_CASE(a_wait_without_a_bound_does_not_hold_the_lock) {
  const auto max = (std::chrono::nanoseconds::max)();
  const auto end = (test::scripted_clock::time_point::max)();
  for (const bool by_time : {false, true}) {
    test::script script;
    lock_on<in_place> lock = new_lock<in_place>("shared");
    script.free_from = 25ns;
    const conversion result =
        by_time ? lock.try_upgrade_until(end) : lock.try_upgrade_for(max);
    BOOST_TEST(name_of(result) == "released_between");
    BOOST_TEST(script.log() == "convert unlock_shared try pause(10) try "
                               "pause(10) try pause(10) try names");
    BOOST_TEST(lock.owns_lock());
  }
  // Where it need not wait, it is as any other.
  test::script script;
  lock_on<in_place> lock = new_lock<in_place>("shared");
  BOOST_TEST(name_of(lock.try_upgrade_for(max)) == "held_throughout");
}

// ---- The file, replaced while nothing was held ----

BOOST_AUTO_TEST_CASE(a_file_replaced_in_between_is_reopened) {
  const auto replace = [](script& script) { script.names = {false, true}; };
  BOOST_TEST(wrong_upgrade<by_loss>("shared",
                                    {"released_between", "exclusive",
                                     "convert names open unlock close try "
                                     "names"},
                                    replace) == "");
  BOOST_TEST(wrong_downgrade<by_release>(
                 "exclusive",
                 {"released_between", "shared",
                  "unlock try_shared names open unlock_shared close "
                  "try_shared names"},
                 replace) == "");
}

BOOST_AUTO_TEST_CASE(a_new_file_that_another_holds_refuses) {
  BOOST_TEST(wrong_downgrade<by_loss>(
                 "exclusive",
                 {"refused_released", "unlocked",
                  "convert_shared names open unlock_shared close try_shared"},
                 [](script& script) {
                   script.names = {false};
                   script.attempts = {test::busy};
                 }) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_reopened_is_an_error) {
  BOOST_TEST(wrong_upgrade<by_loss>("shared",
                                    {"No such file or directory", "unlocked",
                                     "convert names open unlock"},
                                    [](script& script) {
                                      script.names = {false};
                                      script.opens = {ENOENT};
                                    }) == "");
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_held_throughout_is_not_verified) {
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared", {"held_throughout", "exclusive", "convert"},
                 [](script& script) { script.names = {false}; }) == "");
}

// ---- Errors ----

BOOST_AUTO_TEST_CASE(an_error_of_a_conversion_in_place_changes_nothing) {
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared", {"No locks available", "shared", "convert"},
                 fail(ENOLCK)) == "");
  BOOST_TEST(wrong_downgrade<in_place>(
                 "exclusive",
                 {"No locks available", "exclusive", "convert_shared"},
                 fail(ENOLCK)) == "");
}

// It is not known what is left, so nothing is claimed, and nothing is kept.
BOOST_AUTO_TEST_CASE(an_error_of_a_conversion_by_release_releases) {
  BOOST_TEST(wrong_upgrade<by_loss>(
                 "shared",
                 {"No locks available", "unlocked", "convert unlock_shared"},
                 fail(ENOLCK)) == "");
  BOOST_TEST(wrong_downgrade<by_loss>(
                 "exclusive",
                 {"No locks available", "unlocked", "convert_shared unlock"},
                 fail(ENOLCK)) == "");
  BOOST_TEST(wrong_upgrade<by_release>(
                 "shared",
                 {"No locks available", "unlocked", "unlock_shared try"},
                 fail(ENOLCK)) == "");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_release_closes_the_file) {
  BOOST_TEST(wrong_upgrade<by_release>(
                 "shared",
                 {"Input/output error", "closed", "unlock_shared close"},
                 [](script& script) { script.unlocks = {EIO}; }) == "");
  BOOST_TEST(
      wrong_upgrade<by_loss>(
          "shared",
          {"No locks available", "closed", "convert unlock_shared close"},
          [](script& script) {
            script.conversions = {test::failed(ENOLCK)};
            script.unlocks = {EIO};
          }) == "");
}

BOOST_AUTO_TEST_CASE(an_error_during_the_wait_ends_the_conversion) {
  const std::deque<test::answer> answers = {test::busy, test::busy,
                                            test::failed(EIO)};
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared",
                 {"Input/output error", "shared",
                  "convert pause(10) convert pause(10) convert"},
                 [&](script& script) { script.conversions = answers; },
                 true) == "");
  BOOST_TEST(wrong_upgrade<by_release>(
                 "shared",
                 {"Input/output error", "unlocked",
                  "unlock_shared try pause(10) try pause(10) try"},
                 [&](script& script) { script.attempts = answers; },
                 true) == "");
}

BOOST_AUTO_TEST_CASE(an_interrupted_conversion_is_repeated) {
  const auto interrupt = [](script& script) {
    script.conversions = {test::failed(EINTR), test::failed(EINTR)};
  };
  BOOST_TEST(wrong_upgrade<in_place>(
                 "shared",
                 {"held_throughout", "exclusive", "convert convert convert"},
                 interrupt) == "");
  BOOST_TEST(wrong_downgrade<by_loss>(
                 "exclusive",
                 {"released_between", "shared",
                  "convert_shared convert_shared convert_shared names"},
                 interrupt) == "");
}

// The number may be a stranger's by now.
BOOST_AUTO_TEST_CASE(a_handle_that_is_lost_is_forgotten) {
  const auto lost = [](auto platform) {
    using lock_type = lock_on<decltype(platform)>;
    test::script script;
    lock_type lock = new_lock<decltype(platform)>("shared");
    script.conversions = {test::failed(EBADF)};
    script.unlocks = {EBADF};
    std::error_code ec;
    const conversion result = lock.try_upgrade(ec);
    return name_of(result) + " " + state_of(lock) + " " + script.log() +
           (ec == std::errc::bad_file_descriptor ? "" : " " + ec.message());
  };
  BOOST_TEST(lost(in_place()) == "refused_released closed convert");
  BOOST_TEST(lost(by_loss()) ==
             "refused_released closed convert unlock_shared");
}

// ---- Policies ----

namespace {

struct throws {
  std::chrono::nanoseconds operator()(const filelock::wait_state&) const {
    throw std::runtime_error("asked");
  }
};
struct throws_at_the_end : ten_nanoseconds {
  void finished(const filelock::wait_result&) const {
    throw std::runtime_error("finished");
  }
};
struct gives_up {
  std::optional<std::chrono::nanoseconds>
  operator()(const filelock::wait_state&) const {
    return std::nullopt;
  }
};

/// \returns The state after an exception of the policy, and the calls.
template <class Platform, class Policy>
std::string after_exception() {
  std::string result;
  for (const bool is_coded : {false, true}) {
    test::script script;
    auto lock = new_lock<Platform, Policy>("shared");
    script.free_from = 15ns;
    std::error_code ec;
    if (is_coded) {
      const conversion said = lock.try_upgrade_for(1s, ec);
      if (ec != std::errc::operation_canceled) result += ec.message();
      const bool is_shared = said == conversion::refused_still_shared;
      if (is_shared != lock.owns_lock_shared()) result += name_of(said);
    } else {
      BOOST_CHECK_THROW((void)lock.try_upgrade_for(1s), std::runtime_error);
      result += state_of(lock) + ": " + script.log();
    }
    const bool holds = lock.owns_lock() || lock.owns_lock_shared();
    if (script.held() != (holds ? 1u : 0u)) result += ", claims otherwise";
  }
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_policy_that_throws_ends_the_conversion) {
  BOOST_TEST((after_exception<in_place, throws>() == "shared: convert"));
  BOOST_TEST((after_exception<by_loss, throws>() == "unlocked: convert"));
  BOOST_TEST(
      (after_exception<by_release, throws>() == "unlocked: unlock_shared try"));
}

// What was granted meanwhile is given back.
BOOST_AUTO_TEST_CASE(a_conversion_is_undone_if_the_policy_throws_at_the_end) {
  BOOST_TEST((after_exception<in_place, throws_at_the_end>() ==
              "shared: convert pause(10) convert pause(10) convert "
              "convert_shared"));
  BOOST_TEST((after_exception<by_loss, throws_at_the_end>() ==
              "unlocked: convert pause(10) try pause(10) try names unlock"));
}

BOOST_AUTO_TEST_CASE(a_policy_that_gives_up_ends_the_conversion) {
  const auto result = [](auto platform) {
    test::script script;
    auto lock = new_lock<decltype(platform), gives_up>("shared");
    script.free_from = test::never;
    const conversion said = lock.try_upgrade_for(1s);
    return name_of(said) + ", " + state_of(lock);
  };
  BOOST_TEST(result(in_place()) == "refused_still_shared, shared");
  BOOST_TEST(result(by_loss()) == "refused_released, unlocked");
  BOOST_TEST(result(by_release()) == "refused_released, unlocked");
}

BOOST_AUTO_TEST_CASE(a_policy_sees_the_wait_of_a_conversion) {
  struct watching {
    std::string* seen;
    std::chrono::nanoseconds operator()(const filelock::wait_state& state) {
      *seen += std::to_string(state.attempts) + "@" +
               std::to_string(state.elapsed.count()) + " ";
      if (state.path() != std::filesystem::absolute("/folder/file"))
        *seen += "wrong path ";
      return std::chrono::nanoseconds(10);
    }
    void finished(const filelock::wait_result& result) {
      *seen += result.outcome == filelock::wait_outcome::acquired
                   ? "acquired"
                   : "not acquired";
    }
  };
  const auto seen = [](auto platform, std::chrono::nanoseconds free_from) {
    std::string result;
    test::script script;
    filelock::basic_file_lock<decltype(platform), watching> lock(
        "/folder/file", watching{&result});
    lock.lock_shared();
    script.free_from = free_from;
    (void)lock.try_upgrade_for(15ns);
    return result;
  };
  BOOST_TEST(seen(in_place(), 5ns) == "1@0 acquired");
  BOOST_TEST(seen(in_place(), test::never) == "1@0 2@10 not acquired");
  BOOST_TEST(seen(by_loss(), 5ns) == "1@0 acquired");
}

// ---- Cancel ----

#if FILELOCK_HAS_STOP_TOKEN
BOOST_AUTO_TEST_CASE(a_request_to_stop_ends_the_wait_at_once) {
  const auto stopped = [](auto platform) {
    test::script script;
    auto lock = new_lock<decltype(platform)>("shared");
    script.free_from = test::never;
    std::stop_source source;
    script.at(15ns, [&] { source.request_stop(); });
    const conversion result = lock.try_upgrade_for(1s, source.get_token());
    return name_of(result) + " at " + std::to_string(script.now.count()) +
           ", " + state_of(lock);
  };
  BOOST_TEST(stopped(in_place()) == "refused_still_shared at 15, shared");
  BOOST_TEST(stopped(by_loss()) == "refused_released at 15, unlocked");
}
#endif

// ---- What comes after ----

BOOST_AUTO_TEST_CASE(one_unlock_releases_a_converted_lock) {
  const auto calls = [](auto platform) {
    test::script script;
    auto lock = new_lock<decltype(platform)>("shared");
    (void)lock.try_upgrade();
    (void)lock.downgrade();
    script.forget();
    lock.unlock();
    return script.log() + (script.held() == 0 ? "" : ", still held");
  };
  BOOST_TEST(calls(in_place()) == "unlock_shared");
  BOOST_TEST(calls(by_loss()) == "unlock_shared");
  BOOST_TEST(calls(by_release()) == "unlock_shared");
}

BOOST_AUTO_TEST_CASE(an_adopted_lock_is_converted_and_not_verified) {
  test::script script;
  std::error_code ec;
  const int handle = by_loss::open({}, {}, ec);
  BOOST_TEST(by_loss::try_lock(handle, {filelock::lock_mode::shared, {}}, ec));
  script.forget();
  filelock::basic_file_lock<by_loss, ten_nanoseconds> lock(
      filelock::adopt_handle, handle, filelock::lock_mode::shared);
  BOOST_TEST(name_of(lock.try_upgrade()) == "released_between");
  BOOST_TEST(script.log() == "convert");
}

BOOST_AUTO_TEST_SUITE_END()
