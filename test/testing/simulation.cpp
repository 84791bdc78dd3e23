// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A lock in a simulation: files, holders, crashes and the clock.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/testing/fault_script.hpp>
#include <filelock/testing/faulty.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_simulation)

namespace {

using namespace std::chrono_literals;
using filelock::atomic_simulated_traits;
using filelock::basic_file_lock;
using filelock::lock_mode;
using filelock::process_id;
using filelock::simulated_action;
using filelock::simulated_file_lock;
using filelock::simulated_traits;
using filelock::simulation;
using filelock::simulation_event;
using filelock::virtual_clock;
using std::chrono::nanoseconds;

static_assert(filelock::is_platform_v<simulated_traits>);
static_assert(filelock::is_platform_v<atomic_simulated_traits>);
static_assert(filelock::is_platform_v<filelock::faulty<simulated_traits>>);
static_assert(filelock::is_platform_v<filelock::polled<simulated_traits>>);
static_assert(std::is_same_v<simulated_file_lock::clock, virtual_clock>);
static_assert(virtual_clock::is_steady);
static_assert(
    std::is_same_v<decltype(virtual_clock::now()), virtual_clock::time_point>);
static_assert(!std::is_copy_constructible_v<simulation>);
static_assert(!std::is_move_constructible_v<simulation>);

const std::filesystem::path path = "/folder/a.lock";

/// \returns The code that `function(ec)` sets.
template <class Function>
std::error_code code_of(Function function) {
  std::error_code ec;
  function(ec);
  return ec;
}

filelock::open_options without_creation() {
  filelock::open_options options;
  options.create = false;
  return options;
}

std::string text(const simulation_event& event) {
  static const char* const names[] = {"busy", "acquired", "released", "gave_up",
                                      "killed"};
  return std::to_string(event.time.count()) + " " +
         std::to_string(event.process) + " " +
         names[static_cast<int>(event.action)];
}

/// Looks on, from its making to the end of the simulation.
class journal {
public:
  explicit journal(simulation& world) {
    world.set_observer([this](const simulation_event& event) {
      lines.push_back(text(event));
    });
  }
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  std::vector<std::string> lines;
};

} // namespace

#define CHECK_LINES(found, ...)                                                \
  BOOST_TEST((found) == (std::vector<std::string>{__VA_ARGS__}),               \
             boost::test_tools::per_element())

// ---- Time ----

BOOST_AUTO_TEST_CASE(a_deadline_is_met_to_the_nanosecond) {
  simulation world;
  world.hold(path);
  simulated_file_lock lock(path);
  for (const nanoseconds length : {5s + 0ns, 1ns, 123456789ns, 0ns, 1h + 1ns}) {
    const nanoseconds start = world.now();
    BOOST_TEST(!lock.try_lock_for(length));
    BOOST_TEST((world.now() - start == length));
  }
  const auto end = virtual_clock::now() + 7s;
  BOOST_TEST(!lock.try_lock_shared_until(end));
  BOOST_TEST((virtual_clock::now() == end));
}

BOOST_AUTO_TEST_CASE(an_acquire_that_need_not_wait_takes_no_time) {
  simulation world;
  simulated_file_lock lock(path);
  lock.lock();
  lock.unlock();
  BOOST_TEST(lock.try_lock_for(1h));
  lock.unlock();
  lock.lock_shared();
  lock.close();
  BOOST_TEST((world.now() == 0ns));
}

BOOST_AUTO_TEST_CASE(the_clock_is_that_of_the_simulation) {
  BOOST_TEST((virtual_clock::now() == virtual_clock::time_point()));
  {
    simulation world;
    BOOST_TEST((virtual_clock::now().time_since_epoch() == 0ns));
    world.sleep_for(3s);
    world.sleep_for(-1s);
    BOOST_TEST((world.now() == 3s));
    BOOST_TEST((virtual_clock::now().time_since_epoch() == 3s));
  }
  BOOST_TEST((virtual_clock::now() == virtual_clock::time_point()));
}

BOOST_AUTO_TEST_CASE(a_sleep_beyond_the_end_of_time_ends_there) {
  simulation world;
  world.sleep_for(1s);
  world.sleep_for((nanoseconds::max)());
  BOOST_TEST((world.now() == (nanoseconds::max)()));
}

BOOST_AUTO_TEST_CASE(events_happen_in_order_of_time_and_of_planning) {
  simulation world;
  std::string order;
  const auto note = [&](char name) {
    return [&order, name] { order += name; };
  };
  world.at(2s, note('c'));
  world.at(1s, note('a'));
  world.at(2s, note('d'));
  world.at(1s, note('b'));
  world.at(3s + 1ns, note('z'));
  BOOST_TEST(order == "");
  world.sleep_for(3s);
  BOOST_TEST(order == "abcd");
  world.at(3s, note('o'));
  world.at(1s, note('p')); // past
  world.run();
  BOOST_TEST(order == "abcdopz");
  BOOST_TEST((world.now() == 3s + 1ns));
}

BOOST_AUTO_TEST_CASE(an_event_sees_its_time_and_may_plan_another) {
  simulation world;
  std::vector<nanoseconds> times;
  world.at(1s, [&] {
    times.push_back(world.now());
    world.at(1s, [&] { times.push_back(world.now()); });
    world.at(5s, [&] { times.push_back(world.now()); });
  });
  world.run();
  BOOST_TEST((times == std::vector<nanoseconds>{1s, 1s, 5s}));
}

// ---- Holders ----

BOOST_AUTO_TEST_CASE(a_holder_holds_from_and_for_as_long_as_it_is_told) {
  simulation world;
  world.hold(path, 0s, 3s);
  basic_file_lock<simulated_traits, filelock::constant_backoff> lock(
      path, filelock::constant_backoff(1s));
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST((world.holder(path) == process_id(2)));
  BOOST_TEST(!lock.try_lock_for(3s - 1ns));
  BOOST_TEST(lock.try_lock_for(1ns)); // the holder came first, and leaves first
  BOOST_TEST((world.now() == 3s));
  BOOST_TEST((world.holder(path) == simulation::this_process));
  BOOST_TEST(world.contenders() == 0U);
}

BOOST_AUTO_TEST_CASE(a_later_holder_waits_for_its_time_and_for_the_lock) {
  simulation world;
  journal seen(world);
  world.hold(path, 1s, 1s);
  simulated_file_lock lock(path);
  BOOST_TEST(lock.try_lock());
  world.sleep_for(5s);
  lock.unlock();
  BOOST_TEST(!lock.try_lock()); // whoever waits gets it at once
  world.sleep_for(1s);
  BOOST_TEST(lock.try_lock());
  CHECK_LINES(seen.lines, "0 1 acquired", "5000000000 1 released",
              "5000000000 2 acquired", "5000000000 1 busy",
              "6000000000 2 released", "6000000000 1 acquired");
}

BOOST_AUTO_TEST_CASE(lock_waits_in_the_kernel_until_the_release) {
  simulation world;
  world.hold(path, 0s, 3s + 1ns);
  simulated_file_lock lock(path);
  lock.lock();
  BOOST_TEST((world.now() == 3s + 1ns));
  BOOST_TEST(lock.owns_lock());
}

BOOST_AUTO_TEST_CASE(waiters_in_the_kernel_are_let_in_by_turns) {
  simulation world;
  journal seen(world);
  world.hold(path, 0s, 3ns);
  world.hold(path, 1ns, 3ns);
  world.hold(path, 2ns, 3ns, lock_mode::shared);
  world.hold(path, 2ns, 5ns, lock_mode::shared);
  world.run();
  CHECK_LINES(seen.lines, "0 2 acquired", "3 2 released", "3 3 acquired",
              "6 3 released", "6 4 acquired", "6 5 acquired", "9 4 released",
              "11 5 released");
}

BOOST_AUTO_TEST_CASE(shared_holders_let_in_shared_ones_alone) {
  simulation world;
  world.hold(path, 0s, 2s, lock_mode::shared);
  simulated_file_lock lock(path);
  BOOST_TEST(!lock.try_lock());
  BOOST_TEST(lock.try_lock_shared());
  lock.unlock();
  BOOST_TEST(lock.try_lock_for(3s));
  BOOST_TEST((world.now() >= 2s));
}

BOOST_AUTO_TEST_CASE(a_holder_that_is_killed_lets_the_next_one_in) {
  simulation world;
  const process_id holder = world.hold(path);
  world.at(7s, [&] { world.kill(holder); });
  simulated_file_lock lock(path);
  lock.lock();
  BOOST_TEST((world.now() == 7s));
  world.kill(holder);
  world.kill(12345);
  BOOST_TEST(world.contenders() == 0U);
}

BOOST_AUTO_TEST_CASE(a_waiter_that_is_killed_does_not_get_the_lock) {
  simulation world;
  journal seen(world);
  simulated_file_lock lock(path);
  lock.lock();
  const process_id waiter = world.hold(path, 1s);
  const process_id later = world.hold(path, 100s);
  world.sleep_for(2s);
  world.kill(waiter);
  world.kill(later); // before it has come
  lock.unlock();
  world.run();
  CHECK_LINES(seen.lines, "0 1 acquired", "2000000000 2 killed",
              "2000000000 3 killed", "2000000000 1 released");
  BOOST_TEST(!world.holder(path));
}

BOOST_AUTO_TEST_CASE(the_holder_is_named) {
  simulation world;
  const process_id holder = world.hold(path, 0s, 10s);
  std::vector<std::string> lines;
  basic_file_lock<
      simulated_traits,
      filelock::notified<filelock::constant_backoff,
                         std::function<void(const filelock::wait_state&)>>>
      lock(path,
           filelock::notified<filelock::constant_backoff,
                              std::function<void(const filelock::wait_state&)>>(
               filelock::constant_backoff(1h), 5s, 2s,
               [&](const filelock::wait_state& wait) {
                 lines.push_back(
                     std::to_string(world.now() / 1s) +
                     (wait.path() == lock.path() ? " it" : " other") + " " +
                     std::to_string(wait.holder().value_or(0)));
               }));
  BOOST_TEST(!lock.try_lock_for(8s));
  const std::string number = std::to_string(holder);
  CHECK_LINES(lines, "5 it " + number, "7 it " + number);
}

BOOST_AUTO_TEST_CASE(an_observer_can_be_replaced_and_taken_away) {
  simulation world;
  std::string seen;
  using function = std::function<void(const simulation_event&)>;
  const auto hold_after = [&](auto set) {
    set();
    world.hold(path, 0s, 1s);
    world.run();
    return std::exchange(seen, {});
  };
  const function first = [&](const simulation_event&) { seen += 'a'; };
  BOOST_TEST(hold_after([&] { world.set_observer(first); }) == "aa");
  BOOST_TEST(hold_after([&] {
               world.set_observer(
                   [&](const simulation_event&) mutable { seen += 'b'; });
             }) == "bb");
  BOOST_TEST(hold_after([&] { world.set_observer(nullptr); }).empty());
  world.set_observer(first);
  BOOST_TEST(hold_after([&] { world.set_observer({}); }).empty());
  world.set_observer(first);
  BOOST_TEST(hold_after([&] { world.set_observer(function()); }).empty());
  BOOST_TEST(hold_after([&] {
               world.set_observer(
                   static_cast<void (*)(const simulation_event&)>(nullptr));
             }).empty());
}

BOOST_AUTO_TEST_CASE(what_is_planned_need_not_be_copyable_and_is_destroyed) {
  const auto alive = std::make_shared<int>(0);
  {
    simulation world;
    world.at(1s,
             [&world, counter = std::make_unique<std::shared_ptr<int>>(alive)] {
               ++**counter;
               world.at(2s, [counter = *counter] { ++*counter; });
             });
    world.at(1h, [counter = alive] { ++*counter; }); // does not come
    BOOST_TEST(alive.use_count() == 3);
    world.sleep_for(1s);
    BOOST_TEST(*alive == 1);
    BOOST_TEST(alive.use_count() == 3);
    world.sleep_for(1s);
    BOOST_TEST(*alive == 2);
    BOOST_TEST(alive.use_count() == 2);
  }
  BOOST_TEST(alive.use_count() == 1);
}

// ---- Waits without end ----

BOOST_AUTO_TEST_CASE(a_wait_for_an_owner_that_never_releases_is_an_error) {
  simulation world;
  world.hold(path, 0s);
  world.at(3s, [] {});
  simulated_file_lock lock(path);
  lock.open();
  BOOST_TEST((code_of([&](auto& ec) { lock.lock(ec); }) ==
              std::errc::resource_deadlock_would_occur));
  BOOST_TEST((world.now() == 3s)); // all that was planned has happened
  BOOST_TEST(!lock.owns_lock());
  BOOST_CHECK_THROW(lock.lock_shared(), std::filesystem::filesystem_error);
  // It waits no more: the next one to be let in is another.
  simulated_file_lock other(path);
  const process_id next = world.hold(path, 0s, 1s);
  world.kill(process_id(2));
  BOOST_TEST((world.holder(path) == next));
  lock.lock();
}

BOOST_AUTO_TEST_CASE(a_poll_without_end_is_an_error_after_some_patience) {
  simulation world;
  world.set_patience(1000);
  world.hold(path);
  using policy = filelock::notified<filelock::constant_backoff,
                                    void (*)(const filelock::wait_state&)>;
  basic_file_lock<simulated_traits, policy> lock(
      path, policy(
                filelock::constant_backoff(1s), 1h,
                +[](const filelock::wait_state&) {}));
  BOOST_TEST((code_of([&](auto& ec) { lock.lock(ec); }) ==
              std::errc::resource_deadlock_would_occur));
  BOOST_TEST((world.now() == 1000s));
  // It begins to count anew, and after each success.
  BOOST_TEST(!lock.try_lock_for(900s));
  simulated_file_lock free("/free");
  BOOST_TEST(free.try_lock());
  BOOST_TEST(!lock.try_lock_for(900s));
}

BOOST_AUTO_TEST_CASE(a_wait_among_owners_that_always_return_is_an_error_too) {
  simulation world;
  world.set_patience(1000);
  world.hold(path);
  filelock::contention plan;
  plan.times = ~std::uint64_t(0);
  world.contend("/other", filelock::constant_backoff(1s), plan);
  simulated_file_lock lock(path);
  BOOST_TEST((code_of([&](auto& ec) { lock.lock(ec); }) ==
              std::errc::resource_deadlock_would_occur));
}

// ---- Files ----

BOOST_AUTO_TEST_CASE(a_file_is_created_where_it_may_be) {
  simulation world;
  BOOST_TEST(!world.exists(path));
  simulated_file_lock careful(path, without_creation());
  BOOST_TEST((code_of([&](auto& ec) { careful.lock(ec); }) ==
              std::errc::no_such_file_or_directory));
  BOOST_TEST(!world.exists(path));
  simulated_file_lock lock(path);
  lock.open();
  BOOST_TEST(world.exists(path));
  BOOST_TEST(world.exists("/folder/./x/../a.lock"));
  BOOST_TEST(careful.try_lock());
}

BOOST_AUTO_TEST_CASE(relative_and_absolute_paths_name_one_file) {
  simulation world;
  world.hold("a.lock");
  simulated_file_lock lock(std::filesystem::current_path() / "a.lock");
  BOOST_TEST(!lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_under_a_waiter_is_followed) {
  for (const bool by_removal : {false, true}) {
    simulation world;
    world.hold(path, 0s, 10s);
    world.at(2s,
             [&] { by_removal ? world.remove(path) : world.replace(path); });
    world.at(3s, [&] { world.hold(path, 0s, 1s); }); // of the new file
    world.at(5s, [&] { BOOST_TEST(!world.holder("/other")); });
    simulated_file_lock lock(path);
    lock.lock();
    BOOST_TEST((world.now() == 10s)); // by the old one
    BOOST_TEST((world.holder(path) == simulation::this_process));
    simulated_file_lock second(path);
    BOOST_TEST(!second.try_lock());
  }
}

BOOST_AUTO_TEST_CASE(a_renamed_file_has_its_new_name_only) {
  simulation world;
  world.rename(path, "/other"); // of no file
  BOOST_TEST(!world.exists("/other"));
  simulated_file_lock lock(path);
  lock.lock();
  world.rename(path, path);
  BOOST_TEST(lock.still_valid());
  world.rename(path, "/other");
  BOOST_TEST(!world.exists(path));
  BOOST_TEST(!lock.still_valid());
  simulated_file_lock by_new_name("/other");
  BOOST_TEST(!by_new_name.try_lock());
}

BOOST_AUTO_TEST_CASE(a_link_is_a_second_name) {
  simulation world;
  world.link(path, "/other"); // of no file
  BOOST_TEST(!world.exists("/other"));
  simulated_file_lock lock(path);
  lock.lock();
  world.link(path, "/other");
  simulated_file_lock by_link("/other");
  BOOST_TEST(!by_link.try_lock());
  world.remove(path);
  BOOST_TEST(world.exists("/other"));
  lock.unlock();
  BOOST_TEST(by_link.try_lock());
}

BOOST_AUTO_TEST_CASE(contenders_follow_a_file_that_is_replaced) {
  simulation world;
  journal seen(world);
  simulated_file_lock lock(path);
  lock.lock();
  world.hold(path, 0s, 1s);
  world.contend(path, filelock::constant_backoff(3s));
  world.replace(path);
  world.sleep_for(1s);
  lock.unlock();
  world.run();
  CHECK_LINES(seen.lines, "0 1 acquired", "0 3 busy", // then both hold it
              "1000000000 1 released", "1000000000 2 acquired",
              "1000000000 2 released", "1000000000 2 acquired",
              "2000000000 2 released", "3000000000 3 acquired",
              "3000000000 3 released", "3000000000 3 acquired",
              "3001000000 3 released");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_says_why) {
  simulation world;
  const auto denied = std::make_error_code(std::errc::permission_denied);
  world.set_open_error(path, denied);
  simulated_file_lock lock(path);
  BOOST_TEST((code_of([&](auto& ec) { lock.lock(ec); }) == denied));
  BOOST_CHECK_THROW(lock.lock(), std::filesystem::filesystem_error);
  BOOST_TEST(!lock.is_open());
  simulated_file_lock other("/folder/b.lock");
  BOOST_TEST(other.try_lock());
  world.set_open_error(path, {});
  BOOST_TEST(lock.try_lock());
  // Who cannot open the file does not hold it.
  world.set_open_error("/folder/c.lock", denied);
  filelock::contention plan;
  plan.timeout = 5s;
  world.hold("/folder/c.lock");
  world.contend("/folder/c.lock", filelock::constant_backoff(1s), plan);
  world.run();
  BOOST_TEST(world.contenders() == 0U);
  BOOST_TEST((world.now() == 0s)); // nor does it wait
}

BOOST_AUTO_TEST_CASE(ranges_are_locked_apart) {
  simulation world;
  const auto lock_of = [](std::uint64_t offset, std::uint64_t length) {
    filelock::open_options options;
    options.range = {offset, length};
    return simulated_file_lock(path, options);
  };
  auto low = lock_of(0, 10);
  auto high = lock_of(10, 0);
  auto both = lock_of(9, 2);
  auto last = lock_of(~std::uint64_t(0), 1);
  BOOST_TEST(low.try_lock());
  BOOST_TEST(high.try_lock());
  BOOST_TEST(!both.try_lock());
  BOOST_TEST(!last.try_lock());
  high.unlock();
  BOOST_TEST(!both.try_lock());
  BOOST_TEST(last.try_lock());
  low.unlock();
  BOOST_TEST(both.try_lock());
  simulated_file_lock whole(path);
  BOOST_TEST(!whole.try_lock());
}

BOOST_AUTO_TEST_CASE(a_file_is_removed_on_release_and_waiters_go_on) {
  simulation world;
  filelock::open_options options;
  options.remove_on_release = true;
  simulated_file_lock lock(path, options);
  lock.lock();
  BOOST_TEST(lock.still_valid());
  const process_id waiter = world.hold(path, 1s, 2s);
  world.sleep_for(2s);
  BOOST_TEST(world.exists(path));
  lock.unlock();
  BOOST_TEST(!world.exists(path));
  world.sleep_for(1s); // the waiter has got a file that is gone, and made one
  BOOST_TEST((world.holder(path) == waiter));
  lock.lock();
  BOOST_TEST((world.now() == 4s));
  BOOST_TEST(lock.still_valid());
  world.remove(path);
  BOOST_TEST(!lock.still_valid());
  lock.close();
  BOOST_TEST(!world.exists(path));
}

// ---- Handles ----

BOOST_AUTO_TEST_CASE(no_handle_is_leaked) {
  simulation world;
  world.hold(path, 10s, 1s);
  {
    simulated_file_lock lock(path);
    lock.open();
    BOOST_TEST(world.open_files() == 1U);
    simulated_file_lock other(path);
    lock.lock();
    BOOST_TEST(!other.try_lock_for(1s));
    BOOST_TEST(world.open_files() == 1U);
    other.open();
    BOOST_TEST(!other.try_lock());
    BOOST_TEST(world.open_files() == 2U);
    world.replace(path);
    lock.close();
    BOOST_TEST(other.try_lock()); // of the new file
    BOOST_TEST(world.open_files() == 1U);
  }
  BOOST_TEST(world.open_files() == 0U);
  world.run();
  BOOST_TEST(world.contenders() == 0U);
}

BOOST_AUTO_TEST_CASE(a_lock_is_released_and_adopted_as_it_is) {
  simulation world;
  simulated_file_lock first(path);
  first.lock();
  const auto handle = first.release();
  BOOST_TEST((world.holder(path) == simulation::this_process));
  {
    simulated_file_lock second(filelock::adopt_handle, handle,
                               lock_mode::exclusive);
    BOOST_TEST(second.owns_lock());
  }
  BOOST_TEST(!world.holder(path));
  BOOST_CHECK_THROW(
      simulated_file_lock(filelock::adopt_handle, handle, lock_mode::exclusive),
      std::filesystem::filesystem_error);
}

BOOST_AUTO_TEST_CASE(a_lock_outside_a_simulation_reports_an_error) {
  simulated_file_lock lock(path);
  BOOST_TEST(
      (code_of([&](auto& ec) { lock.lock(ec); }) == std::errc::not_supported));
  std::optional<simulation> world(std::in_place);
  lock.lock();
  world.reset();
  BOOST_TEST((code_of([&](auto& ec) { lock.unlock(ec); }) ==
              std::errc::bad_file_descriptor));
  BOOST_TEST(!lock.is_open());
  // Handles of one simulation mean nothing in the next one.
  world.emplace();
  lock.lock();
  const auto handle = lock.native_handle();
  world.reset();
  world.emplace();
  simulated_file_lock other(path);
  BOOST_TEST(other.try_lock());
  BOOST_TEST(other.native_handle() != handle);
  lock.close();
  BOOST_TEST(world->open_files() == 1U);
  BOOST_TEST((world->holder(path) == simulation::this_process));
}

BOOST_AUTO_TEST_CASE(simulations_nest) {
  simulation outer;
  outer.sleep_for(5s);
  simulated_file_lock held(path);
  held.lock();
  {
    simulation inner;
    BOOST_TEST((virtual_clock::now().time_since_epoch() == 0s));
    simulated_file_lock lock(path);
    BOOST_TEST(lock.try_lock()); // a file of its own
    inner.sleep_for(1s);
    held.unlock();
    BOOST_TEST(lock.owns_lock());
    BOOST_TEST((inner.holder(path) == simulation::this_process));
    BOOST_TEST(inner.open_files() == 1U);
  }
  BOOST_TEST((virtual_clock::now().time_since_epoch() == 5s));
  BOOST_TEST(!outer.holder(path));
  BOOST_TEST(held.try_lock());
}

BOOST_AUTO_TEST_CASE(each_thread_has_its_own) {
  simulation world;
  world.hold(path);
  simulated_file_lock lock(path);
  lock.open();
  std::error_code in_none;
  nanoseconds end{};
  bool is_busy = true;
  std::thread thread([&] {
    simulated_file_lock own(path);
    own.lock(in_none);
    simulation other;
    other.hold(path, 0s, 2s);
    is_busy = !own.try_lock_for(1s);
    end = other.now();
  });
  BOOST_TEST(!lock.try_lock_for(3s));
  thread.join();
  BOOST_TEST((in_none == std::errc::not_supported));
  BOOST_TEST(is_busy);
  BOOST_TEST((end == 1s));
  BOOST_TEST((world.now() == 3s));
}

// ---- Adaptors ----

BOOST_AUTO_TEST_CASE(polled_leaves_lock_to_the_policy) {
  simulation world;
  world.hold(path, 0s, 25s);
  basic_file_lock<filelock::polled<simulated_traits>,
                  filelock::constant_backoff>
      lock(path, filelock::constant_backoff(10s));
  lock.lock();
  BOOST_TEST((world.now() == 30s));
}

BOOST_AUTO_TEST_CASE(a_fault_takes_virtual_time) {
  simulation world;
  filelock::fault_script script;
  script.delay(filelock::platform_call::try_lock, 7s);
  const filelock::fault_scope scope(script);
  basic_file_lock<filelock::faulty<simulated_traits>> lock(path);
  lock.lock();
  BOOST_TEST((world.now() == 7s));
}

// ---- Guards, and what a Platform is asked directly ----

BOOST_AUTO_TEST_CASE(the_guards_of_the_standard_library_serve) {
  simulation world;
  simulated_file_lock lock(path);
  simulated_file_lock other("/folder/b.lock");
  {
    const std::scoped_lock both(lock, other);
    BOOST_TEST((world.holder(path) && world.holder("/folder/b.lock")));
  }
  const std::shared_lock<simulated_file_lock> shared(lock, 1s);
  BOOST_TEST(lock.owns_lock_shared());
}

BOOST_AUTO_TEST_CASE(a_conversion_lets_a_waiter_in_between_or_does_not) {
  const filelock::lock_request shared{lock_mode::shared, {}};
  const filelock::lock_request exclusive{lock_mode::exclusive, {}};
  simulation world;
  std::error_code ec;
  for (const bool is_atomic : {false, true}) {
    const auto handle = simulated_traits::open(path, {}, ec);
    simulated_traits::try_lock(handle, shared, ec);
    const process_id waiter = world.hold(path, 0s, 1s);
    BOOST_TEST((is_atomic ? atomic_simulated_traits::convert(handle, shared,
                                                             exclusive, ec)
                          : simulated_traits::convert(handle, shared, exclusive,
                                                      ec)) == is_atomic);
    BOOST_TEST(!ec);
    BOOST_TEST((world.holder(path) ==
                (is_atomic ? simulation::this_process : waiter)));
    world.kill(waiter);
    simulated_traits::close(handle);
  }
  // A downgrade lets in who may stand beside it.
  const auto handle = simulated_traits::open(path, {}, ec);
  simulated_traits::try_lock(handle, exclusive, ec);
  world.hold(path, 0s, 1s, lock_mode::shared);
  BOOST_TEST(atomic_simulated_traits::convert(handle, exclusive, shared, ec));
  world.run();
  BOOST_TEST(world.contenders() == 0U);
  BOOST_TEST((world.holder(path) == simulation::this_process));
}

BOOST_AUTO_TEST_CASE(an_upgrade_is_refused_as_the_platform_does) {
  using filelock::conversion;
  simulation world;
  world.hold(path, 0s, 10s, lock_mode::shared);
  simulated_file_lock lock(path);
  lock.lock_shared();
  BOOST_TEST((lock.try_upgrade() == conversion::refused_released));
  BOOST_TEST(!lock.owns_lock_shared());
  basic_file_lock<atomic_simulated_traits> atomic(path);
  atomic.lock_shared();
  BOOST_TEST((atomic.try_upgrade() == conversion::refused_still_shared));
  BOOST_TEST(atomic.owns_lock_shared());
  BOOST_TEST((atomic.try_upgrade_for(4s) == conversion::refused_still_shared));
  BOOST_TEST((world.now() == 4s));
  BOOST_TEST((atomic.try_upgrade_for(1h) == conversion::held_throughout));
  BOOST_TEST(atomic.owns_lock());
  BOOST_TEST((atomic.downgrade() == conversion::held_throughout));
  BOOST_TEST(lock.try_lock_shared());
  atomic.unlock();
  BOOST_TEST((lock.try_upgrade() == conversion::released_between));
}

BOOST_AUTO_TEST_CASE(one_of_two_upgraders_is_refused) {
  using filelock::conversion;
  simulation world;
  simulated_file_lock first(path);
  simulated_file_lock second(path);
  first.lock_shared();
  second.lock_shared();
  BOOST_TEST((first.try_upgrade() == conversion::refused_released));
  BOOST_TEST((second.try_upgrade() == conversion::released_between));
  second.unlock();
  basic_file_lock<atomic_simulated_traits> third(path);
  basic_file_lock<atomic_simulated_traits> fourth(path);
  third.lock_shared();
  fourth.lock_shared();
  BOOST_TEST((third.try_upgrade() == conversion::refused_still_shared));
  BOOST_TEST((fourth.try_upgrade_for(1s) == conversion::refused_still_shared));
  BOOST_TEST((world.now() == 1s));
  third.unlock();
  BOOST_TEST((fourth.try_upgrade_for(1s) == conversion::held_throughout));
}

BOOST_AUTO_TEST_CASE(a_file_is_removed_if_the_path_still_names_it) {
  simulation world;
  std::error_code ec;
  const auto handle = simulated_traits::open(path, {}, ec);
  world.replace(path);
  simulated_traits::remove(path, handle, ec);
  BOOST_TEST(world.exists(path));
  const auto other = simulated_traits::open(path, {}, ec);
  simulated_traits::remove(path, other, ec);
  BOOST_TEST(!world.exists(path));
  BOOST_TEST(!ec);
  simulated_traits::remove(path, simulated_traits::invalid_handle, ec);
  BOOST_TEST((ec == std::errc::bad_file_descriptor));
}

BOOST_AUTO_TEST_CASE(the_platform_names_the_holder) {
  simulation world;
  std::error_code ec;
  const filelock::lock_request shared{lock_mode::shared, {}};
  const filelock::lock_request exclusive{lock_mode::exclusive, {}};
  const auto handle = simulated_traits::open(path, {}, ec);
  BOOST_TEST(!simulated_traits::holder(handle, exclusive));
  const process_id holder = world.hold(path, 0s, 1s, lock_mode::shared);
  BOOST_TEST((simulated_traits::holder(handle, exclusive) == holder));
  BOOST_TEST(!simulated_traits::holder(handle, shared));
  BOOST_TEST(!simulated_traits::holder(0, shared));
}

BOOST_AUTO_TEST_SUITE_END()

#undef CHECK_LINES
