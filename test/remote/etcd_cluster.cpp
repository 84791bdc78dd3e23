// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: etcd_traits is for POSIX
// TIMEOUT: 170
// LONG: 600

// A cluster of three, whose members fail. The short form kills the leader, and
// stops the majority; the long form does each of that five times.

#include <filelock/filelock.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include "support/etcd_locks.hpp"

using namespace std::chrono_literals;

namespace {

test::etcd_servers* cluster_of_three = nullptr;

struct three_servers {
  static std::string endpoints() { return cluster_of_three->endpoints(); }
  static std::chrono::seconds lease() { return 20s; }
  static std::chrono::seconds request_timeout() { return 6s; }
};
struct three_servers_for_2_s : three_servers {
  static std::chrono::seconds lease() { return 2s; }
  static std::chrono::milliseconds request_timeout() { return 1500ms; }
};
template <class Tag>
using lock_of = filelock::basic_file_lock<filelock::etcd_traits<Tag>>;
using cluster_lock = lock_of<three_servers>;

struct cluster {
  cluster() {
    if (!test::has_etcd("etcd")) return;
    servers = std::make_unique<test::etcd_servers>(3);
    cluster_of_three = servers.get();
  }
  int rounds() const {
    if (!servers) return 0;
    return std::getenv("FILELOCK_LONG") ? 5 : 1;
  }
  std::unique_ptr<test::etcd_servers> servers;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(remote_etcd_cluster, cluster)

BOOST_AUTO_TEST_CASE(the_death_of_the_leader_ends_neither_holds_nor_waits) {
  for (int round = 0; round != rounds(); ++round) {
    cluster_lock owner("leader");
    cluster_lock lock("leader");
    owner.lock();
    std::thread waits([&] { lock.lock(); });
    BOOST_TEST(servers->await_contenders(2));
    const std::size_t leader = servers->leader();
    servers->kill(leader);
    BOOST_TEST(owner.still_valid());
    servers->await(); // the others have elected one
    BOOST_TEST(owner.still_valid());
    const std::uint64_t token = owner.token();
    std::error_code ec;
    owner.unlock(ec);
    BOOST_TEST(!ec, ec.message());
    waits.join();
    BOOST_TEST(lock.still_valid());
    BOOST_TEST(lock.token() > token);
    BOOST_TEST(!owner.try_lock());
    servers->start(leader);
    servers->await();
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_stops_ends_neither_holds_nor_waits) {
  for (int round = 0; round != rounds(); ++round) {
    lock_of<three_servers_for_2_s> owner("member");
    lock_of<three_servers_for_2_s> lock("member");
    owner.lock();
    std::thread waits([&] { lock.lock(); });
    BOOST_TEST(servers->await_contenders(2));
    // The first one is that which both of them ask. It is as silent as one that
    // is cut off.
    servers->pause(0);
    std::this_thread::sleep_for(2500ms); // over the lease
    BOOST_TEST(owner.still_valid());
    std::error_code ec;
    owner.unlock(ec);
    BOOST_TEST(!ec, ec.message());
    waits.join();
    BOOST_TEST(lock.still_valid());
    servers->resume(0);
    servers->await();
  }
}

BOOST_AUTO_TEST_CASE(without_a_majority_nobody_gets_a_lock) {
  for (int round = 0; round != rounds(); ++round) {
    lock_of<three_servers_for_2_s> owner("majority");
    lock_of<three_servers_for_2_s> other("majority");
    lock_of<three_servers_for_2_s> third("another name");
    owner.lock();
    other.open();
    third.open();
    const filelock::canceller loss = owner.loss();
    servers->kill(0);
    servers->kill(1);
    for (auto* const each : {&other, &third}) {
      const auto start = std::chrono::steady_clock::now();
      std::error_code ec;
      BOOST_TEST(!each->try_lock(ec));
      BOOST_TEST((ec == std::errc::timed_out ||
                  ec == std::errc::host_unreachable ||
                  ec == std::errc::connection_refused),
                 ec.message());
      BOOST_TEST((std::chrono::steady_clock::now() - start < 15s));
    }
    BOOST_TEST(test::wait_until_seen([&] { return loss.requested(); }));
    BOOST_TEST(!owner.still_valid());
    std::error_code ec;
    BOOST_TEST(!third.try_lock_for(300ms, ec)); // neither an error nor a hold
    servers->start(0);
    servers->start(1);
    servers->await();
    BOOST_TEST(other.try_lock_for(1h));
    BOOST_TEST(!owner.still_valid());
  }
}

BOOST_AUTO_TEST_SUITE_END()
