// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Helper processes, and how long they are waited for.

#ifndef FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_HELPERS_HPP
#define FILELOCK_EXAMPLE_VERIFY_FILESYSTEM_HELPERS_HPP

#include "failure.hpp"
#include "progress.hpp"
#include "shared_memory.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace verify {

/// Set by the handler of SIGINT and SIGTERM.
inline volatile ::sig_atomic_t is_interrupted = 0;

/// Runs all that touches the file system. A call on a file system that does not
/// answer cannot be ended, not even by SIGKILL, so only helper processes make
/// such calls, and the parent waits for none of them without a bound.
class helpers {
public:
  using body = std::function<void()>;

  /// \param bound When the parent gives up whatever it waits for.
  explicit helpers(steady::time_point bound) : bound_(bound) {}

  bool is_over() const { return is_interrupted || steady::now() >= bound_; }

  /// Effects: says on a terminal what is done.
  void say(std::string what) { progress_.begin(std::move(what)); }

  /// Effects: runs each of `bodies` in a process of its own, until all have
  /// ended, and for at most `limit`. The rest is killed. An exception of a body
  /// is said to `failure`.
  /// \returns Whether all have ended by themselves.
  bool run(const std::vector<body>& bodies, nanoseconds limit, note& failure) {
    const steady::time_point end = (std::min)(steady::now() + limit, bound_);
    return run_until(bodies, failure,
                     [&] { return is_interrupted || steady::now() >= end; });
  }

  /// Effects: the same, also after an interrupt, and after the bound.
  bool clean_up(const body& run, nanoseconds limit, note& failure) {
    const steady::time_point end = steady::now() + limit;
    return run_until({run}, failure, [&] { return steady::now() >= end; });
  }

  /// \returns Those that SIGKILL could not end: they are in an uninterruptible
  /// wait of the kernel.
  const std::vector<::pid_t>& left() {
    wait_for(left_, [] { return true; });
    return left_;
  }

  /// Effects: leaves nothing of the progress on the terminal.
  void be_quiet() { progress_.end(); }

private:
  template <class Condition>
  bool run_until(const std::vector<body>& bodies, note& failure,
                 Condition is_time_up) {
    std::vector<::pid_t> running;
    running.reserve(bodies.size());
    for (const body& each : bodies)
      if (const ::pid_t id = start(each, failure); id > 0)
        running.push_back(id);
    const bool have_ended = wait_for(running, is_time_up);
    for (const ::pid_t each : running)
      ::kill(each, SIGKILL);
    // A process that was killed ends at once, or when its system call does.
    const auto end = steady::now() + std::chrono::milliseconds(200);
    wait_for(running, [end] { return steady::now() >= end; });
    left_.insert(left_.end(), running.begin(), running.end());
    return have_ended;
  }

  /// \returns The process; less than zero where there are too many.
  static ::pid_t start(const body& run, note& failure) {
    const ::pid_t parent = ::getpid();
    const ::pid_t id = ::fork();
    if (id < 0)
      failure.set({"fork: " + std::generic_category().message(errno), errno});
    if (id != 0) return id;
    // A helper of a parent that was killed would wait for ever.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    leave_files();
    // The parent is told by a terminal as well, and ends its helpers.
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGTERM, SIG_DFL);
    try {
      run();
    } catch (const std::exception& error) {
      failure.set(failure_of(error));
    }
    ::_exit(0);
  }

  /// A helper that cannot be ended would keep a pipe of the parent open, and
  /// its reader would wait for the end.
  static void leave_files() {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int each = STDIN_FILENO; each <= STDERR_FILENO; ++each)
      ::dup2(nothing, each);
#if defined(SYS_close_range)
    ::syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, 0U);
#endif
  }

  /// Effects: takes those that end in time out of `ids`.
  /// \returns Whether none is left.
  template <class Condition>
  bool wait_for(std::vector<::pid_t>& ids, Condition is_time_up) {
    for (;;) {
      const auto has_ended = [](::pid_t id) {
        return ::waitpid(id, nullptr, WNOHANG) != 0;
      };
      ids.erase(std::remove_if(ids.begin(), ids.end(), has_ended), ids.end());
      if (ids.empty()) return true;
      if (is_time_up()) return false;
      progress_.tick();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  steady::time_point bound_;
  std::vector<::pid_t> left_;
  progress progress_;
};

} // namespace verify

#endif
