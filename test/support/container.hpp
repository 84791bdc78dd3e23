// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Processes with a PID namespace and mounts of their own, as in a container.

#ifndef FILELOCK_TEST_SUPPORT_CONTAINER_HPP
#define FILELOCK_TEST_SUPPORT_CONTAINER_HPP

#include "child_process.hpp"
#include "descriptors.hpp"
#include "skipped.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace test {

/// A process that is number 1 of its PID namespace. What it mounts, nobody else
/// sees.
struct container {
  /// Runs `body(channel)` in it.
  template <class Body>
  explicit container(Body body)
      : process(
            child_process::forked([body](line_channel& test) -> std::string {
              return run(body, test);
            })) {
    std::istringstream(process.read_line()) >> init;
  }
  ~container() { kill(); }
  container(const container&) = delete;
  container& operator=(const container&) = delete;

  /// Ends all processes in it.
  void kill() const {
    if (init > 0) ::kill(init, SIGKILL);
  }

  /// \returns Whether it was seen to sleep.
  bool wait_until_asleep() const {
    return wait_until_seen([this] {
      std::ifstream file("/proc/" + std::to_string(init) + "/stat");
      std::string number, name, state;
      return file >> number >> name >> state && state == "S";
    });
  }

  child_process process;
  ::pid_t init = 0; ///< its number in the namespace of the test

private:
  template <class Body>
  static std::string run(Body body, line_channel& test) {
    int start[2];
    if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::pipe(start) != 0)
      return "";
    const ::pid_t child = ::fork();
    if (child == 0) {
      ::alarm(300);
      ::close(start[1]);
      char byte;
      while (::read(start[0], &byte, 1) > 0) {
      }
      body(test);
      ::_exit(0);
    }
    test.write_line(std::to_string(child));
    ::close(start[1]);
    ::waitpid(child, nullptr, 0);
    return "";
  }
};

/// \returns Whether this user may make one; else `name` is said to be skipped.
inline bool may_make_container(const char* name) {
  const container one([](line_channel&) {});
  if (one.init > 0) return true;
  skipped(name, "this user may not make a PID namespace");
  return false;
}

} // namespace test

#endif
