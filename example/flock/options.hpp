// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The options of the program, as they were given.

#ifndef FILELOCK_EXAMPLE_FLOCK_OPTIONS_HPP
#define FILELOCK_EXAMPLE_FLOCK_OPTIONS_HPP

#include "get_option.hpp"
#include "messages.hpp"
#include "numbers.hpp"
#include "system.hpp"

#include <filelock/lock_request.hpp>

#include <chrono>
#include <climits>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flock_program {

struct options {
  filelock::lock_mode mode = filelock::lock_mode::exclusive; ///< unlocked: -u
  bool waits = true;
  std::optional<std::chrono::nanoseconds> timeout;
  int conflict_exit_code = exit_failure;
  bool close = false;
  bool no_fork = false;
  bool verbose = false;
  bool record_lock = false; ///< by fcntl, and not by flock
  filelock::byte_range range{};
  bool fifo = false;
  bool robust_owner = false;
  bool repair = false;
  std::string wait_message;
  std::optional<std::string> file; ///< in its place:
  int descriptor = -1;
  std::vector<std::string> command;
  bool asks_for_help = false;
  bool asks_for_version = false;
};

enum long_option : int {
  option_fcntl = CHAR_MAX + 1,
  option_start,
  option_length,
  option_fd,
  option_fifo,
  option_robust_owner,
  option_repair,
  option_wait_message
};

inline constexpr const char* short_options = "+:sexnoFuw:E:vhV";

inline const option* long_options() {
  static const option all[] = {
      {"shared", no_argument, nullptr, 's'},
      {"exclusive", no_argument, nullptr, 'x'},
      {"unlock", no_argument, nullptr, 'u'},
      {"nonblocking", no_argument, nullptr, 'n'},
      {"nb", no_argument, nullptr, 'n'},
      {"timeout", required_argument, nullptr, 'w'},
      {"wait", required_argument, nullptr, 'w'},
      {"conflict-exit-code", required_argument, nullptr, 'E'},
      {"close", no_argument, nullptr, 'o'},
      {"no-fork", no_argument, nullptr, 'F'},
      {"verbose", no_argument, nullptr, 'v'},
      {"fcntl", no_argument, nullptr, option_fcntl},
      {"start", required_argument, nullptr, option_start},
      {"length", required_argument, nullptr, option_length},
      {"fd", required_argument, nullptr, option_fd},
      {"fifo", no_argument, nullptr, option_fifo},
      {"robust-owner", no_argument, nullptr, option_robust_owner},
      {"repair", no_argument, nullptr, option_repair},
      {"wait-message", required_argument, nullptr, option_wait_message},
      {"help", no_argument, nullptr, 'h'},
      {"version", no_argument, nullptr, 'V'},
      {nullptr, 0, nullptr, 0}};
  return all;
}

/// Effects: notes one option in `result`.
inline void apply_option(options& result, int option, const char* argument) {
  using filelock::lock_mode;
  switch (option) {
  case 's':
    result.mode = lock_mode::shared;
    break;
  case 'e':
  case 'x':
    result.mode = lock_mode::exclusive;
    break;
  case 'u':
    result.mode = lock_mode::unlocked;
    break;
  case 'o':
    result.close = true;
    break;
  case 'F':
    result.no_fork = true;
    break;
  case 'n':
    result.waits = false;
    break;
  case 'w':
    result.timeout = parse_duration(argument);
    break;
  case 'E':
    result.conflict_exit_code =
        parse_integer(argument, 255, "invalid exit code");
    break;
  case 'v':
    result.verbose = true;
    break;
  case option_fcntl:
    result.record_lock = true;
    break;
  case option_start:
    result.range.offset = parse_size(argument, "invalid as start offset");
    result.record_lock = true;
    break;
  case option_length:
    result.range.length =
        parse_size(argument, "invalid as length of lock range");
    result.record_lock = true;
    break;
  case option_fd:
    result.descriptor =
        parse_integer(argument, INT_MAX, "invalid file descriptor");
    break;
  case option_fifo:
    result.fifo = true;
    break;
  case option_robust_owner:
    result.robust_owner = true;
    break;
  case option_repair:
    result.repair = true;
    break;
  case option_wait_message:
    result.wait_message = argument;
    break;
  case 'h':
    result.asks_for_help = true;
    break;
  case 'V':
    result.asks_for_version = true;
    break;
  }
}

inline bool is_command_option(std::string_view word) {
  return word == "-c" || word == "--command";
}

/// \returns The command that runs `words` by the user's shell.
inline std::vector<std::string>
shell_command(const std::vector<std::string>& words,
              const std::string& option) {
  if (words.size() != 1)
    throw usage_error(option + " requires exactly one command argument");
#if defined(_WIN32)
  const char* const shell = std::getenv("COMSPEC");
  return {shell && *shell ? shell : "cmd.exe", "/c", words.front()};
#else
  const char* const shell = std::getenv("SHELL");
  return {shell && *shell ? shell : "/bin/sh", "-c", words.front()};
#endif
}

/// Effects: notes what stands after the options: the file and the command.
/// \param is_shell_command The first word is -c, among the options.
inline void apply_operands(options& result, std::vector<std::string> words,
                           bool is_shell_command) {
  if (result.descriptor < 0) {
    if (words.empty() || is_shell_command)
      throw usage_error("missing file descriptor, file or directory");
    if (words.size() == 1) {
      result.descriptor =
          parse_integer(words.front(), INT_MAX, "invalid file descriptor");
      return;
    }
    result.file = words.front();
    words.erase(words.begin());
    is_shell_command = is_command_option(words.front());
  }
  if (words.empty()) throw usage_error("missing command");
  if (is_shell_command)
    result.command =
        shell_command({words.begin() + 1, words.end()}, words.front());
  else
    result.command = std::move(words);
}

/// Effects: refuses what does not fit together.
inline void check_options(const options& given) {
  const auto refuse = [](bool both, const char* text) {
    if (both) throw usage_error(text);
  };
  const bool unlocks = given.mode == filelock::lock_mode::unlocked;
  const bool has_range = !given.range.is_whole_file();
  refuse(given.no_fork && given.close,
         "the --no-fork and --close options are incompatible");
  refuse(given.fifo && has_range,
         "the --fifo option queues for the whole file: --start and --length "
         "do not go with it");
  refuse(given.robust_owner && has_range,
         "the --robust-owner option is for the whole file: --start and "
         "--length do not go with it");
  refuse(given.robust_owner && given.no_fork,
         "the --robust-owner option needs a process that outlives the "
         "command: --no-fork does not go with it");
  refuse(given.robust_owner && unlocks,
         "the --robust-owner and --unlock options are incompatible");
  refuse(given.robust_owner && given.command.empty(),
         "the --robust-owner option needs a command");
  refuse(given.repair && !given.robust_owner,
         "the --repair option needs --robust-owner");
  refuse(given.repair && given.mode == filelock::lock_mode::shared,
         "the --repair option needs an exclusive lock");
#if defined(_WIN32)
  refuse(!given.file, "a file descriptor cannot be locked on this system");
  refuse(given.no_fork, "there is no --no-fork on this system");
  refuse(given.record_lock || given.fifo,
         "there is no --fcntl, --start, --length and --fifo on this system");
#elif !FLOCK_HAS_RECORD_LOCKS
  refuse(given.record_lock || given.fifo,
         "there is no --fcntl, --start, --length and --fifo on this system");
#endif
}

/// \returns The options. \throws usage_error
inline options parse_options(int argc, char** argv) {
  if (argc < 2) throw unknown_usage("not enough arguments");
  opterr = 0; // the messages are our own
  options result;
  bool is_shell_command = false;
  int word_index = 1; // of the option that is looked at
  for (;;) {
    word_index = optind;
    const int option =
        getopt_long(argc, argv, short_options, long_options(), nullptr);
    if (option == -1) break;
    if (option != '?' && option != ':') {
      apply_option(result, option, optarg);
      if (result.asks_for_help || result.asks_for_version) return result;
      continue;
    }
    // The option with the command is the last one, and -c no option of getopt:
    // it comes after the file too, as an operand.
    const std::string word = argv[word_index];
    is_shell_command = is_command_option(word);
    if (is_shell_command) break;
    throw unknown_usage(fault_of_option(long_options(), word, option));
  }
  const int first = is_shell_command ? word_index : optind;
  apply_operands(result, {argv + first, argv + argc}, is_shell_command);
  check_options(result);
  return result;
}

} // namespace flock_program

#endif
