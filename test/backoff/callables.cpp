// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Whatever can be called as a policy is one.

#include <boost/test/unit_test.hpp>

#include <filelock/basic_file_lock.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/wait/virtual_driver.hpp>
#include <filelock/file_lock.hpp>

#include <support/temporary_folder.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(backoff_callables)

namespace {

using namespace std::chrono_literals;
using filelock::basic_file_lock;
using filelock::is_backoff_policy_v;
using filelock::native_traits;
using filelock::wait_state;
using filelock::detail::virtual_driver;
using std::chrono::nanoseconds;

nanoseconds one_by_one(const wait_state& state) {
  return nanoseconds(state.attempts);
}
nanoseconds by_value(wait_state) noexcept { return 5ns; }

struct final_functor final {
  nanoseconds operator()(const wait_state&) const { return 5ns; }
};

struct functor_without_moves {
  functor_without_moves() = default;
  functor_without_moves(const functor_without_moves&) = default;
  functor_without_moves& operator=(const functor_without_moves&) = delete;
  nanoseconds operator()(const wait_state&) { return 5ns; }
};

static_assert(is_backoff_policy_v<nanoseconds (*)(const wait_state&)>);
static_assert(is_backoff_policy_v<nanoseconds (*)(wait_state) noexcept>);
static_assert(is_backoff_policy_v<std::function<nanoseconds(wait_state)>>);
static_assert(is_backoff_policy_v<
              std::function<std::optional<nanoseconds>(const wait_state&)>>);
static_assert(is_backoff_policy_v<final_functor>);
static_assert(is_backoff_policy_v<functor_without_moves>);

/// \returns The first pauses, in nanoseconds.
template <class Policy>
std::vector<std::int64_t> pauses(const Policy& policy) {
  static_assert(is_backoff_policy_v<Policy>);
  virtual_driver<Policy> driver(policy);
  std::vector<std::int64_t> result;
  nanoseconds now = 0ns;
  while (result.size() != 4) {
    const auto next = driver.resume(now, [] { return false; });
    if (!next) break;
    result.push_back((*next - now).count());
    now = *next;
  }
  return result;
}

/// Effects: moves and assigns locks with this policy.
/// \returns What does not work then.
template <class Policy>
std::string failures_of_moved_locks(const Policy& policy) {
  using lock_type = basic_file_lock<native_traits, Policy>;
  static_assert(std::is_move_constructible_v<lock_type>);
  static_assert(std::is_move_assignable_v<lock_type>);
  std::string failures;
  const auto require = [&](bool is_met, const char* what) {
    if (!is_met) failures += std::string(what) + "; ";
  };
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();

  lock_type first(folder / "a.lock", policy);
  require(!first.try_lock_for(1ms), "waits");
  lock_type second(std::move(first));
  require(!second.try_lock_for(1ms), "waits when moved");
  lock_type third(folder / "b.lock", policy);
  third.lock();
  third = std::move(second);
  require(!third.try_lock_for(1ms), "waits when assigned");
  lock_type fourth(folder / "b.lock", policy);
  swap(third, fourth);
  require(third.try_lock_for(1ms), "takes when swapped");
  require(!fourth.try_lock_for(1ms), "waits when swapped");
  holder.unlock();
  require(fourth.try_lock_for(1h), "takes");
  return failures;
}

} // namespace

#define CHECK_PAUSES(policy, ...)                                              \
  BOOST_TEST(pauses(policy) == (std::vector<std::int64_t>{__VA_ARGS__}),       \
             boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(a_lambda_is_a_policy) {
  const auto policy = [](const wait_state&) { return 5us; };
  CHECK_PAUSES(policy, 5000, 5000, 5000, 5000);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(a_lambda_that_gives_up_is_a_policy) {
  const auto policy =
      [](const wait_state& state) -> std::optional<std::chrono::microseconds> {
    if (state.attempts == 3) return std::nullopt;
    return 7us;
  };
  CHECK_PAUSES(policy, 7000, 7000);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(each_wait_starts_with_a_fresh_copy_of_a_mutable_lambda) {
  const auto policy = [delay = 1ns](const wait_state&) mutable {
    return delay *= 2;
  };
  CHECK_PAUSES(policy, 2, 4, 8, 16);
  CHECK_PAUSES(policy, 2, 4, 8, 16);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(a_lambda_whose_move_may_throw_is_a_policy) {
  // A constant is copied where the lambda is moved, and never assigned.
  const std::string name(100, 'x');
  const auto policy = [name](const wait_state&) {
    return nanoseconds(name.size());
  };
  using policy_type = std::decay_t<decltype(policy)>;
  static_assert(!std::is_nothrow_move_constructible_v<policy_type>);
  static_assert(!std::is_move_assignable_v<policy_type>);
  CHECK_PAUSES(policy, 100, 100, 100, 100);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(a_lambda_with_a_reference_is_a_policy) {
  nanoseconds delay = 3ns;
  const auto policy = [&delay](const wait_state&) { return delay; };
  CHECK_PAUSES(policy, 3, 3, 3, 3);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(a_generic_lambda_is_a_policy) {
  const auto policy = [](const auto& state) {
    return nanoseconds(state.attempts);
  };
  CHECK_PAUSES(policy, 1, 2, 3, 4);
}

BOOST_AUTO_TEST_CASE(a_function_pointer_is_a_policy) {
  CHECK_PAUSES(&one_by_one, 1, 2, 3, 4);
  CHECK_PAUSES(&by_value, 5, 5, 5, 5);
  BOOST_TEST(failures_of_moved_locks(&one_by_one) == "");
}

BOOST_AUTO_TEST_CASE(a_standard_function_is_a_policy) {
  const std::function<nanoseconds(const wait_state&)> policy = one_by_one;
  CHECK_PAUSES(policy, 1, 2, 3, 4);
  BOOST_TEST(failures_of_moved_locks(policy) == "");
}

BOOST_AUTO_TEST_CASE(a_class_that_nothing_derives_from_is_a_policy) {
  CHECK_PAUSES(final_functor(), 5, 5, 5, 5);
  BOOST_TEST(failures_of_moved_locks(final_functor()) == "");
}

BOOST_AUTO_TEST_CASE(a_class_that_can_only_be_copied_is_a_policy) {
  CHECK_PAUSES(functor_without_moves(), 5, 5, 5, 5);
  BOOST_TEST(failures_of_moved_locks(functor_without_moves()) == "");
}

BOOST_AUTO_TEST_CASE(the_policy_of_a_lock_is_deduced) {
  const test::temporary_folder folder;
  basic_file_lock lock{folder / "a.lock",
                       [](const wait_state&) { return 5ms; }};
  basic_file_lock by_function{folder / "b.lock", &one_by_one};
  lock.lock();
  by_function.lock();
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(by_function.owns_lock());
  static_assert(std::is_same_v<decltype(by_function)::backoff_policy_type,
                               nanoseconds (*)(const wait_state&)>);
}

BOOST_AUTO_TEST_CASE(a_lock_shows_its_policy_which_path_is_waited_for) {
  const test::temporary_folder folder;
  basic_file_lock<> holder(folder / "a.lock");
  holder.lock();
  const auto seen = std::make_shared<std::string>();
  basic_file_lock waiter{folder / "a.lock", [seen](const wait_state& state) {
                           *seen = state.path().filename().string();
                           return std::optional<nanoseconds>();
                         }};
  BOOST_TEST(!waiter.try_lock_for(1h));
  BOOST_TEST(*seen == "a.lock");
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_PAUSES
