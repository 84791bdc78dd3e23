// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// An event of a simulation, as an observer sees it.

#ifndef FILELOCK_TESTING_SIMULATION_EVENT_HPP
#define FILELOCK_TESTING_SIMULATION_EVENT_HPP

#include <filelock/backoff/wait_state.hpp>
#include <filelock/lock_request.hpp>

#include <chrono>
#include <filesystem>

namespace filelock {
inline namespace v1 {

/// What happened to a lock.
enum class simulated_action {
  busy,     ///< an attempt found another owner
  acquired, ///< the lock was taken, or converted
  released, ///< by an unlock, a close or the end of its owner
  gave_up,  ///< a contender's wait ended without the lock
  killed    ///< a contender was ended
};

/// One event. The path is valid during the call only.
struct simulation_event {
  std::chrono::nanoseconds time;     ///< since the simulation began
  process_id process;                ///< the process that did it
  simulated_action action;           ///< what it did
  lock_mode mode;                    ///< asked for, taken or released
  const std::filesystem::path& path; ///< of the lock
};

} // namespace v1
} // namespace filelock

#endif
