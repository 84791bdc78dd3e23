// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: exec; see windows.handles
// LABELS: process

#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/built_file.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

BOOST_AUTO_TEST_SUITE(posix_exec)

// What becomes of a lock in a program that its owner executes. The program is
// a lock_child too, so that it can be asked what it has open.

namespace {

struct lock_file {
  test::temporary_folder folder;
  std::string path = folder / "a.lock";

  /// The arguments of a program that is asked about this file.
  std::string program() const {
    return test::built_file("lock_child") + " " + path;
  }
  std::string other_tries() const { return test::other_process_tries(path); }
};

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

/// The close-on-exec flag of the descriptor of a lock.
bool closes_on_exec(const filelock::file_lock& lock) {
  return (::fcntl(lock.native_handle(), F_GETFD) & FD_CLOEXEC) != 0;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_lock_is_closed_on_exec_unless_it_is_inheritable) {
  const lock_file file;
  filelock::file_lock lock{file.path};
  lock.open();
  BOOST_TEST(closes_on_exec(lock));

  filelock::open_options options;
  options.inheritable = true;
  filelock::file_lock inheritable{file.path, options};
  inheritable.open();
  BOOST_TEST(!closes_on_exec(inheritable));
}

BOOST_AUTO_TEST_CASE(a_program_executed_by_the_owner_holds_nothing) {
  for (const char* start : {"spawn ", "fork_exec "}) {
    BOOST_TEST_CONTEXT(start) {
      const lock_file file;
      test::child_process owner = test::lock_child({file.path});
      BOOST_TEST(owner.ask("lock") == "locked");
      BOOST_TEST(begins_with(owner.ask(start + file.program()), "spawned "));
      // From here the program answers.
      BOOST_TEST(owner.ask("descriptors") == "0");
      BOOST_TEST(file.other_tries() == "busy");
      owner.kill_and_wait();
      BOOST_TEST(file.other_tries() == "locked");
      // It has outlived the owner.
      BOOST_TEST(owner.ask("try") == "locked");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_owner_that_becomes_another_program_releases) {
  const lock_file file;
  test::child_process owner = test::lock_child({file.path});
  BOOST_TEST(owner.ask("lock") == "locked");
  BOOST_TEST(owner.ask("exec " + file.program()) == "executing");
  BOOST_TEST(owner.ask("descriptors") == "0");
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(an_inheritable_lock_goes_on_in_an_executed_program) {
  const lock_file file;
  test::child_process owner = test::lock_child({"--inheritable", file.path});
  BOOST_TEST(owner.ask("lock") == "locked");
  BOOST_TEST(owner.ask("exec " + file.program()) == "executing");
  BOOST_TEST(owner.ask("descriptors") == "1");
  BOOST_TEST(file.other_tries() == "busy");
  owner.write_line("quit");
  BOOST_TEST(owner.wait() == 0);
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(an_inheritable_lock_goes_on_in_a_spawned_program) {
  const lock_file file;
  test::child_process owner = test::lock_child({"--inheritable", file.path});
  BOOST_TEST(owner.ask("lock") == "locked");
  BOOST_TEST(begins_with(owner.ask("spawn " + file.program()), "spawned "));
  BOOST_TEST(owner.ask("descriptors") == "1");
  owner.kill_and_wait();
  BOOST_TEST(file.other_tries() == "busy");
  // The program holds what it inherited until it ends.
  owner.write_line("quit");
  BOOST_TEST(owner.read_all() == "");
  BOOST_TEST(file.other_tries() == "locked");
}

// popen(3) and system(3) of glibc and musl are as posix_spawn(3).
BOOST_AUTO_TEST_CASE(a_command_keeps_an_inheritable_lock_until_it_ends) {
  const lock_file file;
  filelock::open_options options;
  options.inheritable = true;
  filelock::file_lock lock{file.path, options};
  lock.lock();
  std::FILE* const command = ::popen("read end", "w");
  BOOST_TEST_REQUIRE(command != nullptr);
  // Not unlock() or close(): the lock is one, and they would release it.
  BOOST_TEST(::close(lock.release()) == 0);
  BOOST_TEST(file.other_tries() == "busy");
  BOOST_TEST(::pclose(command) == 1 << 8); // read: no input
  BOOST_TEST(file.other_tries() == "locked");
}

BOOST_AUTO_TEST_CASE(the_owner_releases_for_the_program_too) {
  const lock_file file;
  filelock::open_options options;
  options.inheritable = true;
  filelock::file_lock lock{file.path, options};
  lock.lock();
  std::FILE* const command = ::popen("read end", "w");
  BOOST_TEST_REQUIRE(command != nullptr);
  lock.unlock();
  BOOST_TEST(file.other_tries() == "locked");
  ::pclose(command);
}

BOOST_AUTO_TEST_CASE(a_forked_child_has_no_inheritable_lock_to_pass_on) {
  const lock_file file;
  test::child_process owner = test::lock_child({"--inheritable", file.path});
  BOOST_TEST(owner.ask("lock") == "locked");
  BOOST_TEST(begins_with(owner.ask("fork_exec " + file.program()), "spawned "));
  BOOST_TEST(owner.ask("descriptors") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
