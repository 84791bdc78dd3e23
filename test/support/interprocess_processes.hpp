// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Processes that lock by Boost's class, or by ours, and are spoken to.

#ifndef FILELOCK_TEST_SUPPORT_INTERPROCESS_PROCESSES_HPP
#define FILELOCK_TEST_SUPPORT_INTERPROCESS_PROCESSES_HPP

#include "child_process.hpp"
#include "interprocess_locks.hpp"

#include <string>

namespace test {

/// \returns What `acquire(lock)` has come to: "locked", "busy" or "error" with
/// errno.
template <class Lock, class Acquire>
std::string outcome_of(Lock& lock, Acquire acquire) {
  try {
    if constexpr (std::is_void_v<decltype(acquire(lock))>)
      return acquire(lock), "locked";
    else
      return acquire(lock) ? "locked" : "busy";
  } catch (const boost::interprocess::interprocess_exception& error) {
    return "error " + std::to_string(error.get_native_error());
  }
}

/// \returns The answer of a process to a command of lock_child.
template <class Lock>
std::string obey(Lock& lock, const std::string& command) {
  if (command == "try")
    return outcome_of(lock, [](Lock& l) { return l.try_lock(); });
  if (command == "try_shared")
    return outcome_of(lock, [](Lock& l) { return l.try_lock_sharable(); });
  if (command == "lock") return outcome_of(lock, [](Lock& l) { l.lock(); });
  if (command == "shared")
    return outcome_of(lock, [](Lock& l) { l.lock_sharable(); });
  return lock.unlock(), "unlocked";
}

/// A process that obeys such commands.
template <class Lock>
child_process contender(const std::string& path) {
  return child_process::forked([&path](line_channel& parent) -> std::string {
    Lock lock(path.c_str());
    for (;;) {
      const std::string command = parent.read_line();
      if (command.front() == '(') return ""; // the end
      parent.write_line(obey(lock, command));
    }
  });
}

/// A process that says what `acquire(lock)` has come to, and keeps that.
template <class Lock, class Acquire>
child_process waiter(const std::string& path, Acquire acquire) {
  return child_process::forked([&](line_channel& parent) -> std::string {
    Lock lock(path.c_str());
    parent.write_line(outcome_of(lock, acquire));
    parent.read_line(); // the end
    return "";
  });
}

} // namespace test

#endif
