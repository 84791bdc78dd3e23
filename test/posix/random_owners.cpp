// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: processes that are killed, stopped and forked
// LABELS: process
// LONG: 7200
// ALONE

// Processes acquire, work and release at random, exclusive and shared, timed
// and not, over each platform and adaptor. Meanwhile they are killed and
// stopped, they fork, and signals without SA_RESTART hit them. No two holds in
// conflict overlap, and whoever is told of the death of the previous owner is
// told the truth.
//
// FILELOCK_LONG=1: 1 000 000 holds in place of 20 000. FILELOCK_SEED=N: with
// the choices of N.

#define BOOST_TEST_MODULE random_owners
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>
#include <filelock/platform/counted.hpp>
#include <filelock/platform/fifo.hpp>
#include <filelock/platform/marked.hpp>
#include <filelock/platform/polled.hpp>
#include <filelock/platform/posix_robust_traits.hpp>
#include <filelock/platform/queued.hpp>

#include "support/child_process.hpp"
#include "support/posix_models.hpp"
#include "support/shared_memory.hpp"
#include "support/temporary_folder.hpp"

#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace std::chrono_literals;
using filelock::counted;
using filelock::token_survives;
using test::child_process;
using test::line_channel;

// ---- The platforms ----

using test::world;
using flock_traits = filelock::posix_flock_traits;
using worlds =
    std::tuple<world<flock_traits>, world<flock_traits, true>,
               world<filelock::posix_fcntl_traits>,
               world<filelock::polled<flock_traits>>,
               world<filelock::queued<flock_traits>>,
               world<filelock::queued<flock_traits>, true>,
               world<filelock::marked<flock_traits>>,
               world<filelock::marked<filelock::queued<flock_traits>>>,
               world<counted<flock_traits, token_survives::process_death>>
#if FILELOCK_HAS_OFD_LOCKS
               ,
               world<filelock::posix_ofd_traits>,
               world<filelock::queued<filelock::posix_ofd_traits>, true>,
               world<filelock::fifo<filelock::posix_ofd_traits>>
#endif
#if FILELOCK_HAS_ROBUST_LOCK
               ,
               world<filelock::posix_robust_traits>
#endif
               >;

// ---- What they tell each other ----

enum class hold { none, shared, exclusive };

constexpr int most_owners = 6;

/// In memory that all processes share.
struct records {
  struct owner {
    std::atomic<hold> has{hold::none};
    /// Odd from before it is killed until its successor begins: what it has
    /// told may be old.
    std::atomic<unsigned> life{0};
  };

  std::array<owner, most_owners> owners;
  std::atomic<long> holds{0};
  std::atomic<long> forks{0};
  std::atomic<int> told_deaths{0};
  std::atomic<std::uint64_t> last_token{0};
  std::atomic<bool> is_over{false};
};

// ---- An owner ----

template <class Lock>
class owner {
public:
  owner(records& all, int number, Lock& lock, unsigned seed)
      : all_(all),
        self_(all.owners[static_cast<std::size_t>(number)]),
        lock_(lock),
        random_(seed) {}

  /// \returns What failed; empty if nothing did until all are over.
  std::string run() {
    while (!all_.is_over) {
      const bool is_shared = has_shared && random_() % 3 == 0;
      std::error_code ec;
      bool is_held = false;
      if constexpr (has_shared)
        is_held = is_shared ? acquire_shared(ec) : acquire(ec);
      else
        is_held = acquire(ec);
      if (ec) return "acquire: " + ec.message();
      if (!is_held) continue;
      const std::string wrong = use(is_shared ? hold::shared : hold::exclusive);
      if (!wrong.empty()) return wrong;
      lock_.unlock(ec);
      if (ec) return "unlock: " + ec.message();
      if (random_() % 50 == 0) lock_.close();
    }
    return "";
  }

private:
  using traits = typename Lock::platform_type;
  static constexpr bool has_shared =
      filelock::detail::has_shared_locks_v<traits>;

  std::chrono::microseconds some_time() {
    return std::chrono::microseconds(random_() % 2000);
  }

  bool acquire(std::error_code& ec) {
    switch (random_() % 3) {
    case 0:
      return lock_.try_lock(ec);
    case 1:
      return lock_.try_lock_for(some_time(), ec);
    default:
      return lock_.lock(ec), !ec;
    }
  }

  bool acquire_shared(std::error_code& ec) {
    switch (random_() % 3) {
    case 0:
      return lock_.try_lock_shared(ec);
    case 1:
      return lock_.try_lock_shared_for(some_time(), ec);
    default:
      return lock_.lock_shared(ec), !ec;
    }
  }

  std::string use(hold mode) {
    if (mode == hold::exclusive) {
      if constexpr (filelock::detail::has_previous_owner_died_v<traits>)
        if (lock_.previous_owner_died()) ++all_.told_deaths;
      if constexpr (filelock::detail::has_token_v<traits>)
        if (all_.last_token.exchange(lock_.token()) >= lock_.token())
          return "a token that does not rise";
    }
    self_.has = mode;
    std::string wrong = overlap(mode);
    if (random_() % 4 == 0) std::this_thread::yield();
    if (random_() % 64 == 0) fork_meanwhile();
    if (wrong.empty()) wrong = overlap(mode);
    self_.has = hold::none;
    ++all_.holds;
    return wrong;
  }

  std::string overlap(hold mode) const {
    for (const records::owner& each : all_.owners) {
      if (&each == &self_) continue;
      const unsigned life = each.life;
      const hold other = each.has;
      const bool conflicts = other == hold::exclusive ||
                             (other == hold::shared && mode == hold::exclusive);
      if (conflicts && life % 2 == 0 && each.life == life)
        return "two hold it at once";
    }
    return "";
  }

  /// A child that does not have the lock, and may live longer than the hold.
  void fork_meanwhile() {
    const ::pid_t child = ::fork();
    if (child == 0) {
      ::alarm(0);
      std::this_thread::sleep_for(some_time());
      ::_exit(lock_.is_open() ? 1 : 0);
    }
    if (child > 0) {
      ++all_.forks;
      children_.push_back(child);
    }
    if (children_.size() < 4) return;
    for (const ::pid_t each : children_)
      while (::waitpid(each, nullptr, 0) < 0 && errno == EINTR) {
      }
    children_.clear();
  }

  records& all_;
  records::owner& self_;
  Lock& lock_;
  std::mt19937 random_;
  std::vector<::pid_t> children_;
};

extern "C" void filelock_test_ignore(int) {}

/// Each millisecond or so, without SA_RESTART.
void let_signals_interrupt() {
  struct ::sigaction action {};
  action.sa_handler = &filelock_test_ignore;
  ::sigaction(SIGALRM, &action, nullptr);
  const ::itimerval often{{0, 1300}, {0, 1300}};
  ::setitimer(ITIMER_REAL, &often, nullptr);
}

// ---- All of them ----

unsigned seed() {
  static const unsigned result = [] {
    const char* const given = std::getenv("FILELOCK_SEED");
    const unsigned chosen = given ? static_cast<unsigned>(std::atol(given))
                                  : std::random_device()();
    std::cout << "FILELOCK_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return result;
}

template <class World>
class crowd {
public:
  using lock = typename World::lock;

  void run(long holds) {
    for (int each = 0; each != most_owners; ++each)
      owners_.emplace_back(start(each));
    const auto deadline =
        std::chrono::steady_clock::now() + 10 * test::patience;
    while (all_->holds < holds && std::chrono::steady_clock::now() < deadline &&
           !has_failed()) {
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 1500));
      const auto which = static_cast<int>(random_() % most_owners);
      if (random_() % 4 == 0)
        stop(which);
      else
        kill(which);
    }
    all_->is_over = true;
    for (auto& each : owners_)
      BOOST_TEST(each->failure() == "");
    BOOST_TEST(all_->holds >= holds);
    check_deaths();
    BOOST_TEST_MESSAGE(all_->holds
                       << " holds, " << kills_ << " kills (" << owners_killed_
                       << " of owners), " << stops_ << " stops, " << all_->forks
                       << " forks, " << all_->told_deaths << " deaths told");
  }

private:
  child_process start(int number) {
    const auto own_seed = static_cast<unsigned>(random_());
    return child_process::forked(
        [&, number, own_seed](line_channel&) -> std::string {
          test::end_with_parent();
          let_signals_interrupt();
          filelock::open_options options;
          options.remove_on_release = World::removes;
          lock of_process(path_, options);
          return owner<lock>(*all_, number, of_process, own_seed).run();
        });
  }

  bool has_failed() {
    for (auto& each : owners_)
      if (each->has_line()) return true;
    return false;
  }

  void kill(int which) {
    records::owner& of = all_->owners[static_cast<std::size_t>(which)];
    std::optional<child_process>& process =
        owners_[static_cast<std::size_t>(which)];
    ++of.life;
    process->kill_and_wait();
    ++kills_;
    if (of.has == hold::exclusive) ++owners_killed_;
    of.has = hold::none;
    ++of.life;
    process.emplace(start(which));
  }

  void stop(int which) {
    child_process& process = *owners_[static_cast<std::size_t>(which)];
    process.kill(SIGSTOP);
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 1000));
    process.kill(SIGCONT);
    ++stops_;
  }

  /// Each owner that was surely killed with an exclusive hold was told of to
  /// the next one, and nobody else was.
  void check_deaths() {
    using traits = typename lock::platform_type;
    if constexpr (filelock::detail::has_previous_owner_died_v<traits>) {
      lock last(path_);
      last.lock();
      const int told = all_->told_deaths + (last.previous_owner_died() ? 1 : 0);
      BOOST_TEST(told >= owners_killed_);
      BOOST_TEST(told <= kills_);
    }
  }

  test::temporary_folder folder_;
  std::string path_ = folder_ / "a.lock";
  test::shared_memory<records> all_;
  std::mt19937 random_{seed()};
  std::vector<std::optional<child_process>> owners_;
  int kills_ = 0;
  int owners_killed_ = 0;
  int stops_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(no_two_owners_at_once_whoever_dies, World,
                              worlds) {
  const long all = std::getenv("FILELOCK_LONG") ? 1'000'000 : 20'000;
  crowd<World>().run(all / static_cast<long>(std::tuple_size_v<worlds>));
}
