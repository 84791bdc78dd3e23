// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres
// LONG: 1200

// Connections that are cut in each phase, and messages that come late: through
// a proxy. The long form cuts at every byte.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <set>
#include <string>
#include <system_error>
#include <thread>

#include "support/postgres_locks.hpp"
#include "support/tcp_proxy.hpp"

using namespace std::chrono_literals;
using test::postgres_lock;
using test::shared_postgres_server;

namespace {

struct by_proxy {
  static std::string connection() { return words; }
  static std::chrono::seconds cancel_patience() { return 9s; }
  static inline std::string words;
};
using proxy_traits = filelock::postgres_traits<by_proxy>;
using proxy_lock = filelock::basic_file_lock<proxy_traits>;

/// A proxy in front of the shared server, which the locks connect to.
struct proxied {
  proxied() : proxy(shared_postgres_server().port()) {
    by_proxy::words = shared_postgres_server().connection_by(proxy.port());
  }
  test::tcp_proxy proxy;
};

enum class phase { acquires, asks_for_token, releases, is_whole };

/// \returns In which phase there was an error.
phase use_lock(std::error_code& ec) {
  proxy_lock lock("cut");
  if (!lock.try_lock_for(20s, ec)) return phase::acquires;
  const bool has_token = lock.token() != 0;
  BOOST_TEST((has_token || !lock.still_valid()));
  lock.unlock(ec);
  if (!ec) return phase::is_whole;
  return has_token ? phase::releases : phase::asks_for_token;
}

void cut_in_each_phase(bool of_answers) {
  const std::size_t step = std::getenv("FILELOCK_LONG") ? 1 : 37;
  proxied by;
  postgres_lock other("cut");
  std::set<phase> seen;
  for (std::size_t bytes = 0; seen.count(phase::is_whole) == 0; bytes += step) {
    by.proxy.cut_after(bytes, of_answers);
    std::error_code ec;
    const phase reached = use_lock(ec);
    seen.insert(reached);
    BOOST_TEST_INFO_SCOPE("after " << bytes << " bytes: " << ec.message());
    BOOST_TEST((reached == phase::is_whole ||
                ec.category() == filelock::postgres_category<by_proxy>()));
    BOOST_TEST((!ec || ec == std::errc::connection_refused ||
                ec == std::errc::connection_reset));
    BOOST_TEST(other.try_lock_for(20s)); // nothing stays locked
    other.unlock();
  }
  BOOST_TEST(seen.size() == 4u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_postgres_cuts,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_is_a_loss_and_locks_nothing) {
  cut_in_each_phase(true);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_cut_is_a_loss_and_locks_nothing) {
  cut_in_each_phase(false);
}

BOOST_AUTO_TEST_CASE(a_grant_that_comes_with_the_cancel_is_kept) {
  proxied by;
  postgres_lock owner("late grant");
  proxy_lock waiter("late grant");
  owner.lock();
  waiter.open();
  const auto end = std::chrono::steady_clock::now() + 1500ms;
  bool is_acquired = false;
  std::thread wait([&] { is_acquired = waiter.try_lock_until(end); });
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  by.proxy.pause();
  owner.unlock(); // the server grants, and the answer is on its way
  std::this_thread::sleep_until(end + 50ms);
  by.proxy.resume(); // of the answer and of the cancel
  wait.join();
  BOOST_TEST(is_acquired);
  BOOST_TEST(waiter.still_valid());
  BOOST_TEST(!owner.try_lock());
  waiter.unlock();
  BOOST_TEST(owner.try_lock());
}

BOOST_AUTO_TEST_CASE(a_grant_that_comes_with_the_stop_is_given_back) {
  proxied by;
  postgres_lock owner("late stop");
  proxy_lock waiter("late stop");
  owner.lock();
  waiter.open();
  filelock::cancel_source source;
  filelock::canceller stop(source);
  std::error_code ec;
  bool is_acquired = true;
  std::thread wait([&] {
    is_acquired = proxy_traits::lock_until(
        waiter.native_handle(), {filelock::lock_mode::exclusive, {}},
        (std::chrono::steady_clock::time_point::max)(), stop, ec);
  });
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  by.proxy.pause();
  owner.unlock();
  source.request();
  std::this_thread::sleep_for(50ms); // the cancel waits for the proxy
  by.proxy.resume();
  wait.join();
  BOOST_TEST(!is_acquired);
  BOOST_TEST(!ec, ec.message());
  BOOST_TEST(test::advisory_locks() == "0");
  BOOST_TEST(waiter.try_lock()); // by the same session
}

BOOST_AUTO_TEST_SUITE_END()
