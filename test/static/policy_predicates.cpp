// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// is_backoff_policy_v, its concept, and what a policy says of itself: true
// where it has to be, and false where it has to be.

#include <filelock/filelock.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using filelock::is_backoff_policy_v;
using filelock::wait_result;
using filelock::wait_state;
using filelock::detail::has_finished_v;
using filelock::detail::observes_wait_v;
using std::chrono::nanoseconds;

/// Whether B is no policy, for that reason.
template <class B>
constexpr bool is_refused(std::string_view why) {
  return !is_backoff_policy_v<B> && filelock::why_no_backoff_policy_v<B> == why;
}

// ---- Policies ----

static_assert(
    filelock::why_no_backoff_policy_v<filelock::default_backoff>.empty(),
    "nothing is wrong with it");

static_assert(is_backoff_policy_v<filelock::constant_backoff>, "constant");
static_assert(is_backoff_policy_v<filelock::exponential_backoff>,
              "exponential");
static_assert(is_backoff_policy_v<filelock::proportional_backoff>,
              "proportional");
static_assert(is_backoff_policy_v<filelock::yield_backoff>, "yield");
static_assert(is_backoff_policy_v<filelock::default_backoff>, "default");
static_assert(
    is_backoff_policy_v<filelock::limited<filelock::constant_backoff>>,
    "limited");

[[maybe_unused]] const auto lambda = [](const wait_state&) {
  return nanoseconds(1);
};
static_assert(is_backoff_policy_v<std::remove_const_t<decltype(lambda)>>,
              "a lambda");
static_assert(
    is_backoff_policy_v<std::function<std::chrono::hours(const wait_state&)>>,
    "std::function");
static_assert(is_backoff_policy_v<nanoseconds (*)(const wait_state&)>,
              "a pointer to a function");

template <class Answer>
struct answers {
  Answer operator()(const wait_state&);
};
static_assert(is_backoff_policy_v<answers<std::chrono::duration<float>>>,
              "any duration");
static_assert(is_backoff_policy_v<answers<const std::chrono::hours&>>,
              "a reference to a duration");
static_assert(is_backoff_policy_v<answers<std::optional<std::chrono::hours>>>,
              "an optional duration");
static_assert(
    is_refused<answers<int>>(
        "BackoffPolicy: must return a duration, or std::optional of one"),
    "a number");
static_assert(
    is_refused<answers<void>>(
        "BackoffPolicy: must return a duration, or std::optional of one"),
    "nothing");
static_assert(
    is_refused<answers<std::optional<int>>>(
        "BackoffPolicy: must return a duration, or std::optional of one"),
    "an optional number");
static_assert(
    is_refused<answers<std::chrono::steady_clock::time_point>>(
        "BackoffPolicy: must return a duration, or std::optional of one"),
    "a time");

struct takes_copy {
  nanoseconds operator()(wait_state);
};
static_assert(is_backoff_policy_v<takes_copy>, "by value");

struct takes_changeable {
  nanoseconds operator()(wait_state&);
};
static_assert(is_refused<takes_changeable>(
                  "BackoffPolicy: must be callable with const wait_state&"),
              "it may change nothing");

struct takes_nothing {
  nanoseconds operator()();
};
static_assert(is_refused<takes_nothing>(
                  "BackoffPolicy: must be callable with const wait_state&"),
              "it sees no state");

struct is_consumed {
  nanoseconds operator()(const wait_state&) &&;
};
static_assert(is_refused<is_consumed>(
                  "BackoffPolicy: must be callable with const wait_state&"),
              "it is asked more than once");

struct moves_only : answers<nanoseconds> {
  std::unique_ptr<int> member;
};
static_assert(
    is_refused<moves_only>("BackoffPolicy: must be a copy-constructible object "
                           "type whose destructor does not throw"),
    "it cannot be copied");

struct destructor_throws : answers<nanoseconds> {
  ~destructor_throws() noexcept(false);
};
static_assert(is_refused<destructor_throws>(
                  "BackoffPolicy: must be a copy-constructible object type "
                  "whose destructor does not throw"),
              "its destructor may throw");

struct declared;
static_assert(is_refused<declared>("BackoffPolicy: must be complete: include "
                                   "the header that defines it"),
              "not complete");

static_assert(
    is_refused<int>("BackoffPolicy: must be callable with const wait_state&"),
    "a number");
static_assert(is_refused<void>("BackoffPolicy: must be a copy-constructible "
                               "object type whose destructor does not throw"),
              "nothing");
static_assert(is_refused<std::string>(
                  "BackoffPolicy: must be callable with const wait_state&"),
              "a text");
static_assert(is_refused<answers<nanoseconds>&>(
                  "BackoffPolicy: must be a copy-constructible object type "
                  "whose destructor does not throw"),
              "a reference");
static_assert(is_refused<nanoseconds(const wait_state&)>(
                  "BackoffPolicy: must be a copy-constructible object type "
                  "whose destructor does not throw"),
              "a function, which is no object");

// ---- What a policy says of itself ----

struct observes : answers<nanoseconds> {
  static constexpr bool observes_wait = true;
};
struct says_that_it_does_not : answers<nanoseconds> {
  static constexpr bool observes_wait = false;
};
struct says_it_with_a_number : answers<nanoseconds> {
  static constexpr int observes_wait = 1;
};
struct says_it_with_a_variable : answers<nanoseconds> {
  [[maybe_unused]] static inline bool observes_wait = true;
};
struct says_it_for_each_object : answers<nanoseconds> {
  bool observes_wait = true;
};
static_assert(is_backoff_policy_v<observes> && observes_wait_v<observes>,
              "it observes");
static_assert(is_backoff_policy_v<says_that_it_does_not> &&
                  !observes_wait_v<says_that_it_does_not>,
              "it says that it does not");
static_assert(!observes_wait_v<filelock::constant_backoff>, "it says nothing");
static_assert(is_refused<says_it_with_a_number>(
                  "BackoffPolicy: observes_wait must be static constexpr bool"),
              "not bool");
static_assert(is_refused<says_it_with_a_variable>(
                  "BackoffPolicy: observes_wait must be static constexpr bool"),
              "not constant");
static_assert(is_refused<says_it_for_each_object>(
                  "BackoffPolicy: observes_wait must be static constexpr bool"),
              "not static");

static_assert(observes_wait_v<filelock::limited<filelock::constant_backoff>>,
              "limited gives up");
static_assert(observes_wait_v<filelock::notified<filelock::constant_backoff,
                                                 void (*)(const wait_state&)>>,
              "notified calls back");

struct finishes : answers<nanoseconds> {
  void finished(const wait_result&);
};
static_assert(has_finished_v<finishes>, "it is told");
static_assert(!has_finished_v<observes>, "it is not told");
static_assert(has_finished_v<filelock::limited<finishes>> &&
                  !has_finished_v<filelock::limited<observes>>,
              "an adaptor passes it on");

#if defined(__cpp_concepts) && __cpp_concepts >= 201907L
static_assert(filelock::backoff_policy<filelock::default_backoff>);
static_assert(filelock::backoff_policy<takes_copy>);
static_assert(!filelock::backoff_policy<answers<int>>);
static_assert(!filelock::backoff_policy<moves_only>);
#endif

} // namespace
