// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Runs the command that the lock is for.

#ifndef FILELOCK_EXAMPLE_FLOCK_COMMAND_HPP
#define FILELOCK_EXAMPLE_FLOCK_COMMAND_HPP

#include "messages.hpp"
#include "options.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#if defined(_WIN32)
#include <process.h>
#else
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace flock_program {

struct command_end {
  int code;               ///< the exit code that is passed on
  bool is_orderly = true; ///< no signal ended the command
};

inline std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& each : words)
    result.push_back(each.data());
  result.push_back(nullptr);
  return result;
}

inline std::string words_of(int error) {
  return std::generic_category().message(error);
}

inline int code_of_refusal(int error) {
  return error == ENOMEM ? exit_os_error : exit_unavailable;
}

#if defined(_WIN32)

/// \returns `word`, as the C library of the started program splits the command
/// line: "Parsing C command-line arguments".
inline std::string in_quotes(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\"") == std::string::npos)
    return word;
  std::string result = "\"";
  std::size_t backslashes = 0;
  for (const char each : word) {
    backslashes = each == '\\' ? backslashes + 1 : backslashes;
    if (each == '"') result.append(backslashes + 1, '\\');
    if (each != '\\') backslashes = 0;
    result += each;
  }
  result.append(backslashes, '\\');
  return result + '"';
}

/// Effects: runs the command, and waits for its end. The lock is this
/// process's, and the command cannot have it.
inline command_end run_command(const options& given, void*) {
  std::vector<std::string> words;
  for (const std::string& each : given.command)
    words.push_back(in_quotes(each));
  const std::vector<char*> arguments = pointers_to(words);
  flush_output();
  const std::intptr_t status =
      ::_spawnvp(_P_WAIT, given.command.front().c_str(), arguments.data());
  if (status != -1 || errno == 0) return {static_cast<int>(status)};
  warn("failed to execute " + given.command.front() + ": " + words_of(errno));
  return {code_of_refusal(errno), false};
}

#else

[[noreturn]] inline void execute(const std::vector<char*>& arguments) {
  ::execvp(arguments.front(), arguments.data());
  const int error = errno;
  warn("failed to execute " + std::string(arguments.front()) + ": " +
       words_of(error));
  ::_exit(code_of_refusal(error));
}

inline command_end wait_for_end(::pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) != child) {
    if (errno == EINTR) continue;
    warn("waitpid failed: " + words_of(errno));
    return {exit_failure, false};
  }
  if (WIFSIGNALED(status)) return {WTERMSIG(status) + 128, false};
  return {WEXITSTATUS(status)};
}

/// Effects: runs the command, which inherits the locked descriptor unless
/// --close is given, and waits for its end. Does not return for --no-fork.
inline command_end run_command(const options& given, int descriptor) {
  std::vector<std::string> words = given.command;
  const std::vector<char*> arguments = pointers_to(words);
  // If it is ignored, the system keeps no exit status: wait(2).
  std::signal(SIGCHLD, SIG_DFL);
  flush_output();
  if (given.no_fork) execute(arguments);
  const ::pid_t child = ::fork();
  if (child < 0)
    throw failure(exit_os_error, "fork failed: " + words_of(errno));
  if (child == 0) {
    if (given.close) ::close(descriptor);
    execute(arguments);
  }
  if (given.robust_owner) {
    // They go to the command too, which may end in order.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGQUIT, SIG_IGN);
  }
  return wait_for_end(child);
}

#endif

} // namespace flock_program

#endif
