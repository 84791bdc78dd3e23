// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// The samples of the manual that need etcd.

#include <boost/test/unit_test.hpp>

// tag::tag[]
#include <filelock/basic_file_lock.hpp>
#include <filelock/remote/etcd.hpp>

// end::tag[]

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <system_error>

#include "support/etcd_server.hpp"

namespace {

std::string configured_servers() {
  return test::shared_etcd_server().endpoints();
}

// tag::tag[]
struct locks_cluster {
  // Such as "10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379".
  static std::string endpoints() { return configured_servers(); }
  static auto lease() { return std::chrono::seconds(10); }
  static auto request_timeout() { return std::chrono::seconds(3); }
};
using cluster_wide_lock =
    filelock::basic_file_lock<filelock::etcd_traits<locks_cluster>>;
// end::tag[]

/// What the work of the sample is.
struct sample_store {
  bool write(std::uint64_t token) {
    if (token < greatest) return false;
    greatest = token;
    return true;
  }
  std::uint64_t greatest = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(remote_etcd_sample)

BOOST_AUTO_TEST_CASE(a_guard_waits_for_owners_on_all_machines) {
  if (!test::has_etcd("the sample")) return;
  // tag::use[]
  cluster_wide_lock lock{"images/nightly"};
  std::lock_guard guard(lock); // waits for owners on all machines
  // end::use[]
  BOOST_TEST(lock.still_valid());
}

BOOST_AUTO_TEST_CASE(a_busy_lock_names_its_owner) {
  if (!test::has_etcd("the sample")) return;
  using namespace std::chrono_literals;
  cluster_wide_lock owner{"images/nightly"};
  owner.lock();
  std::error_code ec;
  // tag::timed[]
  cluster_wide_lock lock{"images/nightly"};
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

BOOST_AUTO_TEST_CASE(an_owner_stops_when_its_lease_may_have_ended) {
  if (!test::has_etcd("the sample")) return;
  sample_store store;
  int parts = 0;
  // tag::loss[]
  cluster_wide_lock lock{"images/nightly"};
  lock.lock();
  const auto token = lock.token(); // the store refuses a lesser one
  while (parts != 3 && lock.still_valid() && store.write(token))
    ++parts;
  std::error_code ec;
  lock.unlock(ec); // reports a loss, and does not throw
  // end::loss[]
  BOOST_TEST(!ec);
  BOOST_TEST(parts == 3);
  BOOST_TEST(!store.write(token - 1));
}

BOOST_AUTO_TEST_SUITE_END()
