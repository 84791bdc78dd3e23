// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// etcd_traits keeps the laws of a Platform.

#include <filelock/testing/law_tools.hpp>
#include <filelock/testing/platform_laws.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdio>

#include "support/etcd_locks.hpp"
#include "support/process_owner.hpp"

namespace {

// A waiter notices the end of its lease when the half of it is over.
struct lease_of_laws : test::shared_etcd {
  static std::chrono::seconds lease() { return std::chrono::seconds(4); }
};
using etcd = filelock::etcd_traits<lease_of_laws>;

} // namespace

template <>
struct filelock::law_tools<etcd> {
  using process_owner = test::process_owner<etcd>;

  static void end_session(etcd::native_handle_type session) {
    char id[17];
    std::snprintf(id, sizeof id, "%llx",
                  static_cast<unsigned long long>(session->lease()));
    test::shared_etcd_server().ask({"lease", "revoke", id});
  }
};

BOOST_AUTO_TEST_SUITE(remote_etcd_laws)

BOOST_AUTO_TEST_CASE(it_keeps_them) {
  if (!test::has_etcd("the laws")) return;
  test::shared_etcd_server();
  const filelock::law_report report =
      filelock::check_platform_laws<etcd>("laws", std::chrono::minutes(1));
  BOOST_TEST(report.broken == "");
  // A session has no copies, and its lock is no file.
  BOOST_TEST(report.untried ==
             "fact: mandatory: law_tools has no may_write()\n"
             "between processes: fact: mandatory: law_tools has no "
             "may_write()\n"
             "fact: ownership: law_tools has no duplicate()\n");
  BOOST_TEST(test::shared_etcd_server().await_contenders(0));
}

BOOST_AUTO_TEST_SUITE_END()
