// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The sessions of a simulated lock service, and the locks that it keeps for
/// them.

#ifndef FILELOCK_DETAIL_SIMULATED_SERVICE_LOCKS_HPP
#define FILELOCK_DETAIL_SIMULATED_SERVICE_LOCKS_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/detail/simulated/callback.hpp>
#include <filelock/detail/simulated/range_locks.hpp>
#include <filelock/detail/simulated/world.hpp>
#include <filelock/lock_request.hpp>
#include <filelock/testing/simulation_event.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <utility>
#include <vector>

namespace filelock {
inline namespace v1 {
namespace detail {

/// What the service knows, which is not what an owner knows: a request may be
/// under way to it, and an answer from it.
class service_locks {
public:
  explicit service_locks(const simulated_world& world) : world_(world) {}

  /// A session that locks one name.
  struct session {
    process_id process;
    std::filesystem::path name;
    lock_mode held = lock_mode::unlocked;
  };

  /// \returns The session. Null if it has not begun, or has ended.
  const session* find(simulated_handle handle) const noexcept {
    const auto found = sessions_.find(handle);
    return found == sessions_.end() ? nullptr : &found->second;
  }

  std::size_t count_sessions() const noexcept { return sessions_.size(); }
  std::uint64_t last_token() const noexcept { return last_token_; }

  std::vector<simulated_handle> all_sessions() const {
    std::vector<simulated_handle> result;
    for (const auto& each : sessions_)
      result.push_back(each.first);
    return result;
  }

  void begin(simulated_handle handle, process_id process,
             const std::filesystem::path& name) {
    sessions_.emplace(handle, session{process, name});
  }

  /// Ends the session, if there is one, and so its hold or its wait.
  void end(simulated_handle handle) {
    if (!find(handle)) return;
    withdraw(handle);
    sessions_.erase(sessions_.find(handle));
  }

  // ---- Preconditions: there is such a session. ----

  /// Takes the lock if nobody else excludes it, in place of what the session
  /// holds. \returns The number of the hold; 0: busy.
  std::uint64_t try_lock(simulated_handle handle, lock_mode mode) {
    session& asking = sessions_.find(handle)->second;
    if (find_conflict(handle, asking.name, mode) != 0) {
      world_.tell(asking.process, simulated_action::busy, mode, asking.name);
      return 0;
    }
    const std::uint64_t token = hold(asking, mode);
    grant(asking.name); // others, after a conversion to shared
    return token;
  }

  /// Queues for the lock. Calls `granted(number of the hold)` when it is taken.
  void wait(simulated_handle handle, lock_mode mode,
            callback<std::uint64_t> granted) {
    waiters_.push_back({handle, mode, std::move(granted)});
    grant(find(handle)->name);
  }

  /// Ends the hold or the wait of the session.
  void withdraw(simulated_handle handle) {
    waiters_.remove_if(
        [&](const waiter& each) { return each.handle == handle; });
    session& leaving = sessions_.find(handle)->second;
    const lock_mode held = std::exchange(leaving.held, lock_mode::unlocked);
    const std::filesystem::path name = leaving.name;
    if (held != lock_mode::unlocked)
      world_.tell(leaving.process, simulated_action::released, held, name);
    grant(name);
  }

  // ---- Questions ----

  /// \returns The session whose hold of the name excludes `mode`. The first of
  /// several, or 0. \param own A session that does not count.
  simulated_handle find_conflict(simulated_handle own,
                                 const std::filesystem::path& name,
                                 lock_mode mode) const {
    for (const auto& each : sessions_)
      if (each.first != own && each.second.held != lock_mode::unlocked &&
          (mode == lock_mode::exclusive ||
           each.second.held == lock_mode::exclusive) &&
          each.second.name.native() == name.native())
        return each.first;
    return 0;
  }

private:
  struct waiter {
    simulated_handle handle;
    lock_mode mode;
    callback<std::uint64_t> granted;
  };

  std::uint64_t hold(session& owner, lock_mode mode) {
    owner.held = mode;
    world_.tell(owner.process, simulated_action::acquired, mode, owner.name);
    return ++last_token_;
  }

  /// Lets the waiters for the name in, in the order of arrival.
  void grant(const std::filesystem::path& name) {
    for (auto each = waiters_.begin(); each != waiters_.end();) {
      session& next = sessions_.find(each->handle)->second;
      if (next.name.native() != name.native()) {
        ++each;
        continue;
      }
      if (find_conflict(each->handle, name, each->mode) != 0) return;
      const waiter granted = std::move(*each);
      each = waiters_.erase(each);
      granted.granted(hold(next, granted.mode));
    }
  }

  const simulated_world& world_;
  std::map<simulated_handle, session> sessions_;
  std::list<waiter> waiters_;
  std::uint64_t last_token_ = 0;
};

} // namespace detail
} // namespace v1
} // namespace filelock

#endif
