// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: libpq: postgres_traits
// LINK: filelock_postgres
// LABELS: process
// LONG: 1200

// Histories of locks of services, under kills, pauses, restarts and cut
// connections: what the owners believed must be true, or the resource must have
// refused them. FILELOCK_HISTORY_SECONDS says for how long; the manual shows
// what a run prints.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/remote/etcd.hpp>
#include <filelock/remote/postgres.hpp>

#include "support/child_process.hpp"
#include "support/etcd_server.hpp"
#include "support/hold_history.hpp"
#include "support/postgres_server.hpp"
#include "support/tcp_proxy.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(remote_history)

// ---- The check itself ----

namespace {

using test::believed_hold;
using test::check_history;
using test::hold_end;

constexpr believed_hold first{1, 100, 200, hold_end::unlocked, false};

std::size_t contradictions(const believed_hold& one, const believed_hold& other,
                           bool may_overlap = true) {
  return check_history({other, one}, may_overlap).contradictions.size();
}

} // namespace

BOOST_AUTO_TEST_CASE(one_hold_after_another_is_as_it_should_be) {
  constexpr believed_hold next{2, 200, 300, hold_end::killed, false};
  BOOST_TEST(contradictions(first, next) == 0u);
  BOOST_TEST(contradictions(first, next, false) == 0u);
}

BOOST_AUTO_TEST_CASE(two_owners_at_once_are_seen) {
  constexpr believed_hold next{2, 199, 300, hold_end::unlocked, false};
  BOOST_TEST(contradictions(first, next) == 1u);
  believed_hold was_lost = first;
  was_lost.why = hold_end::lost;
  BOOST_TEST(contradictions(was_lost, next) == 0u);
  BOOST_TEST(contradictions(was_lost, next, false) == 1u);
  BOOST_TEST(check_history({was_lost, next}, true).longest_overlap == 1);
}

BOOST_AUTO_TEST_CASE(a_number_that_does_not_rise_is_seen) {
  BOOST_TEST(contradictions(first, {1, 250, 300, hold_end::lost, false}) == 1u);
  BOOST_TEST(contradictions(first, {0, 250, 300, hold_end::lost, false}) == 1u);
}

BOOST_AUTO_TEST_CASE(a_write_of_an_owner_must_be_accepted) {
  BOOST_TEST(contradictions(first, {2, 250, 300, hold_end::unlocked, true}) ==
             1u);
  BOOST_TEST(contradictions(first, {2, 250, 300, hold_end::lost, true}) == 0u);
}

BOOST_AUTO_TEST_CASE(the_resource_refuses_an_older_number) {
  test::shared_history history;
  BOOST_TEST(history.write(2));
  BOOST_TEST(history.write(2));
  BOOST_TEST(!history.write(1));
  BOOST_TEST(history.write(3));
}

// ---- The services ----

namespace {

using test::now_for_all;
using test::shared_history;
using random_numbers = std::minstd_rand;

int number_of(random_numbers& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}
std::chrono::milliseconds time_of(random_numbers& random, int least, int most) {
  return std::chrono::milliseconds(number_of(random, least, most));
}

/// Where the contenders connect to: the proxy of the engine that is tried.
std::string address;

class postgres_engine {
public:
  struct tag {
    static std::string connection() { return address; }
    static std::chrono::seconds patience() { return 3s; }
  };
  using lock = filelock::basic_file_lock<filelock::postgres_traits<tag>>;
  static constexpr const char* name = "PostgreSQL";
  // The server ends a session, lets the next one in, and closes the socket.
  static constexpr bool may_overlap = true;
  static constexpr int most_calm = 150; // ms between two blows

  postgres_engine() : proxy(server_.port()) {
    address = "host=127.0.0.1 port=" + std::to_string(proxy.port()) +
              " dbname=postgres user=locker password='" + server_.password +
              "'";
  }

  void disturb(random_numbers& random) {
    switch (number_of(random, 0, 5)) {
    case 0:
      return server_.restart(SIGINT);
    case 1:
      return server_.restart(SIGQUIT);
    case 2:
      server_.signal_all(SIGSTOP);
      std::this_thread::sleep_for(time_of(random, 10, 1000));
      return server_.signal_all(SIGCONT);
    default:
      server_.ask("select pg_terminate_backend(pid) from pg_locks "
                  "where locktype = 'advisory' and granted");
    }
  }

private:
  test::postgres_server server_;

public:
  test::tcp_proxy proxy;
};

class etcd_engine {
public:
  struct tag {
    static std::string endpoints() { return address; }
    static std::chrono::seconds lease() { return 2s; }
    static std::chrono::seconds request_timeout() { return 1s; }
  };
  using lock = filelock::basic_file_lock<filelock::etcd_traits<tag>>;
  static constexpr const char* name = "etcd";
  // An owner gives up by its own clock before the server does.
  static constexpr bool may_overlap = false;
  // An owner that was killed is in the way until its lease ends.
  static constexpr int most_calm = 1500;

  etcd_engine() : proxy(port_of(servers_.endpoint(0))) {
    address = "127.0.0.1:" + std::to_string(proxy.port());
  }

  void disturb(random_numbers& random) {
    if (number_of(random, 0, 1) == 0) {
      servers_.kill(0);
      std::this_thread::sleep_for(time_of(random, 0, 500));
      servers_.start(0);
      servers_.await();
    } else {
      servers_.pause(0);
      std::this_thread::sleep_for(time_of(random, 10, 3000));
      servers_.resume(0);
    }
  }

private:
  static int port_of(const std::string& endpoint) {
    return std::stoi(endpoint.substr(endpoint.find(':') + 1));
  }

  test::etcd_servers servers_;

public:
  test::tcp_proxy proxy;
};

// ---- The contenders ----

/// \returns Whether the hold was lost as far as the owner knows.
template <class Lock>
bool write_until_lost(Lock& lock, shared_history& history, believed_hold& hold,
                      std::chrono::nanoseconds work) {
  for (;;) {
    const std::int64_t time = now_for_all();
    if (!lock.still_valid()) return true;
    hold.end = time;
    if (time - hold.begin > work.count()) return false;
    if (!history.write(hold.token)) hold.was_refused = true;
    std::this_thread::sleep_for(200us);
  }
}

template <class Lock>
void hold_and_write(Lock& lock, shared_history& history,
                    std::chrono::nanoseconds work, std::error_code& ec) {
  believed_hold ignored;
  const std::uint64_t token = lock.token();
  believed_hold& hold = token == 0 ? ignored : history.new_hold();
  hold.token = token;
  hold.begin = now_for_all();
  const bool is_lost = write_until_lost(lock, history, hold, work);
  // A release that fails tells of a loss as well.
  lock.unlock(ec);
  hold.why = is_lost || ec ? hold_end::lost : hold_end::unlocked;
}

template <class Lock>
void contend_until_over(shared_history& history) {
  random_numbers random(static_cast<unsigned>(::getpid()));
  Lock lock{"history"};
  while (!history.is_over()) {
    std::error_code ec;
    if (lock.try_lock_for(2s, ec))
      hold_and_write(lock, history, time_of(random, 0, 10), ec);
    if (ec) {
      history.count_error();
      std::this_thread::sleep_for(20ms);
    }
  }
}

template <class Lock>
std::string contend(shared_history& history) {
  test::end_with_parent();
  contend_until_over<Lock>(history);
  // The thread that renews leases lives as long as the process.
  test::leave_child(0);
}

struct contender {
  std::optional<test::child_process> process;
  std::int64_t resumes_at = 0;
};

// ---- A run ----

std::chrono::seconds seconds_of_run() {
  const char* const said = std::getenv("FILELOCK_HISTORY_SECONDS");
  if (said) return std::chrono::seconds(std::atoi(said));
  return std::getenv("FILELOCK_LONG") ? 240s : 6s;
}

template <class Engine>
class chaos {
public:
  explicit chaos(unsigned seed) : random_(seed) {
    for (contender& each : contenders_)
      start(each);
  }

  void run(std::chrono::seconds time) {
    const std::int64_t end =
        now_for_all() + std::chrono::nanoseconds(time).count();
    while (now_for_all() < end) {
      std::this_thread::sleep_for(time_of(random_, 20, Engine::most_calm));
      resume(now_for_all());
      disturb(contenders_[number_of(random_, 0, 3)]);
    }
    resume((std::numeric_limits<std::int64_t>::max)());
    history_.finish();
    for (contender& each : contenders_)
      BOOST_TEST(each.process->failure() == "");
    // Nothing is left that keeps the next owner out.
    const std::string failure = test::failure_in_child([]() -> std::string {
      typename Engine::lock lock{"history"};
      if (!lock.try_lock_for(20s)) return "busy for ever";
      lock.close();
      test::leave_child(0);
    });
    BOOST_TEST(failure == "");
    report(time);
  }

private:
  void start(contender& one) {
    one.process.emplace(
        test::child_process::forked([this](test::line_channel&) {
          return contend<typename Engine::lock>(history_);
        }));
    one.resumes_at = 0;
  }

  void resume(std::int64_t now) {
    for (contender& each : contenders_)
      if (each.resumes_at != 0 && each.resumes_at < now) {
        each.process->kill(SIGCONT);
        each.resumes_at = 0;
      }
  }

  void disturb(contender& one) {
    switch (number_of(random_, 0, 9)) {
    case 0:
    case 1:
    case 2:
      ++kills_;
      one.process->kill_and_wait();
      return start(one);
    case 3:
    case 4:
    case 5:
    case 6:
      ++pauses_;
      one.process->kill(SIGSTOP);
      one.resumes_at =
          now_for_all() +
          std::chrono::nanoseconds(time_of(random_, 1, 4000)).count();
      return;
    case 7:
    case 8:
      ++cuts_;
      return engine_.proxy.cut();
    default:
      ++stops_;
      return engine_.disturb(random_);
    }
  }

  void report(std::chrono::seconds time) const {
    const auto holds = history_.holds();
    const test::history_report seen = check_history(holds, Engine::may_overlap);
    std::printf("%s: %d s, %zu holds; owners: %d killed, %d paused; servers: "
                "%d stopped, %d connections cut; %zu errors told, %d holds "
                "lost and told, %d overlaps of at most %.1f ms, %d writes "
                "refused\n",
                Engine::name, static_cast<int>(time.count()), holds.size(),
                kills_, pauses_, stops_, cuts_, history_.errors(), seen.lost,
                seen.overlaps, static_cast<double>(seen.longest_overlap) / 1e6,
                seen.refused);
    std::fflush(stdout);
    BOOST_TEST(!holds.empty());
    BOOST_TEST(seen.contradictions.empty());
    for (const std::string& each : seen.contradictions)
      BOOST_ERROR(each);
  }

  random_numbers random_;
  Engine engine_;
  shared_history history_;
  contender contenders_[4];
  int kills_ = 0, pauses_ = 0, stops_ = 0, cuts_ = 0;
};

template <class Engine>
void run_chaos() {
  const char* const said = std::getenv("FILELOCK_SEED");
  const unsigned seed =
      said ? static_cast<unsigned>(std::atoi(said)) : std::random_device()();
  BOOST_TEST_INFO_SCOPE("FILELOCK_SEED=" << seed);
  chaos<Engine>(seed).run(seconds_of_run());
}

} // namespace

BOOST_AUTO_TEST_CASE(owners_on_postgres_never_contradict_each_other) {
  if (test::has_postgres_server("PostgreSQL")) run_chaos<postgres_engine>();
}

BOOST_AUTO_TEST_CASE(owners_on_etcd_never_contradict_each_other) {
  if (test::has_etcd("etcd")) run_chaos<etcd_engine>();
}

BOOST_AUTO_TEST_SUITE_END()
