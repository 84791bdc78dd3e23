// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: boost_thread: no Boost.Thread for another system here
// LINK: boost_thread

// Guards and containers, on Boost's class and on ours.

#include <boost/test/unit_test.hpp>

#include "support/interprocess_locks.hpp"

#include <boost/interprocess/sync/scoped_lock.hpp>
#include <boost/interprocess/sync/sharable_lock.hpp>
#include <boost/thread/lock_guard.hpp>
#include <boost/thread/lock_types.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(interprocess_guards)

namespace {

namespace ipc = boost::interprocess;

using namespace std::chrono_literals;
using test::both_locks;
using test::existing_file;
using test::is_ours;
using test::observer;
using test::our_lock;

/// A lock, and one who sees it.
template <class Lock>
struct seen_lock : existing_file {
  observer other{path};
  Lock lock{path.c_str()};

  std::string state() {
    return other.sees_free()     ? "free"
           : other.sees_shared() ? "shared"
                                 : "exclusive";
  }
};

auto soon() { return std::chrono::system_clock::now() + 1ms; }

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_interprocess_scoped_lock_serves, Lock,
                              both_locks) {
  seen_lock<Lock> file;
  {
    const ipc::scoped_lock<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "exclusive");
  }
  BOOST_TEST(file.state() == "free");
  {
    ipc::scoped_lock<Lock> guard(file.lock, ipc::defer_lock);
    BOOST_TEST(file.state() == "free");
    BOOST_TEST(guard.timed_lock(soon()));
    BOOST_TEST(file.state() == "exclusive");
    guard.unlock();
    BOOST_TEST(guard.try_lock());
    guard.unlock();
    guard.lock();
    BOOST_TEST_REQUIRE(guard.owns());
    guard.release()->unlock();
    BOOST_TEST(file.state() == "free");
  }
  {
    const ipc::scoped_lock<Lock> guard(file.lock, ipc::try_to_lock);
    BOOST_TEST(guard.owns());
  }
  {
    file.lock.lock();
    const ipc::scoped_lock<Lock> guard(file.lock, ipc::accept_ownership);
    BOOST_TEST(guard.owns());
  }
  BOOST_TEST(file.state() == "free");
  {
    ipc::scoped_lock<Lock> timed(file.lock, soon());
    BOOST_TEST(timed.owns());
    const ipc::scoped_lock<Lock> moved(boost::move(timed));
    BOOST_TEST(moved.owns());
    BOOST_TEST(!timed.owns());
    BOOST_TEST(file.state() == "exclusive");
  }
  BOOST_TEST(file.state() == "free");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_interprocess_sharable_lock_serves, Lock,
                              both_locks) {
  seen_lock<Lock> file;
  {
    const ipc::sharable_lock<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "shared");
  }
  {
    ipc::sharable_lock<Lock> guard(file.lock, ipc::defer_lock);
    BOOST_TEST(file.state() == "free");
    BOOST_TEST(guard.timed_lock(soon()));
    BOOST_TEST(file.state() == "shared");
    guard.unlock();
    BOOST_TEST(guard.try_lock());
  }
  {
    const ipc::sharable_lock<Lock> guard(file.lock, ipc::try_to_lock);
    BOOST_TEST(guard.owns());
  }
  {
    file.lock.lock_sharable();
    const ipc::sharable_lock<Lock> guard(file.lock, ipc::accept_ownership);
    BOOST_TEST(guard.owns());
  }
  {
    const ipc::sharable_lock<Lock> timed(file.lock, soon());
    BOOST_TEST(timed.owns());
  }
  BOOST_TEST(file.state() == "free");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_lock_of_a_guard_is_deduced, Lock,
                              both_locks) {
  seen_lock<Lock> file;
  {
    const ipc::scoped_lock guard(file.lock);
    static_assert(
        std::is_same_v<decltype(guard), const ipc::scoped_lock<Lock>>);
    BOOST_TEST(file.state() == "exclusive");
  }
  const ipc::sharable_lock guard(file.lock);
  static_assert(
      std::is_same_v<decltype(guard), const ipc::sharable_lock<Lock>>);
  BOOST_TEST(file.state() == "shared");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_guards_of_boost_thread_serve, Lock,
                              both_locks) {
  seen_lock<Lock> file;
  {
    const boost::lock_guard<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "exclusive");
  }
  {
    boost::unique_lock<Lock> guard(file.lock, boost::try_to_lock);
    BOOST_TEST(guard.owns_lock());
    BOOST_TEST(file.state() == "exclusive");
  }
  {
    boost::shared_lock<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "shared");
  }
  BOOST_TEST(file.state() == "free");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_standard_guards_serve, Lock, both_locks) {
  seen_lock<Lock> file;
  {
    const std::lock_guard<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "exclusive");
  }
  {
    std::unique_lock<Lock> guard(file.lock, std::defer_lock);
    BOOST_TEST(file.state() == "free");
    BOOST_TEST(guard.try_lock_for(1ms));
    guard.unlock();
    BOOST_TEST(guard.try_lock_until(std::chrono::steady_clock::now()));
    BOOST_TEST(file.state() == "exclusive");
  }
  {
    const std::unique_lock<Lock> timed(file.lock, 1ms);
    BOOST_TEST(timed.owns_lock());
  }
  {
    std::shared_lock<Lock> guard(file.lock);
    BOOST_TEST(file.state() == "shared");
    guard.unlock();
    BOOST_TEST(guard.try_lock());
    guard.unlock();
    BOOST_TEST(guard.try_lock_for(1ms));
    guard.unlock();
    BOOST_TEST(guard.try_lock_until(std::chrono::steady_clock::now()));
    BOOST_TEST(file.state() == "shared");
  }
  {
    const std::scoped_lock guard(file.lock);
    BOOST_TEST(file.state() == "exclusive");
  }
  BOOST_TEST(file.state() == "free");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_locks_are_taken_at_once, Lock,
                              both_locks) {
  seen_lock<Lock> first;
  seen_lock<Lock> second;
  {
    const std::scoped_lock guard(first.lock, second.lock);
    BOOST_TEST(first.state() == "exclusive");
    BOOST_TEST(second.state() == "exclusive");
  }
  std::lock(first.lock, second.lock);
  BOOST_TEST(second.state() == "exclusive");
  first.lock.unlock();
  second.lock.unlock();
  BOOST_TEST(std::try_lock(first.lock, second.lock) == -1);
  first.lock.unlock();
  second.lock.unlock();
  our_lock in_the_way(second.path.c_str());
  in_the_way.lock();
  BOOST_TEST(std::try_lock(first.lock, second.lock) == 1);
  BOOST_TEST(first.state() == "free");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lock_is_kept_in_containers, Lock, both_locks) {
  seen_lock<Lock> file;
  std::map<std::string, Lock> named;
  named.emplace("a", file.path.c_str());
  named["b"] = Lock(file.path.c_str());
  named["b"].lock();
  BOOST_TEST(file.state() == "exclusive");
  // Kept on the heap: GCC 12 with -O2 would warn of Boost's destructor, that
  // its descriptor may be uninitialized.
  const auto kept =
      std::make_unique<std::optional<Lock>>(std::move(named["b"]));
  std::optional<Lock>& optional = *kept;
  named.erase("b");
  BOOST_TEST(file.state() == "exclusive");
  std::vector<Lock> several;
  several.push_back(std::move(*optional));
  for (int i = 0; i != 10; ++i)
    several.emplace_back();
  BOOST_TEST(file.state() == "exclusive");
  std::pair<int, Lock> both(1, std::move(several.front()));
  several.clear();
  BOOST_TEST(file.state() == "exclusive");
  optional.emplace(std::move(both.second));
  BOOST_TEST(file.state() == "exclusive");
  optional.reset();
  BOOST_TEST(file.state() == "free");
}

BOOST_AUTO_TEST_SUITE_END()
