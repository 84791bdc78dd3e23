// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: libpq-dev is not installed
// LINK: filelock_postgres

// Locks of a PostgreSQL server: modes, waits, conversions, tokens and owners.

#include <filelock/filelock.hpp>
#include <filelock/remote/postgres.hpp>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "support/postgres_locks.hpp"

using namespace std::chrono_literals;
using test::postgres_lock;

BOOST_AUTO_TEST_SUITE(remote_postgres_lock,
                      *boost::unit_test::precondition(test::has_postgres))

BOOST_AUTO_TEST_CASE(one_owner_at_a_time) {
  postgres_lock first("one"), second("one"), other("other");
  std::lock_guard guard(first);
  BOOST_TEST(!second.try_lock());
  BOOST_TEST(second.is_open());
  BOOST_TEST(other.try_lock());
}

BOOST_AUTO_TEST_CASE(readers_share) {
  postgres_lock first("shared"), second("shared"), writer("shared");
  std::shared_lock one(first);
  std::shared_lock two(second);
  BOOST_TEST(!writer.try_lock());
  one.unlock();
  BOOST_TEST(!writer.try_lock());
  two.unlock();
  BOOST_TEST(writer.try_lock());
}

BOOST_AUTO_TEST_CASE(a_wait_ends_at_its_deadline) {
  postgres_lock owner("timed"), waiter("timed");
  owner.lock();
  waiter.open();
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!waiter.try_lock_for(50ms));
  const auto elapsed = std::chrono::steady_clock::now() - start;
  BOOST_TEST((elapsed >= 50ms));
  BOOST_TEST((elapsed < 10s));
  owner.unlock();
  BOOST_TEST(waiter.try_lock()); // by the same session
}

BOOST_AUTO_TEST_CASE(a_release_ends_the_wait) {
  postgres_lock owner("handed over"), waiter("handed over");
  owner.lock();
  std::thread release([&] {
    test::wait_until_server_sees_waiters(1);
    owner.unlock();
  });
  waiter.lock();
  release.join();
  BOOST_TEST(waiter.still_valid());
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
  postgres_lock owner("stopped"), waiter("stopped");
  owner.lock();
  filelock::cancel_source source;
  bool is_acquired = true;
  std::thread wait([&] {
    filelock::canceller stop(source);
    std::error_code ec;
    waiter.open();
    is_acquired = test::postgres::lock_until(
        waiter.native_handle(), {filelock::lock_mode::exclusive, {}},
        (std::chrono::steady_clock::time_point::max)(), stop, ec);
  });
  test::wait_until_server_sees_waiters(1);
  source.request();
  wait.join();
  BOOST_TEST(!is_acquired);
  owner.unlock();
  BOOST_TEST(waiter.try_lock());
}

BOOST_AUTO_TEST_CASE(an_upgrade_keeps_the_hold) {
  postgres_lock lock("upgraded"), reader("upgraded");
  lock.lock_shared();
  BOOST_TEST((lock.try_upgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(!reader.try_lock_shared());
  BOOST_TEST((lock.downgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(reader.try_lock_shared());
  BOOST_TEST(
      (lock.try_upgrade() == filelock::conversion::refused_still_shared));
  lock.unlock_shared();
  reader.unlock_shared();
  BOOST_TEST(test::advisory_locks() == "0");
}

// A try by the server is refused where somebody waits, though nobody else
// holds the lock.
BOOST_AUTO_TEST_CASE(a_downgrade_goes_before_those_who_wait) {
  postgres_lock owner("downgraded"), waiter("downgraded");
  owner.lock();
  std::thread wait([&] { waiter.lock(); });
  test::wait_until_server_sees_waiters(1);
  BOOST_TEST((owner.downgrade() == filelock::conversion::held_throughout));
  BOOST_TEST(owner.still_valid());
  owner.unlock_shared();
  wait.join();
  BOOST_TEST(waiter.still_valid());
}

// It would overtake the one who waits, or wait for one who waits for it.
BOOST_AUTO_TEST_CASE(an_upgrade_is_refused_where_another_waits) {
  postgres_lock reader("upgraded late"), writer("upgraded late");
  reader.lock_shared();
  std::thread wait([&] { writer.lock(); });
  BOOST_TEST(test::wait_until_server_sees_waiters(1));
  BOOST_TEST(
      (reader.try_upgrade() == filelock::conversion::refused_still_shared));
  BOOST_TEST((reader.try_upgrade_for(30ms) ==
              filelock::conversion::refused_still_shared));
  BOOST_TEST(reader.still_valid());
  reader.unlock_shared();
  wait.join();
  BOOST_TEST(writer.still_valid());
}

BOOST_AUTO_TEST_CASE(two_upgrades_do_not_wait_for_each_other_for_ever) {
  postgres_lock first("upgraded twice"), second("upgraded twice");
  first.lock_shared();
  second.lock_shared();
  filelock::conversion of_second{};
  std::thread wait([&] { of_second = second.try_upgrade_for(50ms); });
  BOOST_TEST((first.try_upgrade_for(50ms) ==
              filelock::conversion::refused_still_shared));
  wait.join();
  BOOST_TEST((of_second == filelock::conversion::refused_still_shared));
  second.unlock_shared();
  BOOST_TEST((first.try_upgrade() == filelock::conversion::held_throughout));
}

BOOST_AUTO_TEST_CASE(tokens_rise) {
  postgres_lock first("numbered"), second("numbered");
  std::uint64_t last = 0;
  for (int i = 0; i != 5; ++i) {
    for (postgres_lock* each : {&first, &second}) {
      each->lock();
      const std::uint64_t token = each->token();
      BOOST_TEST(token > last);
      BOOST_TEST(each->token() == token);
      last = token;
      each->unlock();
    }
  }
}

BOOST_AUTO_TEST_CASE(the_owner_has_a_name) {
  postgres_lock owner("named"), asker("named");
  asker.open();
  BOOST_TEST(asker.holder_name() == "");
  owner.lock();
  const std::string process = std::to_string(::getpid());
  BOOST_TEST(asker.holder_name() == "process " + process);
  BOOST_TEST(asker.holder().value_or(0) == ::getpid());
}

BOOST_AUTO_TEST_CASE(a_patience_of_any_length) {
  struct endless : test::of_shared_server {
    static std::chrono::hours patience() { return (std::chrono::hours::max)(); }
    static auto cancel_patience() {
      return std::chrono::duration<double>(1e300);
    }
  };
  struct none : test::of_shared_server {
    static auto patience() { return -1s; }
    static auto cancel_patience() { return std::chrono::duration<float>(0); }
  };
  filelock::basic_file_lock<filelock::postgres_traits<endless>> lock("patient");
  BOOST_TEST(lock.try_lock());
  decltype(lock) other("patient");
  BOOST_TEST(!other.try_lock_for(20ms));
  filelock::basic_file_lock<filelock::postgres_traits<none>> hasty("patient");
  std::error_code ec;
  BOOST_TEST(!hasty.try_lock(ec));
  BOOST_TEST((ec == std::errc::timed_out), ec.message());
}

BOOST_AUTO_TEST_CASE(names_of_any_bytes) {
  std::string bytes;
  for (int each = 0; each != 256; ++each)
    bytes += static_cast<char>(each);
  const std::vector<std::string> names = {bytes,
                                          std::string(100'000, 'n'),
                                          std::string("a\0b", 3),
                                          std::string("a\0c", 3),
                                          "/",
                                          "'; drop table locks; --"};
  std::vector<postgres_lock> locks;
  for (const std::string& each : names) {
    locks.emplace_back(std::filesystem::path(each));
    BOOST_TEST(locks.back().try_lock());
    BOOST_TEST(!postgres_lock(std::filesystem::path(each)).try_lock());
  }
}

BOOST_AUTO_TEST_SUITE_END()
