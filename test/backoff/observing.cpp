// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#include <boost/test/unit_test.hpp>

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/observing.hpp>
#include <filelock/backoff/wait_result.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/file_lock.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

BOOST_AUTO_TEST_SUITE(backoff_observing)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::constant_backoff;
using filelock::is_backoff_policy_v;
using filelock::observed;
using filelock::observing;
using filelock::wait_outcome;
using filelock::wait_result;
using filelock::wait_state;
using filelock::detail::has_finished_v;
using filelock::detail::observes_wait_v;
using std::chrono::nanoseconds;

std::optional<nanoseconds> three_attempts(const wait_state& wait) {
  if (wait.attempts == 3) return std::nullopt;
  return 1us;
}

static_assert(is_backoff_policy_v<observed<constant_backoff>>);
static_assert(observes_wait_v<observed<constant_backoff>>);
static_assert(!observes_wait_v<constant_backoff>);
static_assert(observes_wait_v<filelock::jittered<observed<constant_backoff>>>,
              "an adaptor passes it on");

// A constant is copied, a function becomes a pointer.
const auto always = [](const wait_state&) { return 5ms; };
static_assert(std::is_same_v<decltype(observing(always)),
                             observed<std::decay_t<decltype(always)>>>);
static_assert(std::is_same_v<
              decltype(observing(three_attempts)),
              observed<std::optional<nanoseconds> (*)(const wait_state&)>>);
static_assert(observing(constant_backoff(5ms))(wait_state{}) == 5ms,
              "its answers are those of the inner policy");

static_assert(
    std::is_default_constructible_v<basic_file_lock<
        filelock::native_traits, observed<filelock::default_backoff>>>);
static_assert(!std::is_default_constructible_v<observed<constant_backoff>>);

/// Is told how its wait ended.
struct told {
  wait_result* end;
  nanoseconds operator()(const wait_state&) const { return 1us; }
  void finished(const wait_result& result) const { *end = result; }
};
static_assert(has_finished_v<observed<told>>);
static_assert(!has_finished_v<observed<constant_backoff>>);

/// A path whose lock is held while the object lives.
class held_file {
public:
  held_file() { holder_.lock(); }
  std::filesystem::path path() const { return holder_.path(); }
  void release() { holder_.unlock(); }

private:
  test::temporary_folder folder_;
  basic_file_lock<> holder_{folder_ / "a.lock"};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_lambda_that_gives_up_ends_lock) {
  held_file file;
  const auto asked = std::make_shared<int>(0);
  basic_file_lock waiter(
      file.path(),
      observing([asked](const wait_state& wait) -> std::optional<nanoseconds> {
        ++*asked;
        if (wait.attempts == 3) return std::nullopt;
        return 1us;
      }));
  std::error_code ec;
  waiter.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(*asked == 3);
  waiter.lock_shared(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  BOOST_TEST(*asked == 6);
  BOOST_TEST(!waiter.try_lock_for(1h));
  BOOST_TEST(*asked == 9);
  file.release();
  waiter.lock();
  BOOST_TEST(waiter.owns_lock());
}

BOOST_AUTO_TEST_CASE(a_function_that_gives_up_ends_lock) {
  const held_file file;
  std::error_code ec;
  basic_file_lock by_pointer(file.path(), observing(three_attempts));
  by_pointer.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  basic_file_lock by_function(
      file.path(),
      observing(std::function<std::optional<nanoseconds>(const wait_state&)>(
          three_attempts)));
  by_function.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
}

BOOST_AUTO_TEST_CASE(each_wait_has_a_copy_of_its_own) {
  const held_file file;
  basic_file_lock waiter(
      file.path(), observing([rest = 2](const wait_state&) mutable {
        return rest-- > 0 ? std::optional<nanoseconds>(1us) : std::nullopt;
      }));
  const auto seen = [&] {
    std::error_code ec;
    waiter.lock(ec);
    return ec == std::errc::timed_out;
  };
  BOOST_TEST(seen());
  BOOST_TEST(seen());
}

BOOST_AUTO_TEST_CASE(what_a_lambda_throws_ends_lock) {
  const held_file file;
  basic_file_lock waiter(file.path(),
                         observing([](const wait_state&) -> nanoseconds {
                           throw 4711; // an error of the program's own
                         }));
  BOOST_CHECK_THROW(waiter.lock(), int);
  BOOST_TEST(!waiter.owns_lock());
}

BOOST_AUTO_TEST_CASE(the_inner_policy_gets_the_result_of_the_wait) {
  const held_file file;
  wait_result end;
  basic_file_lock waiter(file.path(), observing(told{&end}));
  BOOST_TEST(!waiter.try_lock_for(1ms));
  BOOST_TEST((end.outcome == wait_outcome::timed_out));
  BOOST_TEST(end.attempts >= 2U);
}

BOOST_AUTO_TEST_CASE(a_lock_with_an_observing_policy_moves_and_is_assigned) {
  held_file file;
  basic_file_lock first(file.path(), observing(three_attempts));
  basic_file_lock second(std::move(first));
  first = std::move(second);
  std::error_code ec;
  first.lock(ec);
  BOOST_TEST((ec == std::errc::timed_out));
  file.release();
  first.lock();
  BOOST_TEST(first.owns_lock());
}

BOOST_AUTO_TEST_SUITE_END()
