// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: the owner that dies is a forked process

// Operations learn that the previous owner died, and an operation that is
// destroyed does not swallow the news.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/filelock.hpp>

#include "support/asio_waits.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>

BOOST_AUTO_TEST_SUITE(asio_owner_death)

namespace {

using namespace std::chrono_literals;
using test::ending;
using test::run_all;
namespace fs = std::filesystem;
namespace net = boost::asio;

using polling = filelock::marked<filelock::native_traits>;
using queued = filelock::marked<filelock::queued_file_lock::platform_type>;
using polling_lock = filelock::basic_file_lock<polling>;
using locks = std::tuple<polling_lock, filelock::basic_file_lock<queued>,
                         filelock::basic_file_mutex<polling>,
                         filelock::basic_file_mutex<queued>>;

struct lock_file {
  test::temporary_folder folder;
  fs::path path = folder / "a.lock";

  std::string mark() const {
    std::ostringstream result;
    result << std::ifstream(path, std::ios::binary).rdbuf();
    return result.str();
  }

  /// \returns A process that holds the lock until it is killed.
  test::child_process owner() const {
    test::child_process result =
        test::child_process::forked([&](test::line_channel& test) {
          polling_lock lock{path};
          lock.lock();
          test.write_line("locked");
          test.read_line();
          return std::string();
        });
    BOOST_TEST_REQUIRE(result.read_line() == "locked");
    return result;
  }

  void let_an_owner_die() const { owner().kill_and_wait(); }

  /// \returns Whether the next owner learns of a death. Releases.
  bool next_owner_learns_of_death() const {
    polling_lock next{path};
    return next.try_lock() && next.previous_owner_died();
  }
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_that_waits_learns_of_the_death, Lock,
                              locks) {
  const lock_file file;
  test::child_process owner = file.owner();
  Lock lock{file.path};
  net::io_context context;
  ending end;
  filelock::async_lock(context.get_executor(), lock, end.handler());
  context.run_for(3ms);
  BOOST_TEST(end.calls == 0);
  owner.kill_and_wait();
  run_all(context);
  BOOST_TEST_REQUIRE(end.is_success(), end);
  BOOST_TEST(lock.previous_owner_died());
  lock.unlock();
  BOOST_TEST(!file.next_owner_learns_of_death());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_operation_destroyed_after_its_grant_keeps_the_news, Lock, locks) {
  const lock_file file;
  file.let_an_owner_die();
  ending end;
  Lock lock{file.path};
  {
    net::io_context context;
    filelock::async_lock(context.get_executor(), lock, end.handler());
    BOOST_TEST(file.mark() == "2"); // granted
  }
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(file.next_owner_learns_of_death());
}

BOOST_AUTO_TEST_CASE(a_grant_of_the_queue_that_nobody_heard_of_keeps_the_news) {
  const lock_file file;
  test::child_process owner = file.owner();
  filelock::basic_file_lock<queued> lock{file.path};
  ending end;
  {
    net::io_context context;
    filelock::async_lock(context.get_executor(), lock, end.handler());
    context.run_for(3ms);
    owner.kill_and_wait();
    // The helper thread is granted the lock, and the loop does not run.
#if defined(__linux__)
    BOOST_TEST(
        test::wait_until_seen([&] { return !test::is_blocked_on(file.path); }));
#endif
  }
  BOOST_TEST(end.calls == 0);
  BOOST_TEST(file.next_owner_learns_of_death());
}

BOOST_AUTO_TEST_SUITE_END()
