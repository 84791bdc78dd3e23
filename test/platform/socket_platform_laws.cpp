// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: SOCK_SEQPACKET of AF_UNIX

// The sample of a Platform from scratch, whose lock is kept by a server, in the
// manual.

#include <boost/test/unit_test.hpp>

// tag::include[]
#include <filelock/testing/platform_laws.hpp>
// end::include[]

#include <filelock/basic_file_lock.hpp>
#include <filelock/lock_request.hpp>

#include "../../example/support/socket_traits.hpp"

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <unistd.h>

#include <memory>
#include <system_error>

using test::child_process;
using test::line_channel;

using socket_lock = filelock::basic_file_lock<socket_traits>;

// tag::tools[]
template <>
struct filelock::law_tools<socket_traits> {
  static int duplicate(int handle) { return ::dup(handle); }
};
// end::tools[]

BOOST_AUTO_TEST_SUITE(platform_socket_platform_laws)

BOOST_AUTO_TEST_CASE(socket_traits_keeps_the_laws) {
  const test::temporary_folder folder;
  const lock_server server(folder.path());
  // tag::laws[]
  const filelock::law_report report =
      filelock::check_platform_laws<socket_traits>(folder.path());
  BOOST_TEST(report.broken == "");
  BOOST_TEST(report.untried ==
             "fact: mandatory: law_tools has no may_write()\n");
  // end::laws[]
}

BOOST_AUTO_TEST_CASE(a_child_owns_nothing_and_keeps_nothing) {
  const test::temporary_folder folder;
  const lock_server server(folder.path());
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        socket_lock lock(folder / "state");
        lock.lock();
        if (::fork() == 0) {
          test.write_line(lock.owns_lock() || lock.is_open() ? "open"
                                                             : "closed");
          test.read_line();
          test::leave_child(0);
        }
        for (;;)
          ::pause();
      });
  BOOST_TEST(owner.read_line() == "closed");
  socket_lock other(folder / "state");
  BOOST_TEST(!other.try_lock());
  owner.kill_and_wait(); // its child lives
  BOOST_TEST(other.try_lock_for(test::patience));
}

BOOST_AUTO_TEST_CASE(a_server_that_has_gone_is_an_error_and_not_busy) {
  const test::temporary_folder folder;
  auto server = std::make_unique<lock_server>(folder.path());
  socket_lock lock(folder / "state");
  lock.open();
  server.reset();
  std::error_code ec;
  BOOST_TEST(!lock.try_lock(ec));
  BOOST_TEST(static_cast<bool>(ec));
  socket_lock unopened(folder / "state");
  BOOST_TEST(!unopened.try_lock(ec));
  BOOST_TEST((ec == std::errc::connection_refused));
}

BOOST_AUTO_TEST_SUITE_END()
