// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: a machine has another name in a UTS namespace
// LABELS: process

// What the owner of a lock of PostgreSQL is called, on machines with names of
// any length.

#include <filelock/detail/remote/postgres_owner.hpp>

#include <boost/test/unit_test.hpp>

#include <sched.h>
#include <unistd.h>

#include <string>

#include "support/child_process.hpp"
#include "support/skipped.hpp"

BOOST_AUTO_TEST_SUITE(remote_postgres_owner)

namespace {

using filelock::detail::postgres_owner;

/// Runs `body`, which says what failed, where the machine has that name.
template <class Body>
void on_machine(const std::string& name, Body body) {
  const std::string failed = test::failure_in_child([&]() -> std::string {
    if (::unshare(CLONE_NEWUTS) != 0 ||
        ::sethostname(name.data(), name.size()) != 0)
      return "not permitted";
    return body(
        postgres_owner(postgres_owner::name_of_this_process(), "", "7"));
  });
  if (failed == "not permitted\n")
    test::skipped("names of machines", "this user may not name the machine");
  else
    BOOST_TEST(failed == "");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_process_of_this_machine_is_told_by_its_number) {
  on_machine("db1", [](const postgres_owner& owner) -> std::string {
    if (owner.local_process().value_or(0) != ::getpid()) return "another one";
    if (owner.name() != "process " + std::to_string(::getpid()))
      return owner.name();
    return "";
  });
}

// The server keeps the beginning of a long name, and that may be another
// machine's as well: nobody is told rather than a stranger.
BOOST_AUTO_TEST_CASE(a_name_that_was_cut_is_no_proof_of_the_machine) {
  const std::string beginning(39, 'n');
  on_machine(beginning + "-1", [&](const postgres_owner& owner) -> std::string {
    if (owner.local_process()) return "a process of this machine";
    const std::string expected =
        "process " + std::to_string(::getpid()) + " of " + beginning;
    return owner.name() == expected ? "" : owner.name();
  });
}

BOOST_AUTO_TEST_SUITE_END()
