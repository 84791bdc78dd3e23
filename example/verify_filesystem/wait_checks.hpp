// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How the waits of one model of a lock end, a Platform P: by a release, by the
// death of the owner, by a deadline, and by a cancel.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_WAIT_CHECKS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_WAIT_CHECKS_HPP

#include "findings.hpp"
#include "helpers.hpp"
#include "models.hpp"

#include <filelock/filelock.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <thread>

namespace verify {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

/// What an owner and a waiter tell each other.
struct owner_and_waiter {
  moment held;     ///< the owner has the lock
  moment asked;    ///< the waiter is about to ask for it
  moment released; ///< just before the release
  moment returned; ///< after the waiter's call
  std::array<std::atomic<nanoseconds::rep>, 64> delays{};
  std::atomic<std::size_t> count{0};
  std::atomic<bool> is_stolen{false}; ///< the waiter had it beside the owner
  note failed;

  /// Notes how long after the release the waiter returned.
  void add_delay() {
    const auto delay = returned.get() - released.get();
    delays[count] = std::chrono::duration_cast<nanoseconds>(delay).count();
    ++count;
  }

  /// The same, for a waiter that returned with the lock.
  void add_hand_over() {
    if (returned.get() < released.get()) is_stolen = true;
    add_delay();
  }

  /// \returns The delays, where the helpers came back.
  verify::delays get(bool have_ended) const {
    verify::delays result;
    for (std::size_t i = 0; i != count; ++i)
      result.each.emplace_back(delays[i]);
    std::sort(result.each.begin(), result.each.end());
    if (is_stolen)
      result.came = answer::no;
    else if (!have_ended)
      result.came = answer::none;
    else if (!failed.is_set() && !result.each.empty())
      result.came = answer::yes;
    return result;
  }
};

/// Hands the lock over from an owner to a waiter, several times.
template <class P>
void check_hand_over(helpers& run, const fs::path& owners_path,
                     const fs::path& waiters_path, nanoseconds patience,
                     model_findings& found) {
  const shared<owner_and_waiter> said;
  constexpr int rounds = 20;
  const auto owner = [&] {
    filelock::basic_file_lock<P> lock{owners_path};
    for (int i = 0; i != rounds; ++i) {
      lock.lock();
      said->held.set_now();
      wait_until([&] { return said->asked.is_set(); });
      // Long enough to wait in the kernel. The last one is longer: a client of
      // a network asks ever less often.
      const int length = i == rounds - 1 ? 100 : 2 + i % 5;
      std::this_thread::sleep_for(milliseconds(length));
      said->released.set_now();
      lock.unlock();
      wait_until([&] { return !said->held.is_set(); });
    }
  };
  const auto waiter = [&] {
    filelock::basic_file_lock<P> lock{waiters_path};
    for (int i = 0; i != rounds; ++i) {
      wait_until([&] { return said->held.is_set(); });
      said->asked.set_now();
      lock.lock();
      said->returned.set_now();
      lock.unlock();
      wait_until([&] { return said->released.is_set(); });
      said->add_hand_over();
      said->asked.reset();
      said->released.reset();
      said->held.reset();
    }
  };
  const bool have_ended = run.run({owner, waiter}, patience, said->failed);
  found.hand_over = said->get(have_ended);
  found.failed = said->failed.get();
}

/// Kills the owner with signal 9 while another process waits.
template <class P>
void check_kill(helpers& run, const fs::path& owners_path,
                const fs::path& waiters_path, nanoseconds patience,
                model_findings& found) {
  const shared<owner_and_waiter> said;
  const auto owner = [&] {
    filelock::basic_file_lock<P> lock{owners_path};
    lock.lock();
    said->held.set_now();
    wait_until([&] { return said->asked.is_set(); });
    std::this_thread::sleep_for(milliseconds(10));
    said->released.set_now();
    ::kill(::getpid(), SIGKILL);
  };
  const auto waiter = [&] {
    filelock::basic_file_lock<P> lock{waiters_path};
    wait_until([&] { return said->held.is_set(); });
    said->asked.set_now();
    lock.lock();
    said->returned.set_now();
    wait_until([&] { return said->released.is_set(); });
    said->add_hand_over();
  };
  const bool have_ended = run.run({owner, waiter}, patience, said->failed);
  found.after_kill = said->get(have_ended);
  found.failed = said->failed.get();
}

/// Lets `wait(said)` wait while another process holds the lock. It returns
/// whether it got the lock. Several times: a wait may end only because the file
/// system had not yet seen it.
template <class P, class Wait>
delays check_end_of_wait(helpers& run, const fs::path& path,
                         nanoseconds patience, model_findings& found,
                         Wait wait) {
  const shared<owner_and_waiter> said;
  constexpr std::size_t rounds = 3;
  const auto owner = [&] {
    filelock::basic_file_lock<P> lock{path};
    lock.lock();
    said->held.set_now();
    wait_until([&] {
      return said->count == rounds || said->is_stolen || said->failed.is_set();
    });
  };
  const auto waiter = [&] {
    wait_until([&] { return said->held.is_set(); });
    for (std::size_t i = 0; i != rounds && !said->is_stolen; ++i) {
      said->is_stolen = wait(*said);
      said->returned.set_now();
      said->add_delay();
    }
  };
  const bool have_ended = run.run({owner, waiter}, patience, said->failed);
  found.failed = said->failed.get();
  return said->get(have_ended);
}

/// Whether a wait ends at its deadline.
template <class P>
void check_timeout(helpers& run, const fs::path& path, nanoseconds patience,
                   model_findings& found) {
  using Timed = typename timed<P>::type;
  found.after_timeout = check_end_of_wait<P>(
      run, path, patience, found, [&](owner_and_waiter& said) {
        filelock::basic_file_lock<Timed> lock{path};
        const steady::time_point deadline = steady::now() + milliseconds(50);
        said.released.set(deadline);
        return lock.try_lock_until(deadline);
      });
}

/// Whether a wait ends when it is cancelled.
template <class P>
void check_cancel(helpers& run, const fs::path& path, nanoseconds patience,
                  model_findings& found) {
  using Timed = typename timed<P>::type;
  found.after_cancel = check_end_of_wait<P>(
      run, path, patience, found, [&](owner_and_waiter& said) {
        // With C++20 a std::stop_token does this.
        filelock::basic_file_lock<Timed> lock{path};
        lock.open();
        filelock::cancel_source source;
        std::thread other([&] {
          std::this_thread::sleep_for(milliseconds(30));
          said.released.set_now();
          source.request();
        });
        filelock::canceller stop(source);
        std::error_code ec;
        const bool is_held =
            Timed::lock_until(lock.native_handle(), {},
                              steady::now() + std::chrono::hours(1), stop, ec);
        other.join();
        if (ec) throw std::system_error(ec);
        return is_held;
      });
}

} // namespace verify

#endif
