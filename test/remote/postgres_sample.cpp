// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// The samples of the manual that need a PostgreSQL server.

#include <boost/test/unit_test.hpp>

// tag::tag[]
#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/postgres.hpp>

// end::tag[]

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <system_error>

#include "support/postgres_locks.hpp"

using namespace std::chrono_literals;

namespace {

std::string configured_database() {
  return test::shared_postgres_server().connection();
}

// tag::tag[]
struct build_farm {
  // Such as "host=db dbname=locks user=builder".
  static std::string connection() { return configured_database(); }
};
using farm_lock =
    filelock::basic_file_lock<filelock::postgres_traits<build_farm>>;
// end::tag[]

// tag::store[]
struct store {
  bool write(std::uint64_t token, const std::string& text) {
    if (token < greatest) return false; // an owner that has lost its hold
    greatest = token;
    content = text;
    return true;
  }
  std::uint64_t greatest = 0;
  std::string content;
};
// end::store[]

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_sample,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(a_guard_waits_for_owners_on_all_machines) {
  // tag::use[]
  farm_lock lock{"images/nightly"};
  std::lock_guard guard(lock); // waits for owners on all machines
  // end::use[]
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_busy_lock_names_its_owner) {
  farm_lock owner{"images/nightly"};
  owner.lock();
  // tag::timed[]
  farm_lock lock{"images/nightly"};
  std::error_code ec;
  if (lock.try_lock_for(200ms, ec)) {
    std::puts("it is mine");
  } else if (ec) {
    std::printf("no lock: %s\n", ec.message().c_str());
  } else {
    std::printf("%s has it\n", lock.holder_name().c_str());
  }
  // end::timed[]
  BOOST_TEST(!ec);
  BOOST_TEST(lock.holder_name() != "");
}

BOOST_AUTO_TEST_CASE(a_store_refuses_an_owner_that_lost_its_hold) {
  store images;
  // tag::fence[]
  farm_lock lock{"images/nightly"};
  lock.lock();
  const filelock::canceller lost = lock.loss();
  for (int part = 0; part != 3 && !lost.requested(); ++part)
    if (!images.write(lock.token(), "part " + std::to_string(part))) break;
  std::error_code ec;
  lock.unlock(ec); // reports a loss, and does not throw
  // end::fence[]
  BOOST_TEST(!ec);
  BOOST_TEST(images.content == "part 2");
  BOOST_TEST(!images.write(images.greatest - 1, "too late"));
}

BOOST_AUTO_TEST_SUITE_END()
