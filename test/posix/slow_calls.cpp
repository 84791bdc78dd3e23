// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: system calls that wait, by their symbols
// LABELS: process
// ALONE

// An open() or a close() of one file that takes long (a lease, a file server
// that is away) is no other lock's, and no fork()'s, matter.

#define BOOST_TEST_MODULE slow_calls
#include <boost/test/unit_test.hpp>

#include <filelock/filelock.hpp>

#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/posix_models.hpp"
#include "support/temporary_folder.hpp"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace {

/// The next call for the file waits until it is let go.
struct slow_call {
  const char* path = nullptr;  // of an open
  std::atomic<int> handle{-1}; // of a close
  std::atomic<bool> waits{false};
  std::atomic<bool> may_go_on{false};

  void wait() {
    waits = true;
    while (!may_go_on)
      ::usleep(100);
  }
};

slow_call slow_open;
slow_call slow_close;

} // namespace

// By their symbols: the C++ names have been declared by system headers, with
// other attributes on each system.
extern "C" {
int filelock_test_close(int handle) __asm__("close");
int filelock_test_open(const char* path, int flags, ...) __asm__("open");

int filelock_test_close(int handle) {
  int expected = handle;
  if (slow_close.handle.compare_exchange_strong(expected, -1))
    slow_close.wait();
  return static_cast<int>(::syscall(SYS_close, handle));
}

int filelock_test_open(const char* path, int flags, ...) {
  ::mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, ::mode_t);
    va_end(arguments);
  }
  const int handle =
      static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  // The descriptor is there, and nobody knows it yet.
  if (slow_open.path && ::strcmp(path, slow_open.path) == 0) {
    slow_open.path = nullptr;
    slow_open.wait();
  }
  return handle;
}
}

namespace {

using filelock::file_lock;
using test::child_process;
using test::line_channel;
using namespace std::chrono_literals;

struct two_files {
  test::temporary_folder folder;
  std::string slow = folder / "slow.lock";
  std::string quick = folder / "quick.lock";
};

/// \returns What goes wrong beside a call that waits: everything here ends
/// while it does.
std::string wrong_beside(const two_files& files, file_lock& opened) {
  std::string wrong;
  if (!opened.try_lock()) wrong += "an open lock is not locked; ";
  opened.unlock();
  {
    file_lock other{files.quick};
    if (!other.try_lock_for(1h)) wrong += "a closed lock is not locked; ";
  } // closes
  const ::pid_t child = ::fork();
  if (child == 0) {
    std::error_code ec;
    file_lock own{files.quick};
    const bool works = !opened.is_open() && own.try_lock(ec);
    test::leave_child(works ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  if (status != 0) wrong += "a child cannot lock; ";
  return wrong;
}

/// In a process of its own, which ends after a while where it does not come to
/// an end.
template <class Body>
std::string failure_of(Body body) {
  child_process process =
      child_process::forked([&](line_channel& test) -> std::string {
        ::alarm(60);
        return body(test);
      });
  return process.failure();
}

} // namespace

BOOST_AUTO_TEST_CASE(a_slow_close_makes_nobody_wait) {
  const two_files files;
  BOOST_TEST(failure_of([&](line_channel&) {
               file_lock remote{files.slow};
               remote.lock();
               file_lock local{files.folder / "open.lock"};
               local.open();
               slow_close.handle = remote.native_handle();
               std::thread closer([&] { remote.close(); });
               while (!slow_close.waits)
                 std::this_thread::yield();
               const std::string wrong = wrong_beside(files, local);
               slow_close.may_go_on = true;
               closer.join();
               return wrong;
             }) == "");
}

BOOST_AUTO_TEST_CASE(a_slow_open_makes_nobody_wait) {
  const two_files files;
  BOOST_TEST(failure_of([&](line_channel&) {
               file_lock remote{files.slow};
               file_lock local{files.folder / "open.lock"};
               local.open();
               slow_open.path = files.slow.c_str();
               std::thread opener([&] { remote.lock(); });
               while (!slow_open.waits)
                 std::this_thread::yield();
               std::string wrong = wrong_beside(files, local);
               slow_open.may_go_on = true;
               opener.join();
               if (!remote.owns_lock()) wrong += "the slow one is not locked; ";
               return wrong;
             }) == "");
}

// The child was forked between the open and its entry in the registry.
BOOST_AUTO_TEST_CASE(a_child_of_a_slow_open_keeps_no_lock) {
  const two_files files;
  child_process owner =
      child_process::forked([&](line_channel& test) -> std::string {
        ::alarm(60);
        file_lock remote{files.slow};
        slow_open.path = files.slow.c_str();
        std::thread opener([&] { remote.lock(); });
        while (!slow_open.waits)
          std::this_thread::yield();
        if (::fork() == 0) {
          test.write_line("the child lives");
          test.read_line();
          test::leave_child(0);
        }
        slow_open.may_go_on = true;
        opener.join();
        test.write_line("locked");
        test.read_line();
        (void)remote.release(); // dies as the owner
        return "";
      });
  BOOST_TEST(owner.read_line() != "");
  BOOST_TEST(owner.read_line() != "");
  BOOST_TEST(test::other_process_tries(files.slow) == "busy");
  owner.kill_and_wait();
  BOOST_TEST(test::other_process_tries(files.slow) == "locked");
  owner.write_line("end");
}
