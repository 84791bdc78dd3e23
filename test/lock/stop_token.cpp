// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A wait that is stopped. With C++17 by a canceller, which is what a stop token
// becomes; with C++20 by the token too.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/scripted_platform.hpp"
#include "support/temporary_folder.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if FILELOCK_HAS_STOP_TOKEN
#include <stop_token>
#endif

BOOST_AUTO_TEST_SUITE(lock_stop_token)

namespace {

using namespace std::chrono_literals;
using filelock::canceller;
using filelock::lock_mode;
using filelock::wait_outcome;
using std::chrono::nanoseconds;

/// The longest pause that a test could not wait for.
struct one_hour {
  nanoseconds operator()(const filelock::wait_state&) const { return 1h; }
};

filelock::open_options unverified() {
  filelock::open_options options;
  options.verify_path = false;
  return options;
}

template <class Platform, class Policy = one_hour>
using core_on = filelock::detail::lock_core<Platform, Policy>;

/// Says whether a thread waits: its first attempt was busy.
class signalling {
public:
  explicit signalling(std::atomic<bool>& waits) : waits_(&waits) {}
  nanoseconds operator()(const filelock::wait_state&) const {
    *waits_ = true;
    return 1h;
  }

private:
  std::atomic<bool>* waits_;
};

void wait_until_set(const std::atomic<bool>& flag) {
  while (!flag)
    std::this_thread::yield();
}

/// Lets up to some microseconds pass, so that each repetition stops the waiter
/// somewhere else: before its attempt, in between, in its sleep.
void pass_a_moment(std::mt19937& random) {
  volatile unsigned rounds =
      std::uniform_int_distribution<unsigned>(0, 20000)(random);
  while (rounds != 0)
    rounds = rounds - 1;
}

/// \returns The calls and the outcome of one cancelled acquire.
template <class Platform>
std::string cancelled_acquire(std::optional<nanoseconds> when) {
  test::script script;
  filelock::cancel_source source;
  core_on<Platform> core("/folder/file", one_hour(), unverified());
  script.free_from = test::never;
  if (when)
    script.at(*when, [&source] { source.request(); });
  else
    source.request();
  filelock::detail::failure failed;
  const wait_outcome outcome =
      core.acquire(lock_mode::exclusive, filelock::detail::no_deadline(),
                   canceller(source), failed);
  std::string result = script.timed_log();
  if (outcome != wait_outcome::stopped) result += " not stopped";
  if (failed) result += " " + failed.code().message();
  if (core.file().is_open() || script.held() != 0) result += " still open";
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_cancel_ends_a_pause_at_once) {
  BOOST_TEST(cancelled_acquire<test::scripted_polled>(5ns) ==
             "open@0 try@0 pause(3600000000000)@0 close@5");
}

BOOST_AUTO_TEST_CASE(a_wait_that_may_be_cancelled_avoids_the_endless_one) {
  BOOST_TEST(cancelled_acquire<test::scripted_blocking>(5ns) ==
             "open@0 try@0 pause(3600000000000)@0 close@5");
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_a_wait_in_the_kernel_at_once) {
  const std::string calls = "open@0 try@0 until(9223372036854775807)@0 close@5";
  BOOST_TEST(cancelled_acquire<test::scripted_full>(5ns) == calls);
  BOOST_TEST(cancelled_acquire<test::scripted_bounded>(5ns) == calls);
}

BOOST_AUTO_TEST_CASE(a_cancel_before_the_wait_leaves_one_attempt) {
  const std::string calls = "open@0 try@0 close@0";
  BOOST_TEST(cancelled_acquire<test::scripted_polled>(std::nullopt) == calls);
  BOOST_TEST(cancelled_acquire<test::scripted_blocking>(std::nullopt) == calls);
  BOOST_TEST(cancelled_acquire<test::scripted_full>(std::nullopt) == calls);
}

BOOST_AUTO_TEST_CASE(a_cancel_is_never_lost_whenever_it_comes) {
  const test::temporary_folder folder;
  filelock::file_lock holder(folder / "file");
  holder.lock();
  std::mt19937 random(1);
  for (int i = 0; i != 200; ++i) {
    filelock::cancel_source source;
    std::atomic<bool> starts{false};
    wait_outcome outcome{};
    std::thread waiter([&] {
      core_on<filelock::native_traits> core(folder / "file", one_hour(), {});
      filelock::detail::failure failed;
      starts = true;
      outcome =
          core.acquire(lock_mode::exclusive, filelock::detail::no_deadline(),
                       canceller(source), failed);
    });
    wait_until_set(starts);
    pass_a_moment(random);
    source.request();
    waiter.join(); // an hour later, if the request was lost
    BOOST_TEST_REQUIRE((outcome == wait_outcome::stopped));
  }
}

#if FILELOCK_HAS_STOP_TOKEN

namespace {

template <class Platform>
using lock_on = filelock::basic_file_lock<Platform, one_hour>;

/// One of the members that take a token, which all wait for ten seconds or
/// more.
template <class Lock>
struct stoppable_form {
  const char* name;
  bool is_bounded;
  std::function<test::outcome(Lock&, std::stop_token)> call;
};

template <class Lock>
std::vector<stoppable_form<Lock>> stoppable_forms() {
  using token = std::stop_token;
  const auto end = [] { return Lock::clock::now() + 10s; };
  return {
      {"lock(token)", false,
       [](Lock& lock, token stop) {
         return test::caught(lock, [&] { return lock.lock(stop); });
       }},
      {"lock(token, ec)", false,
       [](Lock& lock, token stop) {
         return test::coded(
             [&](std::error_code& ec) { return lock.lock(stop, ec); });
       }},
      {"try_lock_for(token)", true,
       [](Lock& lock, token stop) {
         return test::caught(lock,
                             [&] { return lock.try_lock_for(10s, stop); });
       }},
      {"try_lock_for(token, ec)", true,
       [](Lock& lock, token stop) {
         return test::coded([&](std::error_code& ec) {
           return lock.try_lock_for(10s, stop, ec);
         });
       }},
      {"try_lock_until(token)", true,
       [end](Lock& lock, token stop) {
         return test::caught(lock,
                             [&] { return lock.try_lock_until(end(), stop); });
       }},
      {"try_lock_until(token, ec)", true,
       [end](Lock& lock, token stop) {
         return test::coded([&](std::error_code& ec) {
           return lock.try_lock_until(end(), stop, ec);
         });
       }},
      {"lock_shared(token)", false,
       [](Lock& lock, token stop) {
         return test::caught(lock, [&] { return lock.lock_shared(stop); });
       }},
      {"lock_shared(token, ec)", false,
       [](Lock& lock, token stop) {
         return test::coded(
             [&](std::error_code& ec) { return lock.lock_shared(stop, ec); });
       }},
      {"try_lock_shared_for(token)", true,
       [](Lock& lock, token stop) {
         return test::caught(
             lock, [&] { return lock.try_lock_shared_for(10s, stop); });
       }},
      {"try_lock_shared_for(token, ec)", true,
       [](Lock& lock, token stop) {
         return test::coded([&](std::error_code& ec) {
           return lock.try_lock_shared_for(10s, stop, ec);
         });
       }},
      {"try_lock_shared_until(token)", true,
       [end](Lock& lock, token stop) {
         return test::caught(
             lock, [&] { return lock.try_lock_shared_until(end(), stop); });
       }},
      {"try_lock_shared_until(token, ec)", true,
       [end](Lock& lock, token stop) {
         return test::coded([&](std::error_code& ec) {
           return lock.try_lock_shared_until(end(), stop, ec);
         });
       }},
  };
}

/// \returns What the forms do wrong that are stopped at `when`; at once
/// without it. \param free_from When they could have had the lock.
template <class Platform>
std::string wrong_stops(std::optional<nanoseconds> when,
                        nanoseconds free_from = test::never) {
  std::string result;
  for (const auto& form : stoppable_forms<lock_on<Platform>>()) {
    test::script script;
    std::stop_source source;
    lock_on<Platform> lock("/folder/file", unverified());
    script.free_from = free_from;
    if (when)
      script.at(*when, [&source] { source.request_stop(); });
    else
      source.request_stop();
    const bool could_have = free_from == 0ns;
    const test::outcome outcome = form.call(lock, source.get_token());
    std::string wrong;
    if (!(outcome == (could_have ? test::success() : test::no_success())))
      wrong += " wrong outcome";
    if (test::state_of(lock) == "closed" ? could_have : !could_have)
      wrong += " then " + test::state_of(lock);
    if (script.now != (when && !could_have ? *when : 0ns))
      wrong += " ended at " + std::to_string(script.now.count());
    if (script.count("lock") + script.count("lock_shared") != 0)
      wrong += " waited without end";
    const auto untils = script.count("until") + script.count("until_shared");
    const bool has_until = filelock::detail::has_lock_until_v<Platform>;
    if (untils != (has_until && when && !could_have ? 1u : 0u))
      wrong += " by the wrong wait";
    if (!wrong.empty())
      result += form.name + wrong + ": " + script.timed_log() + "\n";
  }
  return result;
}

template <class Platform>
std::string wrong_stops() {
  return wrong_stops<Platform>(std::nullopt) + wrong_stops<Platform>(5ns) +
         wrong_stops<Platform>(std::nullopt, 0ns) +
         wrong_stops<Platform>(5ns, 0ns);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_stop_ends_each_form_at_once_on_each_platform) {
  BOOST_TEST(wrong_stops<test::scripted_polled>() == "");
  BOOST_TEST(wrong_stops<test::scripted_blocking>() == "");
  BOOST_TEST(wrong_stops<test::scripted_bounded>() == "");
  BOOST_TEST(wrong_stops<test::scripted_full>() == "");
}

BOOST_AUTO_TEST_CASE(a_token_that_is_never_stopped_changes_nothing) {
  test::script script;
  std::stop_source source;
  filelock::basic_file_lock<test::scripted_full, filelock::yield_backoff> lock(
      "/folder/file", unverified());
  script.free_from = 100ns;
  BOOST_TEST(lock.lock(source.get_token()));
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST((script.now == 100ns));
  lock.unlock();
  script.free_from = test::never;
  BOOST_TEST(!lock.try_lock_for(50ns, source.get_token()));
  BOOST_TEST((script.now == 150ns));
}

BOOST_AUTO_TEST_CASE(a_stop_after_the_acquire_releases_nothing) {
  test::script script;
  std::stop_source source;
  lock_on<test::scripted_full> lock("/folder/file");
  BOOST_TEST(lock.lock(source.get_token()));
  script.forget();
  source.request_stop();
  BOOST_TEST(lock.owns_lock());
  BOOST_TEST(script.log() == "");
  BOOST_TEST(lock.lock(source.get_token())); // held already
  std::error_code ec;
  BOOST_TEST(!lock.lock_shared(source.get_token(), ec));
  BOOST_TEST((ec == std::errc::resource_deadlock_would_occur));
}

BOOST_AUTO_TEST_CASE(a_policy_gets_the_result_of_a_stopped_wait) {
  struct finishing : one_hour {
    std::optional<filelock::wait_result>* end;
    explicit finishing(std::optional<filelock::wait_result>& to) : end(&to) {}
    void finished(const filelock::wait_result& result) { *end = result; }
  };
  for (const bool in_kernel : {false, true}) {
    test::script script;
    std::stop_source source;
    std::optional<filelock::wait_result> end;
    script.free_from = test::never;
    script.at(5ns, [&] { source.request_stop(); });
    const auto run = [&](auto lock) {
      BOOST_TEST(!lock.lock(source.get_token()));
    };
    if (in_kernel)
      run(filelock::basic_file_lock<test::scripted_full, finishing>(
          "/folder/file", finishing(end)));
    else
      run(filelock::basic_file_lock<test::scripted_polled, finishing>(
          "/folder/file", finishing(end)));
    BOOST_TEST_REQUIRE(end.has_value());
    BOOST_TEST((end->outcome == wait_outcome::stopped));
    BOOST_TEST(end->elapsed.count() == 5);
  }
}

BOOST_AUTO_TEST_CASE(a_token_that_can_never_stop_changes_nothing) {
  test::script script;
  lock_on<test::scripted_blocking> lock("/folder/file");
  script.attempts = {test::busy};
  BOOST_TEST(lock.lock(std::stop_token()));
  BOOST_TEST(script.log() == "open try lock names");
}

BOOST_AUTO_TEST_CASE(an_error_of_a_stoppable_wait_is_an_error) {
  test::script script;
  std::stop_source source;
  lock_on<test::scripted_full> lock("/folder/file");
  script.attempts = {test::busy, test::failed(EIO)};
  std::error_code ec;
  BOOST_TEST(!lock.lock(source.get_token(), ec));
  BOOST_TEST((ec == std::errc::io_error));
}

BOOST_AUTO_TEST_CASE(a_real_pause_of_an_hour_ends_with_the_stop) {
  const test::temporary_folder folder;
  filelock::file_lock holder(folder / "file");
  holder.lock();
  std::atomic<bool> waits{false};
  filelock::basic_file_lock lock(folder / "file", signalling(waits));
  bool acquired = true;
  std::jthread waiter(
      [&](std::stop_token stop) { acquired = lock.lock(stop); });
  wait_until_set(waits);
  waiter.request_stop();
  waiter.join();
  BOOST_TEST(!acquired);
  BOOST_TEST(test::state_of(lock) == "closed");
  holder.unlock();
  BOOST_TEST(lock.try_lock());
}

BOOST_AUTO_TEST_CASE(a_stop_is_never_lost_whenever_it_comes) {
  const test::temporary_folder folder;
  filelock::file_lock holder(folder / "file");
  holder.lock();
  std::mt19937 random(2);
  for (int i = 0; i != 200; ++i) {
    std::atomic<bool> starts{false};
    bool acquired = true;
    std::string state;
    std::jthread waiter([&](std::stop_token stop) {
      lock_on<filelock::native_traits> lock(folder / "file");
      starts = true;
      acquired =
          i % 2 == 0 ? lock.lock(stop) : lock.try_lock_shared_for(2h, stop);
      state = test::state_of(lock);
    });
    wait_until_set(starts);
    pass_a_moment(random);
    waiter.request_stop();
    waiter.join(); // an hour later, if the request was lost
    BOOST_TEST_REQUIRE(!acquired);
    BOOST_TEST_REQUIRE(state == "closed");
  }
}

#endif

BOOST_AUTO_TEST_SUITE_END()
