// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: queue: /proc/locks, and timed waits that do not poll
// LABELS: process

// What example/flock has beyond flock(1) of util-linux 2.38 (Debian 12):
// --fcntl, --fifo,
// --robust-owner, units of time, and what it says about a wait.

#include <boost/test/unit_test.hpp>

#include "support/flock_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(flock_program_beyond_util_linux)

namespace {

using test::child_process;
using test::flock_folder;
using test::our_flock;
using test::words;

/// A lock by F_OFD_SETLK, taken without the library.
class record_lock {
public:
  record_lock(const std::string& path, short type, ::off_t start,
              ::off_t length)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    struct ::flock record = {};
    record.l_type = type;
    record.l_whence = SEEK_SET;
    record.l_start = start;
    record.l_len = length;
    is_held_ = ::fcntl(file_, F_OFD_SETLK, &record) == 0;
  }
  ~record_lock() { ::close(file_); }
  record_lock(const record_lock&) = delete;
  record_lock& operator=(const record_lock&) = delete;

  bool is_held() const { return is_held_; }

private:
  int file_;
  bool is_held_;
};

bool can_lock_record(const std::string& path, short type, ::off_t start = 0,
                     ::off_t length = 0) {
  return record_lock(path, type, start, length).is_held();
}

/// \returns The exit status of our flock with `options`, for the command true.
int status(const flock_folder& folder, words options) {
  options.insert(options.begin(), our_flock());
  options.insert(options.end(), {folder.path(), "true"});
  return folder.status(options);
}

test::ended run_robust(const flock_folder& folder, const char* script,
                       words options = {}) {
  options.insert(options.begin(), {our_flock(), "--robust-owner"});
  options.insert(options.end(), {folder.path(), "sh", "-c", script});
  return folder.run(options);
}

/// \returns How many wait for a lock of an open file description of the file.
std::ptrdiff_t count_waiters(const std::string& path) {
  struct ::stat file;
  if (::stat(path.c_str(), &file) != 0) return -1;
  const std::string inode = ':' + std::to_string(file.st_ino) + ' ';
  std::ifstream locks("/proc/locks");
  std::ptrdiff_t result = 0;
  for (std::string line; std::getline(locks, line);)
    if (line.find("->") != std::string::npos &&
        line.find(inode) != std::string::npos)
      ++result;
  return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(fcntl_excludes_record_locks_and_no_others) {
  const flock_folder folder;
  {
    const record_lock other(folder.path(), F_WRLCK, 0, 0);
    BOOST_TEST(other.is_held());
    BOOST_TEST(status(folder, {"-n", "--fcntl"}) == 1);
    BOOST_TEST(status(folder, {"-ns", "--fcntl"}) == 1);
    BOOST_TEST(status(folder, {"-n"}) == 0);
    BOOST_TEST(status(folder, {"--fcntl", "-w", "20ms", "-E5"}) == 5);
    BOOST_TEST(status(folder, {"--fcntl", "-u"}) == 0);
  }
  {
    const record_lock other(folder.path(), F_RDLCK, 0, 0);
    BOOST_TEST(status(folder, {"-n", "--fcntl"}) == 1);
    BOOST_TEST(status(folder, {"-ns", "--fcntl"}) == 0);
  }
  BOOST_TEST(status(folder, {"-n", "--fcntl"}) == 0);
  child_process owner =
      folder.start(test::hold({our_flock(), "--fcntl", folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  BOOST_TEST(!can_lock_record(folder.path(), F_RDLCK));
  owner.kill_and_wait();
  BOOST_TEST(!can_lock_record(folder.path(), F_RDLCK)); // the command's
}

BOOST_AUTO_TEST_CASE(a_range_is_locked) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold(
      {our_flock(), "--start", "1K", "--length", "1KB", folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  BOOST_TEST(can_lock_record(folder.path(), F_WRLCK, 0, 1024));
  BOOST_TEST(!can_lock_record(folder.path(), F_WRLCK, 1024, 1));
  BOOST_TEST(!can_lock_record(folder.path(), F_WRLCK, 2023, 1));
  BOOST_TEST(can_lock_record(folder.path(), F_WRLCK, 2024, 0));
  BOOST_TEST(status(folder, {"-n", "--start", "2024"}) == 0);
  BOOST_TEST(status(folder, {"-n", "--length=1.5KiB"}) == 1);
  BOOST_TEST(status(folder, {"-n", "--length=1KiB"}) == 0);
  for (const char* wrong : {"", "x", "-1", "1X", "1KiX", "8E", "1e99"}) {
    BOOST_TEST(status(folder, {"--start", wrong}) == 64);
    BOOST_TEST(status(folder, {"--length", wrong}) == 64);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_has_no_exclusive_record_lock) {
  const flock_folder folder;
  BOOST_TEST(folder.status({our_flock(), "--fcntl", ".", "true"}) == 65);
  BOOST_TEST(folder.status({our_flock(), "--fcntl", "-s", ".", "true"}) == 0);
}

BOOST_AUTO_TEST_CASE(a_descriptor_is_locked_by_fcntl) {
  const flock_folder folder;
  const std::string flock = our_flock() + " --fcntl ";
  const std::string script = "exec 9<>a.lock\n" + flock + "9\n" + flock +
                             "-n a.lock true; echo $?\n" + flock + "-u 9\n" +
                             flock + "-n a.lock true; echo $?";
  BOOST_TEST(folder.run({"sh", "-c", script}).output == "1\n0\n");
}

BOOST_AUTO_TEST_CASE(waiters_are_served_in_the_order_of_arrival) {
  const flock_folder folder;
  child_process owner =
      folder.start(test::hold({our_flock(), "--fifo", folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  std::vector<child_process> waiters;
  for (std::ptrdiff_t i = 1; i != 6; ++i) {
    words command{our_flock(),   "--fifo",
                  folder.path(), "sh",
                  "-c",          "echo " + std::to_string(i) + " >>order"};
    // One of them gives up later than all others have the lock.
    if (i == 2) command.insert(command.begin() + 1, {"-w", "1h"});
    if (i == 3) command.insert(command.begin() + 1, {"--wait-message", "-"});
    waiters.push_back(folder.start(command));
    BOOST_TEST(test::wait_until_seen(
        [&] { return count_waiters(folder.path()) == i; }));
  }
  BOOST_TEST(status(folder, {"--fifo", "-n"}) == 1);
  owner.write_line("end");
  for (child_process& each : waiters)
    BOOST_TEST(each.wait() == 0);
  BOOST_TEST(folder.content("order") == "1\n2\n3\n4\n5\n");
}

BOOST_AUTO_TEST_CASE(a_reader_does_not_overtake_a_writer_that_waits) {
  const flock_folder folder;
  child_process reader =
      folder.start(test::hold({our_flock(), "--fifo", "-s", folder.path()}));
  BOOST_TEST(reader.read_line() == "held");
  BOOST_TEST(status(folder, {"--fifo", "-ns"}) == 0);
  child_process writer =
      folder.start({our_flock(), "--fifo", folder.path(), "true"});
  BOOST_TEST(
      test::wait_until_seen([&] { return count_waiters(folder.path()) == 1; }));
  BOOST_TEST(status(folder, {"--fifo", "-ns"}) == 1);
  reader.write_line("end");
  BOOST_TEST(writer.wait() == 0);
}

BOOST_AUTO_TEST_CASE(fifo_gives_up_at_its_timeout) {
  const flock_folder folder;
  const record_lock other(folder.path(), F_WRLCK, 0, 0);
  BOOST_TEST(status(folder, {"--fifo", "-w", "20ms", "-E", "7"}) == 7);
}

BOOST_AUTO_TEST_CASE(the_death_of_an_owner_is_told) {
  const std::string dead = ": the last owner died with the lock\n";
  for (const words& options : {words{}, {"--fcntl"}, {"--fifo"}}) {
    const flock_folder folder;
    const auto run = [&](const char* script, words more = {}) {
      more.insert(more.end(), options.begin(), options.end());
      return run_robust(folder, script, more);
    };
    BOOST_TEST(run("exit 3").status == 3);
    BOOST_TEST(run("true").status == 0);
    BOOST_TEST(run("kill -KILL $$").status == 137);
    for (int i = 0; i != 2; ++i) {
      const test::ended end = run("echo runs");
      BOOST_TEST(end.status == 79);
      BOOST_TEST(end.output == "");
      BOOST_TEST(end.errors == "flock: " + folder.path() + dead);
    }
    BOOST_TEST(run("true", {"-s"}).status == 79);
    BOOST_TEST(run("false", {"--repair"}).status == 1);
    BOOST_TEST(run("true").status == 79);
    BOOST_TEST(run("kill -KILL $$", {"--repair"}).status == 137);
    BOOST_TEST(run("true").status == 79);
    BOOST_TEST(run("true", {"--repair"}).status == 0);
    BOOST_TEST(run("true", {"-s"}).status == 0);
    BOOST_TEST(run("exit 4", {"--repair"}).status == 4);
    BOOST_TEST(run("true").status == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_killed_flock_is_an_owner_that_died) {
  const flock_folder folder;
  child_process owner =
      folder.start(test::hold({our_flock(), "--robust-owner", folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  BOOST_TEST(run_robust(folder, "true", {"-n"}).status == 1);
  owner.kill_and_wait();
  BOOST_TEST(run_robust(folder, "true", {"-n"}).status == 1); // the command's
  owner.write_line("end");
  BOOST_TEST(run_robust(folder, "true").status == 79);
}

// A terminal sends it to both. The command may end in order.
BOOST_AUTO_TEST_CASE(an_interrupt_is_the_commands) {
  const flock_folder folder;
  child_process owner =
      folder.start({our_flock(), "--robust-owner", folder.path(), "sh", "-c",
                    "trap 'echo in order; exit 9' INT; echo held; read end"});
  BOOST_TEST(owner.read_line() == "held");
  // It ignores SIGINT and SIGQUIT once it waits for the command.
  BOOST_TEST(test::wait_until_seen([&owner] {
    std::ifstream status("/proc/" + std::to_string(owner.id()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.rfind("SigIgn:", 0) == 0) return line.back() == '6';
    return false;
  }));
  owner.kill(SIGINT);
  owner.write_line("end");
  BOOST_TEST(owner.wait() == 0);
  BOOST_TEST(run_robust(folder, "true").status == 0);
}

BOOST_AUTO_TEST_CASE(a_file_with_other_content_is_not_marked) {
  const flock_folder folder;
  std::ofstream(folder.path()) << "text";
  const test::ended end = run_robust(folder, "true");
  BOOST_TEST(end.status == 65);
  BOOST_TEST(end.errors == "flock: " + folder.path() +
                               ": it has other content; for --robust-owner it "
                               "must be empty at first\n");
  BOOST_TEST(folder.content("a.lock") == "text");
}

BOOST_AUTO_TEST_CASE(times_have_units) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold({our_flock(), folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  for (const char* each : {"20ms", "0.02s", ".02", "0.0003m", "0.000005h", "0",
                           "0ms", "0.0000002d", "1e-2"}) {
    BOOST_TEST(status(folder, {"-w", each, "-E2"}) == 2);
    BOOST_TEST(status(folder, {"--timeout", each, "-E2"}) == 2);
  }
  for (const char* each : {"ms", "1us", "1 s", "1S", "1m1s", "-1", "-0", "+-1",
                           "nan", "inf", ".", "1e9999"}) {
    const test::ended end =
        folder.run({our_flock(), "-w", each, folder.path(), "true"});
    BOOST_TEST(end.status == 64);
    BOOST_TEST(end.errors == "flock: invalid timeout: '" + std::string(each) +
                                 "': it is a number, and the unit ms, s, m, h "
                                 "or d\n");
  }
}

// util-linux's program exits with 71: it cannot set its timer.
BOOST_AUTO_TEST_CASE(a_time_too_long_for_a_timer_has_no_end) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold({our_flock(), folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  std::vector<child_process> waiters;
  for (const char* each : {"99999999999999999999", "1e400"}) {
    waiters.push_back(folder.start(
        {our_flock(), "-w", each, folder.path(), "sh", "-c", "exit 5"}));
    BOOST_TEST(test::wait_until_blocked(waiters.back().id()));
  }
  owner.write_line("end");
  for (child_process& each : waiters)
    BOOST_TEST(each.wait() == 5);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_an_option_is_told) {
  const flock_folder folder;
  const auto fault = [&](words options) {
    options.insert(options.begin(), our_flock());
    options.insert(options.end(), {"a.lock", "true"});
    const test::ended end = folder.run(options);
    BOOST_TEST(end.status == 64);
    return end.errors.substr(0, end.errors.find('\n'));
  };
  BOOST_TEST(fault({"--n"}) ==
             "flock: option '--n' may be --nonblocking, --nb, --no-fork");
  BOOST_TEST(fault({"--no"}) ==
             "flock: option '--no' may be --nonblocking, --no-fork");
  BOOST_TEST(fault({"--shared=1"}) ==
             "flock: option '--shared' takes no value");
  BOOST_TEST(fault({"--shar=1"}) == "flock: option '--shared' takes no value");
  BOOST_TEST(fault({"--none"}) == "flock: unrecognized option '--none'");
  BOOST_TEST(fault({"-syn"}) == "flock: unrecognized option '-y'");
  BOOST_TEST(fault({"--shared", "-yn"}) == "flock: unrecognized option '-y'");
  BOOST_TEST(fault({"-E", "300"}) ==
             "flock: invalid exit code: '300': it must be from 0 to 255");
  BOOST_TEST(fault({"-E", "x"}) == "flock: invalid exit code: 'x'");
}

BOOST_AUTO_TEST_CASE(a_wait_is_announced) {
  const flock_folder folder;
  child_process owner = folder.start(test::hold({our_flock(), "-F", "a.lock"}));
  BOOST_TEST(owner.read_line() == "held");
  const std::string id = std::to_string(owner.id());
  const words wait{
      our_flock(), "-w",  "20ms", "--wait-message", "%p has %f, 100%% %x%",
      "a.lock",    "true"};
  BOOST_TEST(folder.run(wait).errors ==
             "flock: process " + id + " has a.lock, 100% %x%\n");
  words no_wait = wait;
  no_wait[2] = "0";
  BOOST_TEST(folder.run(no_wait).errors == "");
  owner.write_line("end");
  BOOST_TEST(owner.wait() == 0);
  BOOST_TEST(folder.run(wait).errors == "");
}

BOOST_AUTO_TEST_CASE(verbose_names_the_holder) {
  const flock_folder folder;
  child_process owner =
      folder.start(test::hold({our_flock(), "-F", folder.path()}));
  BOOST_TEST(owner.read_line() == "held");
  const std::string id = std::to_string(owner.id());
  BOOST_TEST(folder.run({our_flock(), "-nv", folder.path(), "true"}).errors ==
             "flock: failed to get lock\nflock: the lock is held by process " +
                 id + '\n');
  child_process waiter =
      folder.start({our_flock(), "-v", folder.path(), "echo", "runs"});
  BOOST_TEST(test::wait_until_blocked(waiter.id()));
  owner.write_line("end");
  const std::string took = waiter.read_line();
  BOOST_TEST(took.rfind("flock: getting lock took 0.", 0) == 0);
  BOOST_TEST(waiter.read_line() == "flock: the lock was held by process " + id);
  BOOST_TEST(waiter.read_line() == "flock: executing echo");
  BOOST_TEST(waiter.read_line() == "runs");
  const record_lock other(folder.path(), F_WRLCK, 0, 0);
  BOOST_TEST(folder.run({our_flock(), "-nv", "--fcntl", folder.path(), "true"})
                 .errors ==
             "flock: failed to get lock\nflock: the lock is held by a "
             "process that the system does not name\n");
}

BOOST_AUTO_TEST_CASE(options_that_do_not_fit_are_refused) {
  const flock_folder folder;
  for (const words& each : {words{"--fifo", "--start", "1"},
                            {"--fifo", "--length", "1"},
                            {"--robust-owner", "--start", "1"},
                            {"--robust-owner", "-F"},
                            {"--robust-owner", "-u"},
                            {"--repair"},
                            {"--robust-owner", "--repair", "-s"},
                            {"-F", "-o"}}) {
    BOOST_TEST(status(folder, each) == 64);
    BOOST_TEST(::access(folder.path().c_str(), F_OK) != 0);
  }
  BOOST_TEST(folder.status({our_flock(), "--robust-owner", "8"},
                           "exec 8>a.lock") == 64);
  BOOST_TEST(folder.status({our_flock(), "--fd", "8"}, "exec 8>a.lock") == 64);
}

BOOST_AUTO_TEST_SUITE_END()
