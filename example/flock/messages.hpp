// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What the program says, and the exit codes that it ends with.

#ifndef FILELOCK_EXAMPLE_FLOCK_MESSAGES_HPP
#define FILELOCK_EXAMPLE_FLOCK_MESSAGES_HPP

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace flock_program {

/// Those of <sysexits.h>, which Windows lacks, and one of this program's own.
enum exit_code {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 64,
  exit_data_error = 65,
  exit_no_input = 66,
  exit_unavailable = 69,
  exit_os_error = 71,
  exit_cannot_create = 73,
  exit_owner_died = 79
};

/// The name that the program was called by, for messages.
inline std::string& program_name() {
  static std::string name = "flock";
  return name;
}

inline void set_program_name(const char* path) {
  std::filesystem::path name_of_file = std::filesystem::path(path).filename();
  if (name_of_file.extension() == ".exe") name_of_file.replace_extension();
  std::string name = name_of_file.string();
  if (!name.empty()) program_name() = std::move(name);
}

inline void warn(const std::string& text) {
  std::fprintf(stderr, "%s: %s\n", program_name().c_str(), text.c_str());
}

/// Prints a line of --verbose on the standard output.
inline void tell(const std::string& text) {
  std::printf("%s: %s\n", program_name().c_str(), text.c_str());
}

/// The error of the first write to the standard output that failed, as errno.
inline int& write_error() {
  static int number = 0;
  return number;
}

/// \returns Whether all that was printed is written.
inline bool flush_output() {
  errno = 0;
  const bool is_written = std::fflush(stdout) == 0 && !std::ferror(stdout);
  if (!is_written && write_error() == 0) write_error() = errno;
  return is_written;
}

/// Ends the program with a message and an exit code.
class failure : public std::runtime_error {
public:
  failure(int code, const std::string& text)
      : std::runtime_error(text), code_(code) {}

  int code() const { return code_; }

private:
  int code_;
};

/// A failure that the options caused.
class usage_error : public failure {
public:
  explicit usage_error(const std::string& text) : failure(exit_usage, text) {}
};

/// A usage_error after which the user is pointed to --help.
class unknown_usage : public usage_error {
public:
  using usage_error::usage_error;
};

inline bool is_lack_of_resources(const std::error_code& ec) {
  return ec == std::errc::not_enough_memory ||
         ec == std::errc::too_many_files_open ||
         ec == std::errc::too_many_files_open_in_system ||
         ec == std::errc::no_lock_available;
}

} // namespace flock_program

#endif
