// REQUIRES: c++20
// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Work that stops when the hold is lost.

#include <filelock/stop_on_loss.hpp>
#include <filelock/testing/simulated_service.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
using filelock::stop_on_loss;

BOOST_AUTO_TEST_SUITE(lock_stop_on_loss)

BOOST_AUTO_TEST_CASE(the_loss_of_a_hold_is_a_request_to_stop) {
  const filelock::simulation world;
  filelock::simulated_service service(9s);
  filelock::simulated_service_lock lock{"jobs"};
  lock.lock();
  const stop_on_loss stop(lock.loss());
  const std::stop_token token = stop.token();
  BOOST_TEST(token.stop_possible());
  service.suspend_for(5s);
  BOOST_TEST(!token.stop_requested());
  service.suspend_for(10s);
  BOOST_TEST(token.stop_requested());
}

BOOST_AUTO_TEST_CASE(a_loss_before_is_a_request_at_once) {
  const filelock::simulation world;
  filelock::simulated_service service;
  filelock::simulated_service_lock lock{"jobs"};
  lock.lock();
  service.end_sessions();
  const stop_on_loss stop(lock.loss());
  BOOST_TEST(stop.token().stop_requested());
}

BOOST_AUTO_TEST_CASE(a_release_is_no_loss) {
  const filelock::simulation world;
  const filelock::simulated_service service;
  filelock::simulated_service_lock lock{"jobs"};
  lock.lock();
  const stop_on_loss stop(lock.loss());
  lock.unlock();
  lock.close();
  BOOST_TEST(!stop.token().stop_requested());
}

BOOST_AUTO_TEST_CASE(a_source_of_the_program_is_requested_too) {
  filelock::cancel_source loss;
  std::stop_source source;
  {
    const stop_on_loss stop(filelock::canceller(loss), source);
    BOOST_TEST((stop.token() == source.get_token()));
    BOOST_TEST(!source.stop_requested());
  }
  loss.request(); // nobody listens any more
  BOOST_TEST(!source.stop_requested());
  const stop_on_loss stop(filelock::canceller(loss), source);
  BOOST_TEST(source.stop_requested());
}

BOOST_AUTO_TEST_CASE(a_hold_that_cannot_be_lost_stops_nothing) {
  const stop_on_loss stop{filelock::canceller()};
  BOOST_TEST(!stop.token().stop_requested());
}

BOOST_AUTO_TEST_CASE(another_thread_is_stopped) {
  const auto loss = std::make_shared<filelock::cancel_source>();
  const stop_on_loss stop{filelock::canceller(loss)};
  std::thread worker([token = stop.token()] {
    while (!token.stop_requested())
      std::this_thread::yield();
  });
  loss->request();
  worker.join();
  BOOST_TEST(stop.token().stop_requested());
}

BOOST_AUTO_TEST_SUITE_END()
