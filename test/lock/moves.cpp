// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Moves, swaps and construction of a lock.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(lock_moves)

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

using platform = test::scripted_polled;
using lock_type = filelock::basic_file_lock<platform, filelock::yield_backoff>;

template <class Policy>
filelock::basic_file_lock<platform, Policy> lock_with(const char* path,
                                                      Policy policy) {
  return filelock::basic_file_lock<platform, Policy>(path, std::move(policy));
}

/// Its moves throw when told to.
class throws_in_move {
public:
  static inline bool now = false;

  throws_in_move() = default;
  throws_in_move(const throws_in_move&) = default;
  throws_in_move(throws_in_move&& other) : delay_(other.delay_) {
    if (now) throw std::runtime_error("moved");
  }
  nanoseconds operator()(const filelock::wait_state&) const { return delay_; }

private:
  nanoseconds delay_{1};
};

struct final_and_empty final {
  nanoseconds operator()(const filelock::wait_state&) const { return 1ns; }
};

struct with_number {
  std::int64_t number = 1;
  nanoseconds operator()(const filelock::wait_state&) const {
    return nanoseconds(number);
  }
};

/// \returns The pause that the policy of `lock` asks for, in nanoseconds.
template <class Lock>
std::string pause_of(Lock& lock) {
  test::script& script = test::script::current();
  script.forget();
  script.attempts = {test::busy, test::acquired};
  lock.lock();
  const std::string log = script.log();
  lock.unlock();
  script.forget();
  const std::size_t from = log.find('(');
  return log.substr(from + 1, log.find(')') - from - 1);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_held_lock_moves_into_a_new_object) {
  test::script script;
  lock_type from("/folder/file");
  from.lock();
  const int handle = from.native_handle();
  script.forget();
  lock_type to(std::move(from));
  BOOST_TEST(script.log() == "");
  BOOST_TEST(test::state_of(to) == "exclusive");
  BOOST_TEST(to.native_handle() == handle);
  BOOST_TEST((to.path() == std::filesystem::absolute("/folder/file")));
  BOOST_TEST(test::state_of(from) == "closed");
  BOOST_TEST(from.path().empty());
  BOOST_TEST(from.native_handle() == -1);
  to.unlock();
  BOOST_TEST(script.log() == "unlock");
}

BOOST_AUTO_TEST_CASE(assignment_releases_what_was_held) {
  test::script script;
  lock_type to("/folder/old");
  to.lock();
  const int old_handle = to.native_handle();
  lock_type from("/folder/new");
  from.lock_shared();
  const int new_handle = from.native_handle();
  BOOST_TEST(old_handle != new_handle);
  script.forget();
  to = std::move(from);
  BOOST_TEST(script.log() == "unlock close");
  BOOST_TEST(test::state_of(to) == "shared");
  BOOST_TEST(to.native_handle() == new_handle);
  BOOST_TEST((to.path() == std::filesystem::absolute("/folder/new")));
  BOOST_TEST(test::state_of(from) == "closed");
  BOOST_TEST(from.path().empty());
}

BOOST_AUTO_TEST_CASE(assignment_to_itself_does_no_harm) {
  test::script script;
  const auto check = [&](auto lock) {
    lock.lock();
    script.forget();
    auto& same = lock;
    lock = std::move(same);
    BOOST_TEST(script.log() == "");
    BOOST_TEST(test::state_of(lock) == "exclusive");
    BOOST_TEST((lock.path() == std::filesystem::absolute("/folder/file")));
    lock.unlock();
    BOOST_TEST(pause_of(lock) == "7");
  };
  check(lock_with("/folder/file", with_number{7}));
  check(lock_with("/folder/file",
                  [](const filelock::wait_state&) { return 7ns; }));
}

BOOST_AUTO_TEST_CASE(swap_exchanges_holds_paths_and_policies) {
  test::script script;
  auto first = lock_with("/folder/first", with_number{7});
  auto second = lock_with("/folder/second", with_number{8});
  first.lock();
  script.forget();
  swap(first, second);
  BOOST_TEST(script.log() == "");
  BOOST_TEST(test::state_of(first) == "closed");
  BOOST_TEST(test::state_of(second) == "exclusive");
  BOOST_TEST((first.path() == std::filesystem::absolute("/folder/second")));
  BOOST_TEST((second.path() == std::filesystem::absolute("/folder/first")));
  second.swap(second);
  BOOST_TEST(test::state_of(second) == "exclusive");
  using std::swap;
  swap(first, second);
  BOOST_TEST(test::state_of(first) == "exclusive");
  first.unlock();
  BOOST_TEST(pause_of(first) == "7");
  BOOST_TEST(pause_of(second) == "8");
}

BOOST_AUTO_TEST_CASE(the_options_move_with_the_lock) {
  test::script script;
  filelock::open_options unverified;
  unverified.verify_path = false;
  lock_type from("/folder/file", unverified);
  lock_type constructed(std::move(from));
  constructed.lock();
  BOOST_TEST(script.count("unchanged") == 0u);
  constructed.unlock();
  lock_type assigned;
  assigned = std::move(constructed);
  assigned.lock();
  BOOST_TEST(script.count("unchanged") == 0u);
}

BOOST_AUTO_TEST_CASE(a_lock_with_a_lambda_moves_and_assigns) {
  test::script script;
  const auto policy_of = [](int length) {
    return
        [length](const filelock::wait_state&) { return nanoseconds(length); };
  };
  auto first = lock_with("/folder/first", policy_of(1));
  auto second = lock_with("/folder/second", policy_of(2));
  first = std::move(second);
  BOOST_TEST(pause_of(first) == "2");
  BOOST_TEST((first.path() == std::filesystem::absolute("/folder/second")));
  auto third(std::move(first));
  BOOST_TEST(pause_of(third) == "2");

  auto empty = lock_with("/folder/file",
                         [](const filelock::wait_state&) { return 3ns; });
  auto other(std::move(empty));
  empty = std::move(other);
  BOOST_TEST(pause_of(empty) == "3");
}

BOOST_AUTO_TEST_CASE(a_policy_that_only_copies_moves_with_its_lock) {
  test::script script;
  struct only_copies {
    std::vector<int> lengths{5};
    only_copies() = default;
    only_copies(const only_copies&) = default;
    nanoseconds operator()(const filelock::wait_state&) const {
      return nanoseconds(lengths.at(0));
    }
  };
  filelock::basic_file_lock<platform, only_copies> from("/folder/file");
  auto to(std::move(from));
  BOOST_TEST(pause_of(to) == "5");
}

BOOST_AUTO_TEST_CASE(a_policy_whose_move_throws_leaves_a_lock_without_path) {
  test::script script;
  using lock = filelock::basic_file_lock<platform, throws_in_move>;
  lock to("/folder/old");
  to.lock();
  lock from("/folder/new");
  from.lock();
  throws_in_move::now = true;
  BOOST_CHECK_THROW(to = std::move(from), std::runtime_error);
  throws_in_move::now = false;
  BOOST_TEST(test::state_of(to) == "closed");
  std::error_code ec;
  BOOST_TEST(!to.try_lock(ec));
  BOOST_TEST((ec == std::errc::invalid_argument));
  to.lock(ec);
  BOOST_TEST((ec == std::errc::invalid_argument));
  to.open(ec);
  BOOST_TEST((ec == std::errc::invalid_argument));
  to.close();
  BOOST_TEST(test::state_of(from) == "exclusive");
  BOOST_TEST((from.path() == std::filesystem::absolute("/folder/new")));
  BOOST_TEST(script.held() == 1u);
  // It is of use again once another lock is assigned.
  to = lock("/folder/next");
  BOOST_TEST(to.try_lock());
}

BOOST_AUTO_TEST_CASE(a_policy_whose_move_throws_leaves_the_source_as_it_was) {
  test::script script;
  using lock = filelock::basic_file_lock<platform, throws_in_move>;
  lock from("/folder/file");
  from.lock();
  throws_in_move::now = true;
  BOOST_CHECK_THROW(lock(std::move(from)), std::runtime_error);
  throws_in_move::now = false;
  BOOST_TEST(test::state_of(from) == "exclusive");
  BOOST_TEST((from.path() == std::filesystem::absolute("/folder/file")));
}

BOOST_AUTO_TEST_CASE(moves_are_noexcept_where_those_of_the_policy_are) {
  using std::is_nothrow_move_assignable_v;
  using std::is_nothrow_move_constructible_v;
  using throwing = filelock::basic_file_lock<platform, throws_in_move>;
  BOOST_TEST(is_nothrow_move_constructible_v<filelock::file_lock>);
  BOOST_TEST(is_nothrow_move_assignable_v<filelock::file_lock>);
  BOOST_TEST(std::is_nothrow_swappable_v<filelock::file_lock>);
  BOOST_TEST(is_nothrow_move_constructible_v<lock_type>);
  BOOST_TEST(is_nothrow_move_assignable_v<lock_type>);
  BOOST_TEST(!is_nothrow_move_constructible_v<throwing>);
  BOOST_TEST(!is_nothrow_move_assignable_v<throwing>);
  BOOST_TEST(!std::is_nothrow_swappable_v<throwing>);
}

BOOST_AUTO_TEST_CASE(an_empty_policy_takes_no_space) {
  using numbered = filelock::basic_file_lock<platform, with_number>;
  struct without_policy {
    std::filesystem::path path;
    filelock::open_options options;
    filelock::detail::file_handle<platform> file;
    filelock::detail::counted_hold hold;
  };
  BOOST_TEST(sizeof(lock_type) == sizeof(without_policy));
  BOOST_TEST(sizeof(lock_type) < sizeof(numbered));
  // What is final cannot be a base, and takes some.
  using with_final = filelock::basic_file_lock<platform, final_and_empty>;
  test::script script;
  with_final lock("/folder/file");
  BOOST_TEST(pause_of(lock) == "1");
}

BOOST_AUTO_TEST_CASE(locks_live_in_containers) {
  test::script script;
  {
    std::vector<lock_type> row;
    for (int i = 0; i != 9; ++i) {
      row.emplace_back("/folder/" + std::to_string(i));
      row.back().lock(); // held while the vector grows
    }
    row.erase(row.begin());
    BOOST_TEST(script.held() == 8u);
    BOOST_TEST((row.front().path() == std::filesystem::absolute("/folder/1")));
    std::map<std::string, lock_type> named;
    named.try_emplace("first", "/folder/first").first->second.lock();
    named.emplace("second", std::move(row.back()));
    BOOST_TEST(test::state_of(named.at("second")) == "exclusive");
    BOOST_TEST(script.held() == 9u);
    std::optional<lock_type> maybe;
    maybe.emplace("/folder/maybe");
    maybe->lock();
    maybe = std::nullopt;
    maybe = std::move(named.at("second"));
    named["third"].swap(*maybe);
    BOOST_TEST(script.held() == 9u);
    const auto owned = std::make_unique<lock_type>("/folder/owned");
    BOOST_TEST(owned->try_lock_shared());
  }
  BOOST_TEST(script.held() == 0u);
  BOOST_TEST(script.open_handles() == 0u);
  BOOST_TEST(script.broken_rules() == "");
}

BOOST_AUTO_TEST_CASE(a_real_lock_stays_held_while_it_moves) {
  const test::temporary_folder folder;
  filelock::file_lock first(folder / "file");
  filelock::file_lock other(folder / "file");
  first.lock();
  filelock::file_lock second(std::move(first));
  BOOST_TEST(!other.try_lock());
  first = std::move(second);
  BOOST_TEST(!other.try_lock());
  first = filelock::file_lock();
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(the_arguments_deduce_the_native_platform) {
  using filelock::basic_file_lock;
  using filelock::native_traits;
  const auto lambda = [](const filelock::wait_state&) { return 5ms; };
  filelock::open_options options;
  const std::filesystem::path path = "/folder/file";

  basic_file_lock from_text{"/folder/file"};
  basic_file_lock from_path{path};
  basic_file_lock from_options{path, options};
  basic_file_lock from_lambda{"/folder/file", lambda};
  basic_file_lock from_policy{path, filelock::exponential_backoff()};
  basic_file_lock from_all{path, lambda, options};
  basic_file_lock from_lock{std::move(from_lambda)};
  basic_file_lock<> from_defaults;

  const auto is = [](const auto& a, const auto& b) {
    return std::is_same_v<std::decay_t<decltype(a)>, std::decay_t<decltype(b)>>;
  };
  BOOST_TEST(is(from_text, filelock::file_lock()));
  BOOST_TEST(is(from_path, filelock::file_lock()));
  BOOST_TEST(is(from_options, filelock::file_lock()));
  BOOST_TEST(is(from_defaults, filelock::file_lock()));
  BOOST_TEST((std::is_same_v<
              std::decay_t<decltype(from_all)>,
              basic_file_lock<native_traits, std::decay_t<decltype(lambda)>>>));
  BOOST_TEST(is(from_lock, from_all));
  BOOST_TEST((std::is_same_v<
              decltype(from_policy),
              basic_file_lock<native_traits, filelock::exponential_backoff>>));
}

BOOST_AUTO_TEST_SUITE_END()
