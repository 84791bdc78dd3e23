// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// simulation: files, contenders and a clock for the tests of a program that
/// locks. Not a part of filelock.hpp.

#ifndef FILELOCK_TESTING_SIMULATION_HPP
#define FILELOCK_TESTING_SIMULATION_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/concepts.hpp>
#include <filelock/detail/lesser.hpp>
#include <filelock/detail/saturation.hpp>
#include <filelock/detail/simulated/callback.hpp>
#include <filelock/detail/simulated/contender.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/contention.hpp>
#include <filelock/testing/simulated_traits.hpp>
#include <filelock/testing/simulation_event.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace filelock {
inline namespace v1 {

/// A world in memory. From its construction on, the thread that makes it is in
/// it: each simulated_traits lock of this thread is one of its files, and each
/// wait of the thread lets virtual time pass, with the events that are planned
/// for it.
///
/// The thread is one process, this_process. Simulated contenders are others, as
/// many as you like. What the thread computes takes no time. The same seed and
/// the same calls give the same events, on every system, unless a policy draws
/// random numbers of its own.
///
/// Simulations of one thread nest. Until the inner one ends, the thread is in
/// the inner one; it can release locks of the outer one, but not wait for them.
/// Another thread is in no simulation, or in its own.
///
/// Preconditions: made and destroyed as a local object. A function that is
/// called by at(), a policy or an observer neither throws nor waits. A policy
/// or an observer changes the simulation only by at().
///
/// Throws: std::bad_alloc, and what std::filesystem::absolute throws for a
/// path. Units: virtual time, since the simulation began.
class simulation {
public:
  /// The process of the program under test.
  static constexpr process_id this_process =
      detail::simulated_world::this_process;
  /// A time without end.
  static constexpr std::chrono::nanoseconds for_ever = detail::unbounded;

  /// Begins at time zero, without files.
  explicit simulation(std::uint64_t seed = 0) : world_(seed) {}
  simulation(const simulation&) = delete;
  simulation& operator=(const simulation&) = delete;

  // ---- Time ----

  /// \returns The virtual time, as virtual_clock shows it.
  std::chrono::nanoseconds now() const noexcept { return world_.now(); }

  /// Lets `length` pass, as a pause of the program does.
  void sleep_for(std::chrono::nanoseconds length) {
    world_.events.pass(length, [] { return false; });
  }

  /// Lets time pass until no event is left. Preconditions: every contender
  /// ends.
  void run() {
    while (!world_.events.empty())
      world_.events.run_next();
  }

  /// Plans a call of `function()` at `time`.
  /// Effects: the call is made in a wait of the program under test. If that
  /// time is past, it is made at the beginning of the next wait.
  template <class Function>
  void at(std::chrono::nanoseconds time, Function function) {
    world_.events.plan(time, std::move(function));
  }

  // ---- Contenders ----

  /// Adds a contender that holds the lock for `length`. Effects: it asks for
  /// the lock at `from`, and waits for it as if in the kernel.
  /// \returns The number of the contender.
  process_id hold(const std::filesystem::path& path,
                  std::chrono::nanoseconds from = {},
                  std::chrono::nanoseconds length = for_ever,
                  lock_mode mode = lock_mode::exclusive) {
    contention plan;
    plan.start = from - detail::lesser(from, now());
    plan.hold = length;
    plan.mode = mode;
    const process_id process = world_.new_process();
    world_.add(process,
               std::make_unique<detail::blocking_contender<simulated_traits>>(
                   world_, process, path, plan));
    return process;
  }

  /// Adds a contender that follows `plan`, from now on. Effects: it waits for
  /// the lock by `policy`, a BackoffPolicy.
  /// \returns The number of the contender.
  template <class BackoffPolicy>
  process_id contend(const std::filesystem::path& path, BackoffPolicy policy,
                     const contention& plan = {}) {
    static_assert(is_backoff_policy_v<BackoffPolicy>);
    const process_id process = world_.new_process();
    world_.add(process,
               std::make_unique<
                   detail::polling_contender<simulated_traits, BackoffPolicy>>(
                   world_, process, path, std::move(policy), plan));
    return process;
  }

  /// Ends the contender and frees its lock, like kill -9. Effects: does nothing
  /// if it has ended already.
  void kill(process_id contender) { world_.kill(contender); }

  /// \returns The number of contenders that have not ended.
  std::size_t contenders() const noexcept { return world_.count_contenders(); }

  /// \returns The process that holds the lock at `path`. The first of several.
  std::optional<process_id> holder(const std::filesystem::path& path) const {
    return world_.files.holder(path);
  }

  // ---- Files. Folders need not exist. ----

  /// \returns Whether there is a file at `path`.
  bool exists(const std::filesystem::path& path) const {
    return world_.files.exists(path);
  }

  /// Removes the file, if it exists. Effects: an open file stays open.
  void remove(const std::filesystem::path& path) { world_.files.remove(path); }

  /// Puts a new file at `path`, as rename(2) does.
  void replace(const std::filesystem::path& path) {
    world_.files.replace(path);
  }

  /// Renames the file, as rename(2) does. Effects: if there is no file at
  /// `from`, nothing happens.
  void rename(const std::filesystem::path& from,
              const std::filesystem::path& to) {
    world_.files.rename(from, to);
  }

  /// Gives the file at `from` a second name: a hard link.
  /// Effects: does nothing if there is no such file. A file that was at `to`
  /// loses that name.
  void link(const std::filesystem::path& from,
            const std::filesystem::path& to) {
    world_.files.link(from, to);
  }

  /// Makes each open of the file at `path` fail. Effects: it fails with `error`
  /// from now on. An empty error lets it succeed again.
  void set_open_error(const std::filesystem::path& path,
                      std::error_code error) {
    world_.files.set_open_error(path, error);
  }

  /// \returns The number of files that the program has open. Zero once its
  /// locks are gone.
  std::size_t open_files() const {
    return world_.files.count_opened_by(this_process);
  }

  // ---- Random numbers, and observers ----

  /// \returns A random number. A policy with a generator of its own can be
  /// seeded with it; then the events depend on the seed alone.
  std::uint64_t random() { return world_.random(); }

  /// Calls `observer(const simulation_event&)` for each event from now on.
  /// Effects: a null observer, such as an empty std::function, ends that.
  /// @{
  template <class Observer>
  void set_observer(Observer observer) {
    if constexpr (std::is_constructible_v<Observer, std::nullptr_t>)
      if (observer == nullptr) return set_observer(nullptr);
    world_.observer = std::move(observer);
  }
  void set_observer(std::nullptr_t) { world_.observer = {}; }
  /// @}

  /// Limits the busy attempts in a row to `attempts`. Effects: counts those of
  /// the program under test. One more is reported as
  /// std::errc::resource_deadlock_would_occur, as the wait seems never to end.
  /// Ten million until this is called.
  void set_patience(std::uint64_t attempts) noexcept {
    world_.patience = attempts;
  }

private:
  detail::simulated_world world_;
};

} // namespace v1
} // namespace filelock

#endif
