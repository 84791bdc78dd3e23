// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// explore: runs a script of a few owners in every order of their calls. Not a
/// part of filelock.hpp.

#ifndef FILELOCK_TESTING_EXPLORE_HPP
#define FILELOCK_TESTING_EXPLORE_HPP

#include <filelock/detail/explored/footprint.hpp>
#include <filelock/detail/explored/run.hpp>
#include <filelock/detail/explored/search.hpp>
#include <filelock/detail/explored/turns.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/explored_traits.hpp>
#include <filelock/testing/simulation.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <list>
#include <string>
#include <utility>

namespace filelock {
inline namespace v1 {

/// What explore() explores: an aggregate.
struct explore_options {
  /// How many owners are killed, one after the other. Each at any moment.
  std::uint64_t kills = 0;
  /// How many children there are: an owner forks at any moment. The child has
  /// copies of its open files, as fork(2) makes them, and closes them at any
  /// later moment, as execve(2) does. It uses no lock.
  std::uint64_t forks = 0;
  /// How often an owner that could go on is interrupted. With such a bound
  /// there are fewer schedules, and most bugs need no more than two
  /// preemptions. Without it, schedules are left out that only differ in the
  /// order of steps that have nothing to do with each other.
  std::uint64_t preemptions = (std::numeric_limits<std::uint64_t>::max)();
  /// How many pauses may end while other owners could go on. Later ones end
  /// when nobody else can go on.
  std::uint64_t early_ends = 2;
  /// The number of steps after which a schedule seems endless.
  std::uint64_t steps = 1000;
  /// The number of schedules after which the exploration ends. It ends as if it
  /// were complete.
  std::uint64_t schedules = (std::numeric_limits<std::uint64_t>::max)();
  /// Only this schedule: the one of an earlier result.
  std::string replay;
};

/// What explore() has found.
struct explored_result {
  std::uint64_t schedules = 0; ///< that ran to their ends
  std::uint64_t cut = 0;       ///< that became equal to an earlier one
  std::uint64_t steps = 0;     ///< of all schedules
  bool is_complete = false;    ///< whether there is no other schedule
  std::string failure;         ///< what went wrong; empty: nothing
  std::string schedule;        ///< in which it went wrong, for `replay`
  std::string trace;           ///< the steps of that schedule, a line each

  /// \returns Whether nothing went wrong in any schedule.
  explicit operator bool() const noexcept {
    return is_complete && failure.empty();
  }
  /// \returns What went wrong, and how: for a test's message.
  std::string message() const {
    if (failure.empty())
      return is_complete ? "" : "there are more schedules than were allowed";
    return failure + "\nreplay: " + schedule + '\n' + trace;
  }
};

class explored_schedule;

/// Runs a script once for each order of its calls. Effects: calls
/// `script(schedule)`, where `schedule` is an explored_schedule&, once for each
/// order in which the owners' calls can happen. The script adds its owners,
/// calls run(), and checks what is left. It must do the same each time. Ends at
/// the first failure: a requirement or an exclusion that does not hold, an
/// exception of an owner, a file that is left open, or a wait that nothing
/// ends.
///
/// \returns What was found. With a failure, its schedule.
/// Throws: what the script throws.
template <class Script>
explored_result explore(Script script, const explore_options& options = {});

/// One schedule of a script. It is also the world of its owners, which share
/// nothing but the files, unless they call step() before.
class explored_schedule {
public:
  explored_schedule(const explored_schedule&) = delete;
  explored_schedule& operator=(const explored_schedule&) = delete;

  /// Adds an owner, a process of its own. Effects: it will call `function()`.
  /// It uses locks of explored_traits. An exception of `function` is a failure.
  void owner(std::function<void()> function) {
    run_.add(std::move(function), true);
  }

  /// Adds a thread of the process that calls this. Effects: such threads may
  /// share a basic_file_mutex, and leave its file open. They are not killed.
  void thread(std::function<void()> function) {
    run_.add(std::move(function), false);
  }

  /// Lets the owners run, until all of them have ended. Effects: an owner that
  /// was killed runs to its end too, but its calls have no effects; they report
  /// std::errc::owner_dead.
  void run() { run_.run(); }

  /// \returns Whether all owners came to their ends: false after a failure, and
  /// in a schedule that is left out.
  bool has_ended() const noexcept { return run_.is_complete(); }

  /// Lets the other owners go on. Effects: an owner calls it before it touches
  /// what the owners share: a variable, a cancel_source, or files().
  /// \returns Whether the owner is alive; false once it was killed.
  bool step() {
    if (!run_.point("step")) return false;
    run_.touched().write_all();
    return true;
  }

  /// Lets the other owners go on, then calls `function()`. Effects: no other
  /// owner goes on during the call, even at a mutex. Needed to cancel a wait.
  /// \returns Whether the owner is alive. If not, the function is not called.
  template <class Function>
  bool step(Function function) {
    if (!step()) return false;
    run_.forbid_steps(true);
    function();
    run_.forbid_steps(false);
    return true;
  }

  /// Does what the lock is for. Preconditions: the calling owner holds `lock`,
  /// which verifies its path. Effects: it is a failure if another owner does
  /// so, on the same path, at the same time, and one of them has the lock
  /// exclusively; or if the path named another file already when the lock was
  /// granted.
  /// \returns Whether the owner is alive.
  template <class Lock>
  bool use(Lock& lock) {
    check(lock);
    return use(lock.path(),
               lock.owns_lock() ? lock_mode::exclusive : lock_mode::shared);
  }

  /// Does what the lock of a file is for, as use(). Effects: two owners may
  /// hold two files of one path, where somebody replaces a file without its
  /// lock. \returns As use().
  template <class Lock>
  bool use_file(Lock& lock) {
    check(lock);
    return use(std::to_string(run_.number_of_file(lock.native_handle())),
               lock.owns_lock() ? lock_mode::exclusive : lock_mode::shared);
  }

  /// Does what the lock `name` is for, as use(). \returns As use().
  bool use(const std::filesystem::path& name, lock_mode mode) {
    if (!is_alive()) return false;
    for (const use_of& each : uses_)
      require(each.name != name ||
                  (mode == lock_mode::shared && each.mode == lock_mode::shared),
              "two owners use " + name.string());
    touch_use(name, mode);
    const auto mine = uses_.insert(uses_.end(), {name, mode});
    run_.note("uses " + name.string());
    run_.point("use");
    touch_use(name, mode);
    uses_.erase(mine);
    return is_alive();
  }

  /// Ends the exploration with a failure if `condition` is false.
  void require(bool condition, const std::string& failure) {
    if (!condition && is_alive()) run_.fail(failure);
  }

  /// \returns The files, and the time.
  simulation& files() noexcept { return world_; }

  /// \returns How many owners were killed.
  std::uint64_t kills() const noexcept { return run_.kills(); }

  /// \returns How many children there were.
  std::uint64_t forks() const noexcept { return run_.forks(); }

private:
  template <class Script>
  friend explored_result explore(Script, const explore_options&);

  struct use_of {
    std::filesystem::path name;
    lock_mode mode;
  };

  explored_schedule(detail::turns& threads, detail::schedule_search& search,
                    const detail::run_limits& limits, std::string* trace)
      : run_(threads, search, limits, *detail::simulated_world::current(),
             trace) {}

  bool is_alive() const {
    const auto& here = detail::explored_run::current();
    return here.run != &run_ || !run_.owners()[here.number].is_ghost;
  }

  void touch_use(const std::filesystem::path& name, lock_mode mode) {
    run_.touched().touch(detail::shared_thing::kind::use, run_.number_of(name),
                         mode == lock_mode::exclusive);
  }

  template <class Lock>
  void check(Lock& lock) {
    if (!is_alive()) return;
    require(lock.owns_lock() || lock.owns_lock_shared(),
            "an owner uses a lock that it does not hold");
    require(run_.was_named_when_granted(lock.native_handle()),
            "the path named another file when the lock was granted");
  }

  simulation world_;
  detail::explored_run run_;
  std::list<use_of> uses_;
};

template <class Script>
explored_result explore(Script script, const explore_options& options) {
  const bool is_bounded = options.preemptions != explore_options().preemptions;
  const detail::run_limits limits{options.preemptions, options.kills,
                                  options.forks, options.early_ends,
                                  options.steps};
  detail::turns threads;
  explored_result result;
  const auto run = [&](detail::schedule_search& search, std::string* trace) {
    explored_schedule schedule(threads, search, limits, trace);
    script(schedule);
    ++(schedule.run_.is_complete() ? result.schedules : result.cut);
    result.steps += schedule.run_.steps();
    result.failure = search.has_diverged()
                         ? "the script did not do the same as before"
                         : schedule.run_.failure();
    result.schedule = result.failure.empty() ? "" : search.schedule();
  };
  if (!options.replay.empty()) {
    detail::schedule_search replayed(options.replay);
    run(replayed, &result.trace);
    result.is_complete = true;
    return result;
  }
  detail::schedule_search search(!is_bounded);
  while (result.schedules < options.schedules) {
    run(search, nullptr);
    if (!result.failure.empty()) {
      const explored_result found = result;
      detail::schedule_search replayed(found.schedule);
      run(replayed, &result.trace);
      if (result.failure == found.failure) return result;
      result.failure = found.failure + ", but not again: " + result.failure;
      return result;
    }
    result.is_complete = !search.advance();
    if (result.is_complete) break;
  }
  return result;
}

} // namespace v1
} // namespace filelock

#endif
