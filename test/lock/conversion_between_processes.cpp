// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and waitpid; see lock.conversion_models
// LABELS: process

// Conversions by processes, on every model: see unit/conversion_models.cpp for
// objects of one process.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/conversion_forms.hpp"
#include "support/posix_models.hpp"

#include <chrono>
#include <string>

BOOST_AUTO_TEST_SUITE(lock_conversion_between_processes)

namespace {

using filelock::conversion;
using test::child_process;
using test::name_of;

template <class Lock>
struct owners : test::lock_file_of<Lock> {
  static constexpr bool is_in_place = Lock::platform_type::atomic_conversion;

  std::string granted = is_in_place ? "held_throughout" : "released_between";
  std::string refused =
      is_in_place ? "refused_still_shared" : "refused_released";
  child_process first = this->child();
  child_process second = this->child();

  void both_read() {
    BOOST_TEST(first.ask("shared") == "locked");
    BOOST_TEST(second.ask("shared") == "locked");
  }
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_only_owner_converts, Lock, test::all_locks) {
  owners<Lock> file;
  BOOST_TEST(file.first.ask("lock") == "locked");
  BOOST_TEST(file.first.ask("downgrade") == file.granted);
  BOOST_TEST(file.other_tries("try") == "busy");
  BOOST_TEST(file.other_tries("try_shared") == "locked");
  BOOST_TEST(file.first.ask("upgrade") == file.granted);
  BOOST_TEST(file.other_tries("try_shared") == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_of_two_upgraders_is_refused_at_once, Lock,
                              test::all_locks) {
  owners<Lock> file;
  file.both_read();
  BOOST_TEST(file.first.ask("timed_upgrade 60000") == "waiting");
  if (file.is_in_place) {
    BOOST_TEST(file.second.ask("upgrade") == "refused_still_shared");
    BOOST_TEST(file.second.ask("unlock") == "unlocked");
    BOOST_TEST(file.first.read_line() == "held_throughout");
  } else {
    // The first one has lost its lock, and so is in nobody's way.
    BOOST_TEST(file.second.ask("upgrade") == "released_between");
    BOOST_TEST(file.second.ask("unlock") == "unlocked");
    BOOST_TEST(file.first.read_line() == "released_between");
  }
  BOOST_TEST(file.other_tries("try_shared") == "busy");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_of_two_upgraders_is_refused_at_its_deadline,
                              Lock, test::all_locks) {
  owners<Lock> file;
  file.both_read();
  BOOST_TEST(file.first.ask("timed_upgrade 5") == "waiting");
  BOOST_TEST(file.first.read_line() == file.refused);
  BOOST_TEST(file.second.ask("unlock") == "unlocked");
  // What the result says of the first is so.
  BOOST_TEST(file.other_tries("try") == (file.is_in_place ? "busy" : "locked"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_upgrader_gets_the_lock_of_a_dead_owner, Lock,
                              test::all_locks) {
  owners<Lock> file;
  file.both_read();
  BOOST_TEST(file.first.ask("timed_upgrade 60000") == "waiting");
  file.second.kill_and_wait();
  BOOST_TEST(file.first.read_line() == file.granted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_upgrader_that_dies_holds_nothing, Lock,
                              test::all_locks) {
  owners<Lock> file;
  file.both_read();
  BOOST_TEST(file.first.ask("timed_upgrade 60000") == "waiting");
  file.first.kill_and_wait();
  BOOST_TEST(file.second.ask("upgrade") == file.granted);
}

// The lock of a process by fcntl(2) is not seen by its own other objects.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_forked_child_converts_nothing, Lock,
                              test::all_locks) {
  owners<Lock> file;
  Lock lock{file.path};
  lock.lock_shared();
  const std::string failed = test::failure_in_child([&]() -> std::string {
    std::error_code ec;
    (void)lock.try_upgrade(ec);
    return ec == std::errc::operation_not_permitted ? "" : ec.message();
  });
  BOOST_TEST(failed == "");
  BOOST_TEST(file.other_tries("try_shared") == "locked");
  BOOST_TEST(file.other_tries("try") == "busy");
}

BOOST_AUTO_TEST_SUITE_END()
