// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: there is no fork on Windows
// LABELS: process

// A value that is made anew in a forked child, once, by whoever needs it first.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/mutex/renewed_after_fork.hpp>

#include "support/child_process.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(mutex_renewed_after_fork)

namespace {

using test::failure_in_child;

std::atomic<int> made{0};
std::atomic<int> destroyed{0};
std::atomic<bool> may_be_made{true};

struct value {
  bool has_waiters() const { return waits; }
  bool waits = false;
  value() noexcept {
    ++made;
    while (!may_be_made)
      std::this_thread::yield();
  }
  ~value() { ++destroyed; }
  int content = 1;
};

using renewed = filelock::detail::renewed_after_fork<value>;

} // namespace

BOOST_AUTO_TEST_CASE(a_process_keeps_its_value) {
  made = destroyed = 0;
  {
    renewed each;
    each.get().content = 2;
    BOOST_TEST(each.is_current());
    BOOST_TEST(each.get().content == 2);
    BOOST_TEST(failure_in_child([&]() -> std::string {
                 each.get().content = 3;
                 return "";
               }) == "");
    BOOST_TEST(each.is_current());
    BOOST_TEST(each.get().content == 2);
  }
  BOOST_TEST(made == 1);
  BOOST_TEST(destroyed == 1);
}

BOOST_AUTO_TEST_CASE(a_child_and_its_child_have_new_values) {
  made = destroyed = 0;
  renewed each;
  each.get().content = 2;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               if (each.is_current()) return "the parent's is current";
               if (each.get().content != 1) return "the parent's value";
               if (!each.is_current()) return "not current";
               each.get().content = 3;
               if (made != 2 || destroyed != 0) return "not made once";
               return failure_in_child([&]() -> std::string {
                 if (each.is_current()) return "the child's is current";
                 return each.get().content == 1 ? "" : "the child's value";
               });
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_child_destroys_only_what_it_has_made) {
  for (const bool is_used : {false, true}) {
    made = destroyed = 0;
    renewed* each = new renewed;
    BOOST_TEST(failure_in_child([&]() -> std::string {
                 if (is_used) each->get();
                 delete each;
                 const int number = destroyed;
                 return number == (is_used ? 1 : 0) ? "" : "wrongly destroyed";
               }) == "");
    delete each;
  }
}

BOOST_AUTO_TEST_CASE(a_thread_waits_for_the_thread_that_makes_the_value) {
  made = 0;
  renewed each;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               may_be_made = false;
               std::thread first([&] { each.get(); });
               while (made != 2)
                 std::this_thread::yield();
               std::atomic<bool> has_it{false};
               std::thread second([&] {
                 each.get();
                 has_it = true;
               });
               // Whatever it does wrong, it has the time for it.
               for (int i = 0; i != 20 && !has_it && made == 2; ++i)
                 std::this_thread::sleep_for(std::chrono::milliseconds(1));
               std::string failed;
               if (has_it) failed = "had it before it was made; ";
               may_be_made = true;
               first.join();
               second.join();
               if (made != 2) failed += "made twice";
               return failed;
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_process_may_fork_while_the_value_is_made) {
  made = 0;
  renewed each;
  BOOST_TEST(failure_in_child([&]() -> std::string {
               may_be_made = false;
               std::thread first([&] { each.get(); });
               while (made != 2)
                 std::this_thread::yield();
               const std::string failed =
                   failure_in_child([&]() -> std::string {
                     may_be_made = true;
                     return each.get().content == 1 ? "" : "not made";
                   });
               may_be_made = true;
               first.join();
               return failed;
             }) == "");
}

BOOST_AUTO_TEST_SUITE_END()
