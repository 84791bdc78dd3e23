// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX

// etcd_traits keeps the laws of a Platform.

#include <filelock/testing/law_tools.hpp>
#include <filelock/testing/platform_laws.hpp>

#include <boost/test/unit_test.hpp>

#include "support/etcd_locks.hpp"
#include "support/process_owner.hpp"

namespace filelock {

template <>
struct law_tools<test::etcd_traits> {
  using process_owner = test::process_owner<test::etcd_traits>;
};

} // namespace filelock

BOOST_AUTO_TEST_SUITE(remote_etcd_laws)

BOOST_AUTO_TEST_CASE(it_keeps_them) {
  if (!test::has_etcd("the laws")) return;
  test::shared_etcd_server();
  const filelock::law_report report =
      filelock::check_platform_laws<test::etcd_traits>("laws");
  BOOST_TEST(report.broken == "");
  BOOST_TEST_MESSAGE(report.untried);
  BOOST_TEST(test::shared_etcd_server().await_contenders(0));
}

BOOST_AUTO_TEST_SUITE_END()
