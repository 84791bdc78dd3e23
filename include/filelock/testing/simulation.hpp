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

/// A world in memory, in which the thread that makes it is from then on: each
/// simulated_traits lock of this thread is one of its files, and each of its
/// waits lets the virtual time pass, and happen what is planned for it.
///
/// The thread is one process, this_process; any number of simulated contenders
/// are others. What the thread computes takes no time. The same seed and the
/// same calls give the same course of events, on every system, unless a policy
/// has a chance of its own.
///
/// Simulations of one thread nest: until the inner one ends, the thread is in
/// that one, and locks of the outer one can be released, but not waited for.
/// Another thread is in none, or in its own.
///
/// Preconditions: made and destroyed as a local object is. What is called back,
/// by at(), a policy or an observer, neither throws nor waits; a policy or an
/// observer does not change the simulation either, but by at().
///
/// Throws: std::bad_alloc, and what std::filesystem::absolute throws for a
/// path. Units: virtual time, since the simulation began.
class simulation {
public:
  /// The process that the program under test is.
  static constexpr process_id this_process =
      detail::simulated_world::this_process;
  /// For a time without end.
  static constexpr std::chrono::nanoseconds for_ever = detail::unbounded;

  /// Effects: begins at time zero, without files.
  explicit simulation(std::uint64_t seed = 0) : world_(seed) {}
  simulation(const simulation&) = delete;
  simulation& operator=(const simulation&) = delete;

  // ---- Time ----

  /// \returns The virtual time: that of virtual_clock.
  std::chrono::nanoseconds now() const noexcept { return world_.now(); }

  /// Effects: lets `length` pass, as a pause of the program under test does.
  void sleep_for(std::chrono::nanoseconds length) {
    world_.events.pass(length, [] { return false; });
  }

  /// Effects: lets time pass until nothing is left to happen. Preconditions:
  /// the contenders end some day.
  void run() {
    while (!world_.events.empty())
      world_.events.run_next();
  }

  /// Effects: calls `function()` at `time`, in a wait of the program under
  /// test; if that is past, at the beginning of the next one.
  template <class Function>
  void at(std::chrono::nanoseconds time, Function function) {
    world_.events.plan(time, std::move(function));
  }

  // ---- Contenders ----

  /// Effects: a contender asks for the lock at `from`, waits for it as if in
  /// the kernel, and holds it for `length`.
  /// \returns Its number.
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

  /// Effects: a contender waits for the lock by `policy`, a BackoffPolicy, and
  /// holds it, as `plan` says, which begins now.
  /// \returns Its number.
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

  /// Effects: the contender is gone, and its lock is free, as after kill -9.
  /// Nothing where it is gone already.
  void kill(process_id contender) { world_.kill(contender); }

  /// \returns How many contenders are there.
  std::size_t contenders() const noexcept { return world_.count_contenders(); }

  /// \returns Who holds the lock of the file at `path`, or the first of those
  /// who do.
  std::optional<process_id> holder(const std::filesystem::path& path) const {
    return world_.files.holder(path);
  }

  // ---- Files: folders are there without being made. ----

  /// \returns Whether there is a file at `path`.
  bool exists(const std::filesystem::path& path) const {
    return world_.files.exists(path);
  }

  /// Effects: removes the file, if it is there; open handles keep it.
  void remove(const std::filesystem::path& path) { world_.files.remove(path); }

  /// Effects: puts a new file at `path`, as a rename does.
  void replace(const std::filesystem::path& path) {
    world_.files.replace(path);
  }

  /// Effects: from now on the file at `path` cannot be opened, for the reason
  /// `error`; it can again after an empty one.
  void set_open_error(const std::filesystem::path& path,
                      std::error_code error) {
    world_.files.set_open_error(path, error);
  }

  /// \returns How many files the program under test has open: zero once its
  /// locks are gone.
  std::size_t open_files() const {
    return world_.files.count_opened_by(this_process);
  }

  // ---- Randomness, and observers ----

  /// \returns A random number. For a policy with a generator of its own: seeded
  /// by it, the course of events depends on the seed alone.
  std::uint64_t random() { return world_.random(); }

  /// Effects: from now on calls `observer(const simulation_event&)` with all
  /// that happens; nothing where it is null, as an empty std::function is.
  /// @{
  template <class Observer>
  void set_observer(Observer observer) {
    if constexpr (std::is_constructible_v<Observer, std::nullptr_t>)
      if (observer == nullptr) return set_observer(nullptr);
    world_.observer = std::move(observer);
  }
  void set_observer(std::nullptr_t) { world_.observer = {}; }
  /// @}

  /// Effects: an attempt of the program under test which is the
  /// `attempts` + 1st in a row to be busy is reported as
  /// std::errc::resource_deadlock_would_occur: it is taken for a wait that
  /// never ends. Ten million until this is called.
  void set_patience(std::uint64_t attempts) noexcept {
    world_.patience = attempts;
  }

private:
  detail::simulated_world world_;
};

} // namespace v1
} // namespace filelock

#endif
