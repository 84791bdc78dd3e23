// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// The usual message about a wait that lasts: "waiting for /x/y.lock, held by
/// process 1234".

#ifndef FILELOCK_BACKOFF_WAIT_MESSAGE_HPP
#define FILELOCK_BACKOFF_WAIT_MESSAGE_HPP

#include <filelock/backoff/wait_state.hpp>

#include <cstdio>
#include <optional>
#include <string>

namespace filelock {
inline namespace v1 {

/// \returns The words for a wait, without a newline. They are "waiting for ",
/// the path of the lock in UTF-8 or "a file lock", and the process that holds
/// it, if the system can tell.
/// \throws std::bad_alloc if there is no memory.
inline std::string wait_message(const wait_state& wait) {
  const auto path = wait.path().u8string(); // path::string() may throw more
  std::string result = "waiting for ";
  if (path.empty()) result += "a file lock";
  for (const auto unit : path) // of char8_t in C++20
    result += static_cast<char>(unit);
  if (const std::optional<process_id> holder = wait.holder())
    result += ", held by process " + std::to_string(*holder);
  return result;
}

/// Prints wait_message() as a line on the standard error stream. A callback for
/// notified. Effects: prints by one call, so that the lines of several threads
/// do not mix.
/// \throws std::bad_alloc if there is no memory.
inline void print_wait_message(const wait_state& wait) {
  std::fputs((wait_message(wait) + '\n').c_str(), stderr);
}

} // namespace v1
} // namespace filelock

#endif
