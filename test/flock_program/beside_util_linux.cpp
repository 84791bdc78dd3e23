// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: flock(1)
// LABELS: process

// example/flock does as flock(1) of util-linux does, case by case.

#include <boost/test/unit_test.hpp>

#include "support/flock_program.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(flock_program_beside_util_linux)

namespace {

using test::words;

struct comparison {
  words arguments;
  std::string before = "";
};

constexpr const char* held = "exec 8<>a.lock; /usr/bin/flock 8";
constexpr const char* shared = "exec 8<>a.lock; /usr/bin/flock -s 8";

test::ended run(const std::string& flock, const comparison& one) {
  const test::flock_folder folder;
  words command = one.arguments;
  command.insert(command.begin(), flock);
  return folder.run(command, one.before);
}

enum class what { status, all };

void compare(const std::vector<comparison>& cases, what compared = what::all) {
  if (!test::has_util_linux()) return;
  for (const comparison& one : cases) {
    std::string line = one.before;
    for (const std::string& each : one.arguments)
      line += " '" + each + "'";
    BOOST_TEST_CONTEXT(line) {
      const test::ended ours = run(test::our_flock(), one);
      const test::ended theirs = run(test::util_linux_flock(), one);
      BOOST_TEST(ours.status == theirs.status);
      if (compared == what::status) {
        BOOST_TEST(ours.errors.empty() == theirs.errors.empty());
        continue;
      }
      BOOST_TEST(ours.output == theirs.output);
      BOOST_TEST(ours.errors == theirs.errors);
    }
  }
}

/// The lines in order, with one digit for each number. util-linux prints lines
/// of its own after those of the command where the output is a pipe.
std::string normalised(const std::string& text) {
  std::istringstream input(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(input, line);) {
    std::replace_if(
        line.begin(), line.end(),
        [](unsigned char each) { return std::isdigit(each); }, '0');
    lines.push_back(line + '\n');
  }
  std::sort(lines.begin(), lines.end());
  std::string result;
  for (const std::string& each : lines)
    result += each;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(commands_and_their_exit_codes) {
  compare({{{"a.lock", "echo", "a  b"}},
           {{"a.lock", "sh", "-c", "exit 7"}},
           {{"a.lock", "sh", "-c", "kill -TERM $$"}},
           {{"a.lock", "sh", "-c", "kill -KILL $$"}},
           {{"a.lock", "-c", "echo x; exit 3"}},
           {{"a.lock", "--command", "echo x; exit 3"}},
           {{"a.lock", "-c", "kill -INT $$"}},
           {{"a.lock", "-c", "false"}, "export SHELL=/bin/true"},
           {{"a.lock", "-c", "echo a"}, "unset SHELL"},
           {{"a.lock", "-c", "echo a"}, "export SHELL="},
           {{"a.lock", "echo", "-n", "-s", "--", "x"}},
           {{"--", "a.lock", "echo", "x"}},
           {{"-F", "a.lock", "sh", "-c", "echo x; exit 5"}},
           {{"--no-fork", "a.lock", "-c", "echo x; exit 5"}},
           {{"a.lock", "cat"}, "echo input >in; exec <in"}});
}

// The system keeps no exit status for a process that ignores SIGCHLD: wait(2).
BOOST_AUTO_TEST_CASE(exit_codes_where_sigchld_is_ignored) {
  for (const std::string& each : test::both_flocks()) {
    const test::flock_folder folder;
    BOOST_TEST(folder.status({"env", "--ignore-signal=CHLD", each, "a.lock",
                              "sh", "-c", "exit 4"}) == 4);
  }
}

BOOST_AUTO_TEST_CASE(commands_that_cannot_be_executed) {
  compare({{{"a.lock", "no-such-command"}},
           {{"a.lock", "./no/such/command"}},
           {{"a.lock", "/etc/passwd"}},
           {{"a.lock", "."}},
           {{"-F", "a.lock", "no-such-command"}},
           {{"a.lock", "-c", "no-such-command"}},
           {{"a.lock", "-c", "/etc/passwd"}},
           {{"a.lock", "-c", "true"}, "export SHELL=/no/such/shell"},
           {{"a.lock", ""}}});
}

BOOST_AUTO_TEST_CASE(files_and_folders) {
  compare({{{".", "echo", "x"}},
           {{"./", "echo", "x"}},
           {{"folder", "echo", "x"}, "mkdir folder"},
           {{"missing/a.lock", "true"}},
           {{"missing/", "true"}},
           {{"", "true"}},
           {{"file/a.lock", "true"}, "touch file"},
           {{"file/", "true"}, "touch file"},
           {{"link", "test", "-e", "real"}, "ln -s real link"},
           {{"link", "echo", "x"}, "mkdir real; ln -s real link"},
           {{"loop", "true"}, "ln -s loop loop"},
           {{"/sys/no-such-file", "true"}},
           {{"/dev/null", "echo", "x"}},
           {{"a.lock", "stat", "-c", "%a", "a.lock"}, "umask 027"},
           {{"a.lock", "cat", "a.lock"}, "echo kept >a.lock"},
           {{"./script", "./script"},
            "printf '#!/bin/sh\\necho x\\n' >script; chmod +x script"}});
}

BOOST_AUTO_TEST_CASE(busy_locks) {
  compare({{{"-n", "a.lock", "true"}, held},
           {{"--nb", "a.lock", "true"}, held},
           {{"--nonblocking", "a.lock", "true"}, held},
           {{"-n", "-s", "a.lock", "true"}, held},
           {{"-sn", "a.lock", "true"}, held},
           {{"-nE", "42", "a.lock", "true"}, held},
           {{"-E42", "-w", "0", "a.lock", "true"}, held},
           {{"-n", "-E", "0", "a.lock", "false"}, held},
           {{"--conflict-exit-code=255", "-n", "a.lock", "true"}, held},
           {{"-w", "0.02", "a.lock", "true"}, held},
           {{"-w.02", "a.lock", "true"}, held},
           {{"--timeout", "0.02", "-E", "3", "a.lock", "true"}, held},
           {{"--wait=0.02", "a.lock", "true"}, held},
           {{"-w", " 0.02", "a.lock", "true"}, held},
           {{"-w", "+0.02", "a.lock", "true"}, held},
           {{"-w", "\t+.02", "-E", " +3", "a.lock", "true"}, held},
           {{"-n", "-w", "20", "a.lock", "true"}, held},
           {{"-n", "-s", "a.lock", "echo", "x"}, shared},
           {{"-n", "--shared", "a.lock", "echo", "x"}, shared},
           {{"-n", "-x", "a.lock", "true"}, shared},
           {{"-n", "-e", "a.lock", "true"}, shared},
           {{"-n", "--exclusive", "a.lock", "true"}, shared},
           {{"-s", "-x", "-n", "a.lock", "true"}, shared},
           {{"-u", "a.lock", "echo", "x"}, held},
           {{"-w", "20", "a.lock", "echo", "x"}}});
}

BOOST_AUTO_TEST_CASE(descriptors) {
  const std::string two = "exec 8<>a.lock 9<>a.lock; /usr/bin/flock 8";
  compare({{{"8"}, "exec 8>a.lock"},
           {{"-n", "8"}, held},
           {{"-n", "-s", "8"}, held},
           {{"-n", "9"}, two},
           {{"-n", "-s", "9"}, two},
           {{"-w", "0.02", "9"}, two},
           {{"-u", "8"}, two},
           {{"--unlock", "9"}, two},
           {{"-n", "8"}, "touch a.lock; exec 8<a.lock"},
           {{"77"}},
           {{"-u", "77"}},
           {{"0"}, "exec <&-"},
           {{"-n", "8"}, "exec 8<."},
           {{" 8"}, "exec 8>a.lock"},
           {{"+8"}, "exec 8>a.lock"},
           {{"08"}, "exec 8>a.lock"},
           {{"8 "}, "exec 8>a.lock"},
           {{"+-8"}, "exec 8>a.lock"},
           {{"+ 8"}, "exec 8>a.lock"},
           {{"++8"}, "exec 8>a.lock"},
           {{""}},
           {{" "}},
           {{"+"}}},
          what::status);
  compare({{{"77"}}, {{"-u", "77"}}});
}

BOOST_AUTO_TEST_CASE(wrong_usage) {
  compare({{{}},
           {{"-F", "-o", "a.lock", "true"}},
           {{"a.lock", "-c"}},
           {{"a.lock", "-c", "true", "true"}},
           {{"a.lock", "--command", "true", "true"}}});
  // The words of these have changed between versions of util-linux.
  compare({{{"a.lock"}},
           {{"-1"}},
           {{"99999999999999999999"}},
           {{"8x"}},
           {{"-n"}},
           {{"--no-such-option", "a.lock", "true"}},
           {{"-y", "a.lock", "true"}},
           {{"-w"}},
           {{"-E"}},
           {{"-w", "x", "a.lock", "true"}},
           {{"-w", "", "a.lock", "true"}},
           {{"-w", "1x", "a.lock", "true"}},
           {{"-w", "1 ", "a.lock", "true"}},
           {{"-w", "+", "a.lock", "true"}},
           {{"-w", "++1", "a.lock", "true"}},
           {{"-w", "+ 1", "a.lock", "true"}},
           {{"--n", "a.lock", "true"}},
           {{"--no", "a.lock", "true"}},
           {{"-E", "+-1", "a.lock", "true"}},
           {{"-E", "256", "a.lock", "true"}},
           {{"-E", "-1", "a.lock", "true"}},
           {{"-E", "x", "a.lock", "true"}},
           {{"-E", "1x", "a.lock", "true"}},
           {{"--shared=1", "a.lock", "true"}}},
          what::status);
}

BOOST_AUTO_TEST_CASE(help_and_version) {
  compare({{{"--help"}},
           {{"-h"}},
           {{"--version"}},
           {{"-V"}},
           {{"-n", "--version", "a.lock"}},
           {{"--version"}, "exec >/dev/full"}},
          what::status);
}

BOOST_AUTO_TEST_CASE(output_that_cannot_be_written) {
  compare({{{"--version"}, "exec >/dev/full"},
           {{"--help"}, "exec >/dev/full"},
           {{"--verbose", "a.lock", "true"}, "exec >/dev/full"}});
}

BOOST_AUTO_TEST_CASE(descriptors_that_the_command_has) {
  const std::string count = "ls -l /proc/self/fd | grep -c a.lock";
  compare({{{"a.lock", "sh", "-c", count}},
           {{"-o", "a.lock", "sh", "-c", count}},
           {{"--close", "a.lock", "sh", "-c", count}},
           {{"-F", "a.lock", "sh", "-c", count}}});
}

BOOST_AUTO_TEST_CASE(verbose_lines) {
  if (!test::has_util_linux()) return;
  for (const comparison& one :
       std::vector<comparison>{{{"--verbose", "a.lock", "echo", "hi"}},
                               {{"--verbose", "8"}, "exec 8>a.lock"},
                               {{"--verbose", "a.lock", "-c", "echo hi"}}})
    BOOST_TEST(normalised(run(test::our_flock(), one).output) ==
               normalised(run(test::util_linux_flock(), one).output));
  // Ours says in one more line who holds the lock.
  for (const comparison& one : std::vector<comparison>{
           {{"--verbose", "-n", "a.lock", "true"}, held},
           {{"--verbose", "-w", "0.02", "a.lock", "true"}, held}}) {
    const std::string ours = run(test::our_flock(), one).errors;
    BOOST_TEST(ours.substr(0, ours.find('\n') + 1) ==
               run(test::util_linux_flock(), one).errors);
  }
}

BOOST_AUTO_TEST_SUITE_END()
