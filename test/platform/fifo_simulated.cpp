// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// fifo<P> in a simulation: the order of arrival, for many contenders.

#include <boost/test/unit_test.hpp>

#include <filelock/detail/fifo/turn.hpp>
#include <filelock/filelock.hpp>
#include <filelock/testing/platform_laws.hpp>
#include <filelock/testing/simulation.hpp>

#include "support/simulated_law_tools.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(platform_fifo_simulated)

namespace {

using namespace std::chrono_literals;
using filelock::byte_range;
using filelock::fifo;
using filelock::lock_mode;
using filelock::lock_request;
using filelock::process_id;
using filelock::simulated_traits;
using filelock::detail::simulated_world;
using std::chrono::nanoseconds;

static_assert(filelock::is_platform_v<fifo<simulated_traits>>);
using faulty_fifo = filelock::faulty<fifo<simulated_traits>>;
static_assert(filelock::is_platform_v<faulty_fifo>);
using marked_fifo = filelock::marked<fifo<simulated_traits>>;
static_assert(filelock::is_platform_v<marked_fifo>);

/// Each machine has its own time.
nanoseconds skew{};
struct skewed_clock : filelock::virtual_clock {
  using time_point = std::chrono::time_point<skewed_clock, duration>;
  static time_point now() noexcept {
    return time_point(filelock::virtual_clock::now().time_since_epoch() + skew);
  }
};

/// Is called between the look for a place and its taking.
std::function<void()> meanwhile;

struct skewed_traits : simulated_traits {
  using clock = skewed_clock;

  static std::optional<byte_range>
  conflicting_range(std::int64_t handle, const lock_request& request,
                    std::error_code& ec) noexcept {
    const auto found = simulated_traits::conflicting_range(handle, request, ec);
    if (const auto call = std::exchange(meanwhile, nullptr)) call();
    return found;
  }
};

/// What has happened.
struct history {
  std::vector<process_id> arrived;
  std::vector<process_id> served;
  std::size_t waits = 0;
};

/// Does what a lock does, but waits by events.
class queueing_contender final
    : public filelock::detail::cyclic_contender<skewed_traits,
                                                filelock::detail::no_backoff> {
  using base = filelock::detail::cyclic_contender<skewed_traits,
                                                  filelock::detail::no_backoff>;
  using turn = filelock::detail::queue_turn<skewed_traits>;

public:
  queueing_contender(simulated_world& of, process_id process, history& told,
                     const filelock::contention& plan, nanoseconds own_skew)
      : base(of, process, "/a.lock", {}, plan),
        told_(told),
        id_(process),
        skew_(own_skew) {}

private:
  bool ask() override {
    skew = skew_;
    filelock::detail::failure failed;
    auto& file = lock().file();
    if (!file.is_open() && !lock().open_file(failed)) return true;
    const bool arrives = !turn_;
    if (arrives) {
      handle_ = file.native();
      turn_.emplace(handle_, plan().mode);
    }
    std::error_code ec;
    if (arrives) told_.arrived.push_back(id_);
    const auto awaited = turn_->next(ec);
    BOOST_TEST(!ec);
    if (!awaited) {
      turn_.reset();
      file.set_mode(plan().mode);
      told_.served.push_back(id_);
      return true;
    }
    ++told_.waits;
    world().wait(file.native(), *awaited,
                 [this] { proceed_at(world().now()); });
    return false;
  }

  history& told_;
  process_id id_;
  nanoseconds skew_;
  std::int64_t handle_ = 0;
  std::optional<turn> turn_;
};

process_id add(simulated_world& to, history& told,
               const filelock::contention& plan, nanoseconds own_skew = {}) {
  const process_id process = to.new_process();
  to.add(process, std::make_unique<queueing_contender>(to, process, told, plan,
                                                       own_skew));
  return process;
}

void run(simulated_world& all) {
  while (!all.events.empty())
    all.events.run_next();
}

bool are_equal(const std::vector<process_id>& a,
               const std::vector<process_id>& b) {
  return a == b;
}

} // namespace

BOOST_AUTO_TEST_CASE(fifo_keeps_the_laws) {
  const filelock::simulation all;
  BOOST_TEST(filelock::broken_laws<fifo<simulated_traits>>("/laws") == "");
  using atomic = fifo<filelock::atomic_simulated_traits>;
  BOOST_TEST(filelock::broken_laws<atomic>("/laws") == "");
  using polled = fifo<filelock::polled<simulated_traits>>;
  BOOST_TEST(filelock::broken_laws<polled>("/laws") == "");
}

BOOST_AUTO_TEST_CASE(the_order_of_a_thousand_contenders_is_kept) {
  simulated_world all(1);
  history told;
  filelock::contention plan;
  plan.start = {0ns, 1ms};
  plan.hold = {1us, 100us};
  plan.rest = {0ns, 50ms};
  plan.times = 3;
  for (int i = 0; i != 1000; ++i)
    add(all, told, plan);
  run(all);
  BOOST_TEST(told.served.size() == 3000U);
  BOOST_TEST(are_equal(told.served, told.arrived));
  // One release wakes one waiter, once.
  BOOST_TEST(told.waits <= 3000U);
}

BOOST_AUTO_TEST_CASE(clocks_that_differ_do_not_change_the_order) {
  simulated_world all(2);
  history told;
  filelock::contention plan;
  plan.start = {0ns, 1ms};
  plan.hold = {1us, 100us};
  plan.rest = {0ns, 5ms};
  plan.times = 3;
  for (int i = 0; i != 100; ++i)
    add(all, told, plan, all.random_duration({0ns, i % 2 ? 1h : 1us}));
  run(all);
  BOOST_TEST(told.served.size() == 300U);
  BOOST_TEST(are_equal(told.served, told.arrived));
}

BOOST_AUTO_TEST_CASE(waiters_that_are_killed_do_not_stop_the_others) {
  simulated_world all(3);
  history told;
  filelock::contention plan;
  plan.start = {0ns, 1ms};
  plan.hold = 100us;
  std::vector<process_id> killed;
  for (int i = 0; i != 300; ++i) {
    const process_id each = add(all, told, plan);
    if (i % 3 != 0) continue;
    killed.push_back(each);
    all.events.plan(all.random_duration({1ms, 20ms}),
                    [&all, each] { all.kill(each); });
  }
  run(all);
  BOOST_TEST(told.arrived.size() == 300U);
  BOOST_TEST(all.count_contenders() == 0U);
  // Some had their turn before.
  std::vector<process_id> expected = told.arrived;
  const auto is_unserved = [&](process_id each) {
    return std::find(told.served.begin(), told.served.end(), each) ==
           told.served.end();
  };
  for (const process_id each : told.arrived)
    if (is_unserved(each))
      BOOST_TEST(
          (std::find(killed.begin(), killed.end(), each) != killed.end()));
  expected.erase(std::remove_if(expected.begin(), expected.end(), is_unserved),
                 expected.end());
  BOOST_TEST(expected.size() < 300U);
  BOOST_TEST(are_equal(told.served, expected));
}

BOOST_AUTO_TEST_CASE(readers_and_writers_are_served_in_order) {
  simulated_world all(4);
  history told;
  filelock::contention plan;
  plan.hold = 1ms;
  const auto arrive = [&](nanoseconds when, lock_mode mode) {
    plan.start = when;
    plan.mode = mode;
    return add(all, told, plan);
  };
  const process_id writer = arrive(1us, lock_mode::exclusive);
  const process_id reader_1 = arrive(2us, lock_mode::shared);
  const process_id reader_2 = arrive(3us, lock_mode::shared);
  const process_id writer_2 = arrive(4us, lock_mode::exclusive);
  const process_id reader_3 = arrive(5us, lock_mode::shared);
  run(all);
  BOOST_TEST(
      are_equal(told.served, {writer, reader_1, reader_2, writer_2, reader_3}));
  // The two adjacent readers held the lock together.
  BOOST_TEST(all.now().count() == nanoseconds(4ms + 1us).count());
}

BOOST_AUTO_TEST_CASE(a_place_that_is_taken_late_stops_nobody) {
  simulated_world all(5);
  history told;
  filelock::contention plan;
  plan.hold = 1ms;
  add(all, told, plan); // holds the lock
  add(all, told, plan); // waits
  // Looks for a place, and takes it after another contender has taken a higher
  // one and waits for the same byte.
  meanwhile = [&] { add(all, told, plan, 1us); };
  add(all, told, plan, 500ns);
  BOOST_TEST(!meanwhile);
  BOOST_TEST(told.arrived.size() == 4U);
  run(all);
  BOOST_TEST(told.served.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_waiter_for_an_owner_of_all_bytes_gets_its_place) {
  const filelock::simulation all;
  using P = simulated_traits;
  std::error_code ec;
  const std::int64_t owner = P::open("/a.lock", {}, ec);
  const std::int64_t waiter = P::open("/a.lock", {}, ec);
  BOOST_TEST(P::try_lock(owner, {}, ec)); // not by fifo<P>
  filelock::detail::queue_turn<P> turn(waiter, lock_mode::exclusive);
  const auto place = turn.next(ec);
  BOOST_REQUIRE(place.has_value());
  BOOST_TEST(place->range.length == 1U);
  P::unlock(owner, {}, ec);
  BOOST_TEST(P::try_lock(waiter, *place, ec));
  BOOST_TEST(!fifo<P>::try_lock(owner, {}, ec)); // which would overtake
  const auto before = turn.next(ec);
  BOOST_REQUIRE(before.has_value());
  BOOST_TEST(P::try_lock(waiter, *before, ec));
  BOOST_TEST(!turn.next(ec));
  BOOST_TEST(!ec);
  P::close(owner);
  P::close(waiter);
}

BOOST_AUTO_TEST_CASE(two_contenders_that_take_one_place_are_both_served) {
  simulated_world all(6);
  history told;
  filelock::contention plan;
  plan.hold = 1ms;
  add(all, told, plan);
  add(all, told, plan);
  meanwhile = [&] { add(all, told, plan); };
  add(all, told, plan);
  run(all);
  BOOST_TEST(told.served.size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_owner_of_all_bytes_is_waited_for) {
  simulated_world all(7);
  history told;
  filelock::contention plan;
  plan.hold = 1ms;
  // An owner that does not use fifo<P>.
  const process_id other = all.new_process();
  plan.start = 1us;
  all.add(
      other,
      std::make_unique<filelock::detail::blocking_contender<simulated_traits>>(
          all, other, "/a.lock", plan));
  for (int i = 0; i != 5; ++i) {
    plan.start = 2us + i * 1us;
    add(all, told, plan);
  }
  run(all);
  BOOST_TEST(are_equal(told.served, told.arrived));
  BOOST_TEST(told.served.size() == 5U);
  BOOST_TEST(all.now().count() == nanoseconds(6ms + 1us).count());
}

namespace {

using faulty_platform = fifo<filelock::faulty<simulated_traits>>;
using filelock::platform_call;

/// A lock that another owner holds for a millisecond, and faults of the wait
/// for it.
struct faulty_wait {
  filelock::simulation all;
  filelock::basic_file_lock<fifo<simulated_traits>> owner{"/a.lock"};
  filelock::fault_script script;
  std::error_code ec;
  std::int64_t handle = 0;

  faulty_wait() {
    owner.lock();
    all.at(1ms, [this] { owner.unlock(); });
    handle = faulty_platform::open("/a.lock", {}, ec);
  }
  ~faulty_wait() { faulty_platform::close(handle); }
  faulty_wait(const faulty_wait&) = delete;
  faulty_wait& operator=(const faulty_wait&) = delete;

  void lock() {
    const filelock::fault_scope scope(script);
    faulty_platform::lock(handle, {}, ec);
    BOOST_TEST(script.is_exhausted());
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(an_interrupted_call_is_made_again, faulty_wait) {
  for (const platform_call call :
       {platform_call::try_lock, platform_call::lock})
    script.fail(call, std::errc::interrupted, filelock::first_calls(2));
  lock();
  BOOST_TEST(!ec);
  BOOST_TEST((all.now() == 1ms));
  BOOST_TEST(!owner.try_lock());
}

BOOST_AUTO_TEST_CASE(an_error_is_reported_and_leaves_nothing) {
  for (const platform_call call :
       {platform_call::try_lock, platform_call::lock}) {
    faulty_wait wait;
    wait.script.fail(call, std::errc::no_lock_available);
    wait.lock();
    BOOST_TEST((wait.ec == std::errc::no_lock_available));
    wait.all.run();
    BOOST_TEST(wait.owner.try_lock());
  }
}

BOOST_AUTO_TEST_CASE(a_file_holds_several_ranges_of_one_owner) {
  const filelock::simulation all;
  std::error_code ec;
  using P = simulated_traits;
  const std::int64_t owner = P::open("/a.lock", {}, ec);
  const std::int64_t other = P::open("/a.lock", {}, ec);
  const auto request = [](std::uint64_t offset, std::uint64_t length,
                          lock_mode mode = lock_mode::exclusive) {
    return lock_request{mode, {offset, length}};
  };
  const auto is_free = [&](std::uint64_t byte,
                           lock_mode mode = lock_mode::exclusive) {
    return !P::conflicting_range(other, request(byte, 1, mode), ec);
  };
  BOOST_TEST(P::try_lock(owner, request(10, 10), ec));
  BOOST_TEST(P::try_lock(owner, request(30, 0), ec));
  BOOST_TEST(is_free(9));
  BOOST_TEST(!is_free(10));
  BOOST_TEST(!is_free(19));
  BOOST_TEST(is_free(20));
  BOOST_TEST(!is_free(1'000'000));
  // A part of a range is released, or gets another mode.
  P::unlock(owner, request(12, 2), ec);
  BOOST_TEST(!is_free(11));
  BOOST_TEST(is_free(12));
  BOOST_TEST(is_free(13));
  BOOST_TEST(!is_free(14));
  BOOST_TEST(P::try_lock(owner, request(14, 1, lock_mode::shared), ec));
  BOOST_TEST(is_free(14, lock_mode::shared));
  BOOST_TEST(!is_free(15, lock_mode::shared));
  P::unlock(owner, request(40, 5), ec);
  BOOST_TEST(!is_free(39));
  BOOST_TEST(is_free(40));
  BOOST_TEST(is_free(44));
  BOOST_TEST(!is_free(45));
  P::unlock(owner, request(0, 0), ec);
  BOOST_TEST(P::try_lock(other, request(0, 0), ec));
  BOOST_TEST(!ec);
  P::close(owner);
  P::close(other);
}

BOOST_AUTO_TEST_SUITE_END()
