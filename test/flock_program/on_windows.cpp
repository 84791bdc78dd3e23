// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: windows

// example/flock on Windows.

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/temporary_folder.hpp"

#include <process.h>
#include <windows.h>

#include <cstdlib>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(flock_program_on_windows)

namespace {

using words = std::vector<std::string>;

std::string in_quotes(const std::string& word) { return '"' + word + '"'; }

/// \returns The exit code of our flock.
int run(words arguments) {
  const char* const program = std::getenv("FILELOCK_FLOCK");
  BOOST_TEST_REQUIRE(program != nullptr);
  arguments.insert(arguments.begin(), program);
  for (std::string& each : arguments)
    each = in_quotes(each);
  std::vector<const char*> pointers;
  for (const std::string& each : arguments)
    pointers.push_back(each.c_str());
  pointers.push_back(nullptr);
  return static_cast<int>(::_spawnv(_P_WAIT, program, pointers.data()));
}

struct lock_file {
  test::temporary_folder folder;
  std::string path = (folder / "a.lock").string();
};

} // namespace

BOOST_FIXTURE_TEST_CASE(the_exit_code_of_the_command_is_passed_on, lock_file) {
  BOOST_TEST(run({path, "cmd.exe", "/c", "exit 7"}) == 7);
  BOOST_TEST(run({path, "-c", "exit 6"}) == 6);
  BOOST_TEST(run({path, "no-such-command"}) == 69);
}

BOOST_FIXTURE_TEST_CASE(a_lock_is_taken_and_waited_for, lock_file) {
  filelock::file_lock lock{path};
  lock.lock();
  BOOST_TEST(run({"-n", path, "-c", "exit 0"}) == 1);
  BOOST_TEST(run({"-w", "20ms", "-E", "9", path, "-c", "exit 0"}) == 9);
  lock.unlock();
  BOOST_TEST(run({"-n", path, "-c", "exit 0"}) == 0);
  const std::string inner = std::getenv("FILELOCK_FLOCK");
  BOOST_TEST(run({path, inner, "-n", "-E", "5", path, "-c", "exit 0"}) == 5);
}

BOOST_FIXTURE_TEST_CASE(the_death_of_an_owner_is_told, lock_file) {
  BOOST_TEST(run({"--robust-owner", path, "-c", "exit 3"}) == 3);
  {
    filelock::basic_file_lock<filelock::marked<filelock::native_traits>> lock{
        path};
    lock.lock();
    ::CloseHandle(lock.release()); // as the system does for a killed process
  }
  BOOST_TEST(run({"--robust-owner", path, "-c", "exit 3"}) == 79);
  BOOST_TEST(run({"--robust-owner", "--repair", path, "-c", "exit 0"}) == 0);
  BOOST_TEST(run({"--robust-owner", path, "-c", "exit 3"}) == 3);
}

BOOST_FIXTURE_TEST_CASE(what_the_system_lacks_is_refused, lock_file) {
  for (const char* each : {"--fcntl", "--fifo", "--no-fork"})
    BOOST_TEST(run({each, path, "-c", "exit 0"}) == 64);
  BOOST_TEST(run({"9"}) == 64);
}

BOOST_FIXTURE_TEST_CASE(a_read_only_lock_excludes, lock_file) {
  filelock::open_options options;
  options.read_only = true;
  filelock::file_lock lock{path, options};
  lock.lock();
  char byte = 'a';
  DWORD written = 0;
  BOOST_TEST(!::WriteFile(lock.native_handle(), &byte, 1, &written, nullptr));
  filelock::file_lock other{path};
  BOOST_TEST(!other.try_lock());
  options.device = true;
  std::error_code ec;
  filelock::file_lock{path, options}.open(ec);
  BOOST_TEST((ec == std::errc::not_supported));
}

BOOST_AUTO_TEST_SUITE_END()
