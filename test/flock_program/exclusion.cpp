// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: queue: flock(1), /proc/locks, and timed waits that do not poll
// LABELS: process

// Who is excluded by example/flock, for how long, and what ends its wait.

#include <boost/test/unit_test.hpp>

#include "support/flock_program.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

BOOST_AUTO_TEST_SUITE(flock_program_exclusion)

namespace {

using test::child_process;
using test::flock_folder;
using test::our_flock;
using test::words;

/// Calls `use(holder, contender)` for each pair of programs, but not for twice
/// that of util-linux.
template <class Use>
void with_pairs(Use use) {
  for (const std::string& holder : test::both_flocks())
    for (const std::string& contender : test::both_flocks())
      if (holder == our_flock() || contender == our_flock())
        BOOST_TEST_CONTEXT(holder << " before " << contender)
  use(holder, contender);
}

/// Kills the process of a command that was left behind.
void end_process(const std::string& id) {
  const auto number = static_cast<::pid_t>(std::atol(id.c_str()));
  if (number > 1) ::kill(number, SIGKILL);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_program_excludes_the_other) {
  with_pairs([](const std::string& holder, const std::string& contender) {
    const flock_folder folder;
    child_process owner = folder.start(test::hold({holder, folder.path()}));
    BOOST_TEST(owner.read_line() == "held");
    BOOST_TEST(!folder.is_free(contender));
    BOOST_TEST(folder.status({contender, "-ns", folder.path(), "true"}) == 1);
    owner.write_line("end");
    BOOST_TEST(owner.wait() == 0);
    BOOST_TEST(folder.is_free(contender));
  });
}

BOOST_AUTO_TEST_CASE(each_program_shares_with_the_other) {
  with_pairs([](const std::string& holder, const std::string& contender) {
    const flock_folder folder;
    child_process owner =
        folder.start(test::hold({holder, "-s", folder.path()}));
    BOOST_TEST(owner.read_line() == "held");
    BOOST_TEST(!folder.is_free(contender));
    BOOST_TEST(folder.status({contender, "-ns", folder.path(), "true"}) == 0);
  });
}

// "->" in /proc/locks: it stands in the queue of the kernel, and does not poll.
BOOST_AUTO_TEST_CASE(a_waiter_stands_in_the_kernels_queue) {
  for (const words& options : {words{}, {"-s"}, {"-w", "1000"}, {"-w1h"}})
    with_pairs([&](const std::string& holder, const std::string& contender) {
      if (contender != our_flock()) return;
      const flock_folder folder;
      child_process owner = folder.start(test::hold({holder, folder.path()}));
      BOOST_TEST(owner.read_line() == "held");
      words command{contender};
      command.insert(command.end(), options.begin(), options.end());
      command.push_back(folder.path());
      child_process waiter = folder.start(test::hold(command));
      BOOST_TEST(test::wait_until_blocked_on(folder.path()));
      owner.write_line("end");
      BOOST_TEST(owner.wait() == 0);
      BOOST_TEST(waiter.read_line() == "held");
      BOOST_TEST(!folder.is_free(holder));
      waiter.write_line("end");
      BOOST_TEST(waiter.wait() == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_timeout_is_waited_for) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold({our_flock(), folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  for (const std::string& each : test::both_flocks()) {
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(
        folder.status({each, "-w", "0.1", "-E9", folder.path(), "true"}) == 9);
    const auto time = std::chrono::steady_clock::now() - begin;
    BOOST_TEST((time >= std::chrono::milliseconds(100)));
    BOOST_TEST((time < std::chrono::seconds(10)));
  }
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_the_wait) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold({our_flock(), folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  for (const char* timeout : {"1000", "365000000000"}) {
    child_process waiter =
        folder.start({our_flock(), "-w", timeout, folder.path(), "echo", "x"});
    BOOST_TEST(test::wait_until_blocked_on(folder.path()));
    waiter.kill(SIGINT);
    BOOST_TEST(waiter.wait() == -SIGINT);
    BOOST_TEST(waiter.read_all() == "");
  }
  child_process waiter =
      folder.start({our_flock(), folder.path(), "echo", "x"});
  BOOST_TEST(test::wait_until_blocked_on(folder.path()));
  waiter.kill(SIGINT);
  BOOST_TEST(waiter.wait() == -SIGINT);
  BOOST_TEST(!folder.is_free(our_flock()));
}

BOOST_AUTO_TEST_CASE(a_command_keeps_the_lock_of_a_killed_flock) {
  for (const std::string& each : test::both_flocks()) {
    const flock_folder folder;
    for (const char* close : {"", "-o"}) {
      words command{each, folder.path()};
      if (*close) command.insert(command.begin() + 1, close);
      child_process owner = folder.start(test::hold(command));
      BOOST_TEST(owner.read_line() == "held");
      owner.kill_and_wait();
      BOOST_TEST(folder.is_free(our_flock()) == (*close != '\0'));
      owner.write_line("end");
      // Its end of the pipe is closed when the command has ended.
      BOOST_TEST(owner.read_all() == "");
      BOOST_TEST(test::wait_until_seen(
          [&folder] { return folder.is_free(our_flock()); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_process_in_the_background_keeps_the_lock) {
  for (const std::string& each : test::both_flocks())
    for (const char* close : {"-s", "-o"}) {
      const flock_folder folder;
      const test::ended started =
          folder.run({each, close, folder.path(), "sh", "-c",
                      "sleep 100 <&- >&- 2>&- & echo $!"});
      BOOST_TEST(started.status == 0);
      BOOST_TEST(folder.is_free(our_flock()) == (*(close + 1) == 'o'));
      end_process(started.output);
    }
}

BOOST_AUTO_TEST_CASE(a_command_without_a_fork_is_the_process_itself) {
  const flock_folder folder;
  child_process owner = folder.start({our_flock(), "-F", folder.path(), "sh",
                                      "-c", "echo $$; read end; exit 6"});
  BOOST_TEST(owner.read_line() == std::to_string(owner.id()));
  BOOST_TEST(!folder.is_free(our_flock()));
  owner.write_line("end");
  BOOST_TEST(owner.wait() == 6);
  BOOST_TEST(folder.is_free(our_flock()));
}

BOOST_AUTO_TEST_CASE(a_shell_locks_its_descriptor) {
  with_pairs([](const std::string& flock, const std::string& other) {
    const flock_folder folder;
    const std::string script = "exec 9<>a.lock\n" + flock + " 9\n" + other +
                               " -n a.lock true; echo $?\n" + flock +
                               " -u 9\n" + other + " -n a.lock true; echo $?";
    BOOST_TEST(folder.run({"sh", "-c", script}).output == "1\n0\n");
    BOOST_TEST(folder.run({flock, "--version"}).status == 0);
    // The util-linux of Debian 12 has no --fd.
    if (flock != our_flock()) return;
    const std::string with_fd = "exec 9<>a.lock\n" + flock + " --fd 9 " +
                                other + " -n a.lock true; echo $?\n" + flock +
                                " --fd 9 -c 'exit 8'; echo $?";
    BOOST_TEST(folder.run({"sh", "-c", with_fd}).output == "1\n8\n");
    BOOST_TEST(
        folder.status({flock, "--fd", "9", "-o", "sh", "-c", "exec 8>&9"},
                      "exec 9<>a.lock") != 0);
  });
}

BOOST_AUTO_TEST_CASE(a_script_locks_itself) {
  for (const std::string& each : test::both_flocks()) {
    const flock_folder folder;
    std::ofstream(folder / "script")
        << "#!/bin/sh\n[ \"$FLOCKER\" != \"$0\" ] && exec env FLOCKER=\"$0\" "
        << each << " -en \"$0\" \"$0\" \"$@\"\necho runs $1\nread end\n";
    std::filesystem::permissions(folder / "script",
                                 std::filesystem::perms::owner_all);
    child_process first = folder.start({"./script", "first"});
    BOOST_TEST(first.read_line() == "runs first");
    BOOST_TEST(folder.status({"./script", "second"}) == 1);
    first.write_line("end");
  }
}

// util-linux's would hold the file that has no name any more.
BOOST_AUTO_TEST_CASE(a_file_that_was_removed_meanwhile_is_not_the_lock) {
  const flock_folder folder;
  child_process owner = folder.start({our_flock(), folder.path(), "sh", "-c",
                                      "echo held; read end; rm a.lock"});
  BOOST_TEST(owner.read_line() == "held");
  child_process waiter = folder.start(test::hold({our_flock(), folder.path()}));
  BOOST_TEST(test::wait_until_blocked_on(folder.path()));
  owner.write_line("end");
  BOOST_TEST(waiter.read_line() == "held");
  BOOST_TEST(!folder.is_free(our_flock()));
}

BOOST_AUTO_TEST_CASE(no_fifo_is_waited_for) {
  const flock_folder folder;
  BOOST_TEST(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const test::ended end = folder.run({our_flock(), "fifo", "true"});
  BOOST_TEST(end.status == 66);
  BOOST_TEST(end.errors == "flock: cannot open lock file fifo: neither a file, "
                           "a directory nor a device\n");
}

BOOST_AUTO_TEST_SUITE_END()
