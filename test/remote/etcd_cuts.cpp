// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX
// LONG: 900

// Connections to etcd that are cut in each phase, through a proxy. The long
// form cuts at more places.

#include <filelock/filelock.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <system_error>

#include "support/etcd_locks.hpp"
#include "support/tcp_proxy.hpp"

using namespace std::chrono_literals;
using test::etcd_lock;

namespace {

struct by_proxy : test::shared_etcd {
  static std::string endpoints() { return words; }
  static std::chrono::seconds request_timeout() { return 5s; }
  static inline std::string words;
};
using proxy_traits = filelock::etcd_traits<by_proxy>;
using proxy_lock = filelock::basic_file_lock<proxy_traits>;

enum class phase { acquires, releases, is_whole };

/// \returns In which phase there was an error.
phase use_lock(proxy_lock& lock, bool waits, std::error_code& ec) {
  if (waits ? !lock.try_lock_for(20s, ec) : !lock.try_lock(ec))
    return phase::acquires;
  BOOST_TEST(lock.token() != 0u);
  lock.unlock(ec);
  return ec ? phase::releases : phase::is_whole;
}

void cut_in_each_phase(bool of_answers) {
  const std::size_t step = std::getenv("FILELOCK_LONG") ? 3 : 61;
  const std::string server = test::shared_etcd_server().endpoint(0);
  test::tcp_proxy proxy(std::stoi(server.substr(server.find(':') + 1)));
  by_proxy::words = "127.0.0.1:" + std::to_string(proxy.port());
  etcd_lock other("cut");
  std::set<phase> seen;
  for (std::size_t bytes = 0; seen.count(phase::is_whole) == 0; bytes += step) {
    proxy.cut_after(bytes, of_answers);
    std::error_code ec;
    proxy_lock lock("cut");
    const phase reached = use_lock(lock, bytes / step % 2 == 0, ec);
    seen.insert(reached);
    BOOST_TEST_INFO_SCOPE("after " << bytes << " bytes: " << ec.message());
    BOOST_TEST((reached == phase::is_whole ||
                ec.category() == proxy_traits::category()));
    // What is left behind is removed in the background.
    proxy.cut_after((std::numeric_limits<std::size_t>::max)(), of_answers);
    BOOST_TEST(other.try_lock_for(5s)); // long before the lease ends
    other.unlock();
  }
  BOOST_TEST(seen.size() == 3u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(remote_etcd_cuts)

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_is_an_error_and_locks_nothing) {
  if (test::has_etcd("cuts")) cut_in_each_phase(true);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_cut_is_an_error_and_locks_nothing) {
  if (test::has_etcd("cuts")) cut_in_each_phase(false);
}

BOOST_AUTO_TEST_SUITE_END()
