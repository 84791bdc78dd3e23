// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: on Windows Asio looks at timers late, by a thread of its own

// Waits on the clock of a simulation: an hour takes no time.

#include <boost/test/unit_test.hpp>

#include <filelock/asio.hpp>
#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/file_mutex.hpp>
#include <filelock/testing/simulated_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/asio_waits.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>

BOOST_AUTO_TEST_SUITE(asio_simulated)

namespace {

using namespace std::chrono_literals;
using test::ending;
namespace net = boost::asio;

using simulated_lock = filelock::basic_file_lock<filelock::simulated_traits,
                                                 filelock::constant_backoff>;
using simulated_mutex = filelock::basic_file_mutex<filelock::simulated_traits,
                                                   filelock::constant_backoff>;
constexpr filelock::constant_backoff every_minute{1min};

/// A loop whose timers are moved by a simulation.
struct world {
  filelock::simulation simulation;
  net::io_context context{1};
  auto executor() { return context.get_executor(); }

  /// Effects: lets time pass, a second at a time, until `end` has come.
  void run_until(const ending& end) {
    context.restart();
    for (int i = 0; i != 24 * 3600; ++i) {
      while (context.poll() != 0) {
      }
      if (end.calls != 0) return;
      simulation.sleep_for(1s);
    }
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_hour_of_waiting_takes_no_time) {
  world w;
  w.simulation.hold("a.lock");
  simulated_lock lock{"a.lock", every_minute};
  w.simulation.sleep_for(1s);
  const auto start = std::chrono::steady_clock::now();
  ending end;
  filelock::async_lock_for(w.executor(), lock, 1h, end.handler());
  w.run_until(end);
  BOOST_TEST(end.is_time_out(), end);
  BOOST_TEST((w.simulation.now() == 1h + 1s));
  BOOST_TEST((std::chrono::steady_clock::now() - start < 30s));
  BOOST_TEST(w.simulation.open_files() == 0U);
}

BOOST_AUTO_TEST_CASE(a_release_is_noticed_at_the_next_attempt) {
  world w;
  w.simulation.hold("a.lock", 0s, 10min + 1s);
  simulated_lock lock{"a.lock", every_minute};
  w.simulation.sleep_for(1s);
  ending end;
  filelock::async_lock(w.executor(), lock, end.handler());
  w.run_until(end);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST((w.simulation.now() == 10min + 1s));
  BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(mutexes_wait_on_the_virtual_clock_too) {
  world w;
  simulated_mutex mutex{"a.lock", every_minute};
  mutex.lock();
  ending late;
  filelock::async_lock_for(w.executor(), mutex, 30min, late.handler());
  w.run_until(late);
  BOOST_TEST(late.is_time_out(), late);
  BOOST_TEST((w.simulation.now() == 30min));
  ending end;
  filelock::async_lock(w.executor(), mutex, end.handler());
  w.simulation.at(w.simulation.now() + 1h, [&] { mutex.unlock(); });
  w.run_until(end);
  BOOST_TEST(end.is_success(), end);
  BOOST_TEST((w.simulation.now() == 90min));
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(a_deadline_is_kept_although_the_pause_is_longer) {
  world w;
  w.simulation.hold("a.lock");
  simulated_lock lock{"a.lock", filelock::constant_backoff(10h)};
  w.simulation.sleep_for(1s);
  ending end;
  filelock::async_lock_until(w.executor(), lock,
                             filelock::virtual_clock::time_point(2min),
                             end.handler());
  w.run_until(end);
  BOOST_TEST(end.is_time_out(), end);
  BOOST_TEST((w.simulation.now() == 2min));
}

BOOST_AUTO_TEST_SUITE_END()
