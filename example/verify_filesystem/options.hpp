// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// The command line.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_OPTIONS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_OPTIONS_HPP

#include "check_model.hpp"
#include "findings.hpp"
#include "lock_checks.hpp"

#include <filelock/version.hpp>

#include <getopt.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace verify {

inline constexpr const char* help =
    R"(Usage: verify_filesystem [options] folder [the same folder by another mount]

Tries whether file locks work in a folder: several processes contend for a lock
there, by each kind of lock that this machine has.

  -m, --model=NAME        only this kind: flock, ofd, fcntl or robust; repeatable
  -s, --seconds=SECONDS   how long processes contend, in all (4)
  -p, --patience=SECONDS  how long one answer may take (3)
  -b, --bound=SECONDS     when the run ends in any case (60)
  -n, --processes=NUMBER  how many processes contend (4)
  -j, --json              print JSON
  -h, --help              print this
  -V, --version           print the version

Exit code: 0 each supported kind can be used; 1 one must not be used; 2 wrong
usage; 3 one has limits; 4 none is supported; 5 undecided, or nothing could be
checked.
)";

struct usage_error : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// \returns A number from `least` to `most`.
inline double read_number(const char* option, const char* text, double least,
                          double most) {
  char* end = nullptr;
  const double result = std::strtod(text, &end);
  if (end == text || *end != 0 || !(result >= least && result <= most))
    throw usage_error(std::string(option) + ": not a number from " +
                      std::to_string(static_cast<long>(least)) + " to " +
                      std::to_string(static_cast<long>(most)) + ": " + text);
  return result;
}

inline nanoseconds read_seconds(const char* option, const char* text) {
  const std::chrono::duration<double> seconds(
      read_number(option, text, 0, 24 * 3600));
  return std::chrono::duration_cast<nanoseconds>(seconds);
}

inline std::string known_model(const char* name) {
  for (const model& each : all_models())
    if (std::string(each.short_name) == name) return name;
  throw usage_error(std::string("no such model: ") + name);
}

/// What is left to do where nothing is checked.
enum class action { check, print_help, print_version };

inline action read_options(int argc, char** argv, settings& set) {
  static const ::option known[] = {
      {"model", required_argument, nullptr, 'm'},
      {"seconds", required_argument, nullptr, 's'},
      {"patience", required_argument, nullptr, 'p'},
      {"bound", required_argument, nullptr, 'b'},
      {"processes", required_argument, nullptr, 'n'},
      {"json", no_argument, nullptr, 'j'},
      {"help", no_argument, nullptr, 'h'},
      {"version", no_argument, nullptr, 'V'},
      {nullptr, 0, nullptr, 0}};
  int option;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  while ((option = ::getopt_long(argc, argv, "m:s:p:b:n:jhV", known,
                                 nullptr)) != -1) {
    switch (option) {
    case 'm':
      set.models.push_back(known_model(::optarg));
      break;
    case 's':
      set.contention = read_seconds("--seconds", ::optarg);
      break;
    case 'p':
      set.patience = read_seconds("--patience", ::optarg);
      break;
    case 'b':
      set.bound = read_seconds("--bound", ::optarg);
      break;
    case 'n':
      set.processes = static_cast<int>(
          read_number("--processes", ::optarg, 2, most_processes));
      break;
    case 'j':
      set.is_json = true;
      break;
    case 'h':
      return action::print_help;
    case 'V':
      return action::print_version;
    default: // getopt_long has said what is wrong
      throw usage_error("try --help");
    }
  }
  for (int i = ::optind; i < argc; ++i)
    set.folders.push_back(std::filesystem::absolute(argv[i]));
  if (set.folders.empty() || set.folders.size() > 2)
    throw usage_error("name one folder, or two that show the same files");
  return action::check;
}

} // namespace verify

#endif
