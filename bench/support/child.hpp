// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_CHILD_HPP
#define FILELOCK_BENCH_SUPPORT_CHILD_HPP

#include "throw_errno.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#if __has_include(<sys/prctl.h>)
#include <sys/prctl.h>
#endif

namespace bench {

/// A forked process, which does not outlive this object, nor, on Linux, its
/// parent: PR_SET_PDEATHSIG of prctl(2), which holds for a program that the
/// child executes too.
class child {
public:
  /// \param name What it is, in the words of an error.
  /// \param run Runs in the child. What it throws is told on stderr, and by the
  /// exit status.
  template <class Run>
  child(std::string name, Run run) : name_(std::move(name)) {
    const ::pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ < 0) throw_errno("fork");
    if (id_ != 0) return;
#ifdef PR_SET_PDEATHSIG
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (::getppid() != parent) ::_exit(EXIT_FAILURE); // it was quicker
    try {
      run();
      ::_exit(EXIT_SUCCESS);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "\n%s: %s\n", name_.c_str(), error.what());
    }
    ::_exit(EXIT_FAILURE);
  }

  ~child() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  child(child&& other) noexcept
      : name_(std::move(other.name_)), id_(std::exchange(other.id_, 0)) {}
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  /// \returns Its process id; zero once it has ended.
  ::pid_t id() const { return id_; }

  /// Throws where the child has failed.
  /// \returns Whether it has ended.
  bool has_ended() { return id_ == 0 || wait(WNOHANG); }

  /// Effects: waits for the end. Throws where the child has failed, or has not
  /// ended in time.
  void join(std::chrono::steady_clock::time_point deadline) {
    while (!has_ended()) {
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error(name_ + " has not ended in time");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void join() {
    if (id_ != 0) wait(0);
  }

  /// \returns The CPU time of the child, which has ended, and of the children
  /// that it has waited for.
  std::chrono::nanoseconds cpu() const {
    const auto time = [](const ::timeval& part) {
      return std::chrono::seconds(part.tv_sec) +
             std::chrono::microseconds(part.tv_usec);
    };
    return time(usage_.ru_utime) + time(usage_.ru_stime);
  }

private:
  bool wait(int flags) {
    int status = 0;
    ::pid_t ended;
    do
      ended = ::wait4(id_, &status, flags, &usage_);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) throw_errno("wait4");
    if (ended == 0) return false;
    id_ = 0;
    if (WIFSIGNALED(status))
      throw std::runtime_error(name_ + " was ended by signal " +
                               std::to_string(WTERMSIG(status)));
    if (WEXITSTATUS(status) != EXIT_SUCCESS)
      throw std::runtime_error(name_ + " has failed, with status " +
                               std::to_string(WEXITSTATUS(status)));
    return true;
  }

  std::string name_;
  ::pid_t id_ = 0;
  struct ::rusage usage_ {};
};

} // namespace bench

#endif
