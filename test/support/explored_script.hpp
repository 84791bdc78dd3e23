// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Explores a script as a check, and tells how much of it there was.

#ifndef FILELOCK_TEST_SUPPORT_EXPLORED_SCRIPT_HPP
#define FILELOCK_TEST_SUPPORT_EXPLORED_SCRIPT_HPP

#include <boost/test/unit_test.hpp>

#include <filelock/basic_file_lock.hpp>
#include <filelock/open_options.hpp>
#include <filelock/testing/explore.hpp>
#include <filelock/testing/explored_traits.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace filelock_test {

inline bool is_long_form() { return std::getenv("FILELOCK_LONG") != nullptr; }

/// What a script of three owners is bounded by, so that it takes a second.
/// FILELOCK_LONG=1: two preemptions more, for minutes.
inline filelock::explore_options bounded(std::uint64_t preemptions = 2) {
  filelock::explore_options result;
  result.preemptions = preemptions + (is_long_form() ? 2 : 0);
  return result;
}

/// The same. FILELOCK_LONG=1: without a bound.
inline filelock::explore_options bounded_in_short(std::uint64_t preemptions) {
  return is_long_form() ? filelock::explore_options() : bounded(preemptions);
}

inline filelock::explore_options with_kills(filelock::explore_options options,
                                            std::uint64_t kills = 1) {
  options.kills = kills;
  return options;
}

/// FILELOCK_LONG=1: two forks.
inline filelock::explore_options
with_forks(filelock::explore_options options = {}) {
  options.forks = is_long_form() ? 2 : 1;
  return options;
}

// ---- What an owner does ----

const std::filesystem::path path = "/folder/a.lock";

template <class P = filelock::explored_traits>
auto locks(filelock::explored_schedule& schedule,
           const filelock::open_options& options = {}) {
  return [&schedule, options] {
    filelock::basic_file_lock<P> lock(path, options);
    lock.lock();
    schedule.use(lock);
    lock.unlock();
  };
}

template <class P = filelock::explored_traits>
auto reads(filelock::explored_schedule& schedule,
           const filelock::open_options& options = {}) {
  return [&schedule, options] {
    filelock::basic_file_lock<P> lock(path, options);
    lock.lock_shared();
    schedule.use(lock);
    lock.unlock_shared();
  };
}

// ---- The exploration ----

/// Effects: explores, and says what was found.
template <class Script>
filelock::explored_result explored(Script script,
                                   filelock::explore_options options = {}) {
  const auto start = std::chrono::steady_clock::now();
  const filelock::explored_result result = filelock::explore(script, options);
  const std::chrono::duration<double> length =
      std::chrono::steady_clock::now() - start;
  const bool has_bound =
      options.preemptions != filelock::explore_options().preemptions;
  BOOST_TEST_MESSAGE(
      boost::unit_test::framework::current_test_case().p_name.get()
      << ": " << result.schedules << " schedules, " << result.cut << " cut, "
      << result.steps << " steps, " << length.count() << " s"
      << (has_bound ? ", at most " + std::to_string(options.preemptions) +
                          " preemptions"
                    : ""));
  return result;
}

template <class Script>
void check_all_schedules(Script script,
                         const filelock::explore_options& options = {}) {
  const filelock::explored_result result = explored(script, options);
  BOOST_TEST(static_cast<bool>(result), result.message());
  BOOST_TEST(result.schedules > 1u);
}

} // namespace filelock_test

#endif
