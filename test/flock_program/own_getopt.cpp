// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// ALONE

// The small getopt_long for systems without one.

#define BOOST_TEST_MODULE filelock
#include <boost/test/unit_test.hpp>

#define FLOCK_OWN_GETOPT
#include "../../example/flock/options.hpp"

#include <chrono>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(flock_program_own_getopt)

namespace {

using words = std::vector<std::string>;

flock_program::options parse(words arguments) {
  flock_program::optind = 1;
  arguments.insert(arguments.begin(), "flock");
  std::vector<char*> pointers;
  for (std::string& each : arguments)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  return flock_program::parse_options(static_cast<int>(arguments.size()),
                                      pointers.data());
}

/// \returns What is wrong with the arguments; "" if nothing is.
std::string fault(const words& arguments) {
  try {
    parse(arguments);
    return "";
  } catch (const flock_program::usage_error& error) {
    return error.what();
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(letters_stand_alone_and_together) {
  const auto given =
      parse({"-sn", "-E7", "-ow", "1.5", "--", "a.lock", "echo", "-n", "--x"});
  BOOST_TEST((given.mode == filelock::lock_mode::shared));
  BOOST_TEST(!given.waits);
  BOOST_TEST(given.close);
  BOOST_TEST(given.conflict_exit_code == 7);
  BOOST_TEST((given.timeout == std::chrono::milliseconds(1500)));
  BOOST_TEST(given.file.value() == "a.lock");
  BOOST_TEST((given.command == words{"echo", "-n", "--x"}));
}

BOOST_AUTO_TEST_CASE(long_names_may_be_cut) {
  const auto given = parse({"--shar", "--time=2m", "--conflict-exit-code", "9",
                            "--wait", "1", "--verb", "-", "true"});
  BOOST_TEST((given.mode == filelock::lock_mode::shared));
  BOOST_TEST((given.timeout == std::chrono::seconds(1)));
  BOOST_TEST(given.conflict_exit_code == 9);
  BOOST_TEST(given.verbose);
  BOOST_TEST(given.file.value() == "-");
}

BOOST_AUTO_TEST_CASE(wrong_options_are_named) {
  BOOST_TEST(fault({"--nosuch", "a", "b"}) == "unrecognized option '--nosuch'");
  BOOST_TEST(fault({"--f", "a", "b"}) ==
             "option '--f' may be --fcntl, --fd, --fifo");
  BOOST_TEST(fault({"--n=1", "a", "b"}) ==
             "option '--n' may be --nonblocking, --nb, --no-fork");
  BOOST_TEST(fault({"--shared=1", "a", "b"}) ==
             "option '--shared' takes no value");
  BOOST_TEST(fault({"--shar=1", "a", "b"}) ==
             "option '--shared' takes no value");
  BOOST_TEST(fault({"-y", "a", "b"}) == "unrecognized option '-y'");
  BOOST_TEST(fault({"-sy", "a", "b"}) == "unrecognized option '-y'");
  BOOST_TEST(fault({"-sw"}) == "option '-w' requires an argument");
  BOOST_TEST(fault({"-w"}) == "option '-w' requires an argument");
  BOOST_TEST(fault({"-s", "--timeout"}) ==
             "option '--timeout' requires an argument");
  BOOST_TEST(fault({"-:", "a", "b"}) == "unrecognized option '-:'");
  BOOST_TEST(fault({"-n"}) == "missing file descriptor, file or directory");
  BOOST_TEST(fault({"a", "b"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
