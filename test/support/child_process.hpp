// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Child processes, spoken to by pipes, line by line. Nothing here waits without
// a bound, and no child outlives its object.

#ifndef FILELOCK_TEST_SUPPORT_CHILD_PROCESS_HPP
#define FILELOCK_TEST_SUPPORT_CHILD_PROCESS_HPP

#include <filelock/detail/posix/queue_wait.hpp>

#include "built_file.hpp"
#include "posix_calls.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace test {

/// Ends a child of a process with threads. ThreadSanitizer, which sees none of
/// them end in the child, would make a report of each at _exit().
[[noreturn]] inline void leave_child(int status) {
#if defined(SYS_exit_group)
  ::syscall(SYS_exit_group, status);
#endif
  ::_exit(status);
}

/// How long a test waits for what must come; far more than it takes.
inline constexpr std::chrono::seconds patience{30};

/// Text lines to and from another process.
class line_channel {
public:
  line_channel() = default;
  line_channel(int input, int output) : input_(input), output_(output) {}
  line_channel(line_channel&& other) noexcept { swap(other); }
  line_channel& operator=(line_channel&& other) noexcept {
    swap(other);
    return *this;
  }
  ~line_channel() {
    close_output();
    if (input_ >= 0) ::close(input_);
  }

  void write_line(std::string line) {
    line += '\n';
    const char* rest = line.data();
    std::size_t left = line.size();
    while (left != 0) {
      const ::ssize_t written = ::write(output_, rest, left);
      if (written < 0) {
        if (errno == EINTR) continue;
        throw std::system_error(errno, std::generic_category(), "write");
      }
      rest += written;
      left -= static_cast<std::size_t>(written);
    }
  }

  /// \returns The next line; a phrase in brackets where none comes.
  std::string read_line() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
      const std::size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      const std::optional<std::string> problem = read_more(deadline);
      if (problem) return *problem;
    }
  }

  /// \returns All that comes until the other side closes.
  std::string read_all() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::optional<std::string> problem;
    while (!problem)
      problem = read_more(deadline);
    std::string all = std::exchange(buffer_, std::string());
    return *problem == end_of_output ? all : all + *problem;
  }

  /// \returns Whether a line is there already.
  bool has_line() {
    if (buffer_.find('\n') != std::string::npos) return true;
    ::pollfd request{input_, POLLIN, 0};
    return ::poll(&request, 1, 0) > 0;
  }

  int output() const { return output_; }

  void close_output() {
    if (output_ >= 0) ::close(output_);
    output_ = -1;
  }

private:
  static constexpr const char* end_of_output = "(end of output)";

  void swap(line_channel& other) noexcept {
    std::swap(input_, other.input_);
    std::swap(output_, other.output_);
    buffer_.swap(other.buffer_);
  }

  template <class TimePoint>
  std::optional<std::string> read_more(TimePoint deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    ::pollfd request{input_, POLLIN, 0};
    const int ready = ::poll(
        &request, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready < 0 && errno == EINTR) return std::nullopt;
    if (ready <= 0) return "(no answer in time)";
    char bytes[4096];
    const ::ssize_t count = ::read(input_, bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) return std::nullopt;
    if (count <= 0) return end_of_output;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return std::nullopt;
  }

  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
};

class child_process {
public:
  enum class errors { are_shown, are_output };

  /// Runs a program. \param arguments The program's path, then its arguments.
  explicit child_process(std::vector<std::string> arguments,
                         errors where = errors::are_shown) {
    start([&](line_channel& parent, int input) -> std::string {
      std::vector<char*> pointers;
      for (std::string& each : arguments)
        pointers.push_back(each.data());
      pointers.push_back(nullptr);
      ::dup2(input, STDIN_FILENO);
      ::dup2(parent.output(), STDOUT_FILENO);
      if (where == errors::are_output) ::dup2(parent.output(), STDERR_FILENO);
      ::execvp(pointers.front(), pointers.data());
      return "cannot execute " + arguments.front();
    });
  }

  /// Runs `body(line_channel& parent)` in a forked child. It returns what
  /// failed: see failure().
  template <class Body>
  static child_process forked(Body body) {
    child_process child;
    child.start(
        [&](line_channel& parent, int) -> std::string { return body(parent); });
    return child;
  }

  child_process(child_process&& other) noexcept
      : channel_(std::move(other.channel_)),
        id_(std::exchange(other.id_, -1)) {}
  child_process& operator=(child_process&&) = delete;

  ~child_process() {
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  ::pid_t id() const { return id_; }

  void write_line(const std::string& line) { channel_.write_line(line); }
  std::string read_line() { return channel_.read_line(); }
  std::string read_all() { return channel_.read_all(); }
  bool has_line() { return channel_.has_line(); }

  /// \returns The child's answer to `line`.
  std::string ask(const std::string& line) {
    write_line(line);
    return read_line();
  }

  int output_to_child() const { return channel_.output(); }

  void kill(int signal = SIGKILL) {
    if (id_ > 0) ::kill(id_, signal);
  }

  /// Waits for the end of the child, and kills it when that takes too long.
  /// \returns The exit status; minus the number of the signal that ended it.
  int wait() {
    if (id_ <= 0) return status_;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    for (;;) {
      const ::pid_t ended = ::waitpid(id_, &status, WNOHANG);
      if (ended == id_) break;
      if (ended < 0 && errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "waitpid");
      // No pipe tells when a process may be waited for.
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (std::chrono::steady_clock::now() > deadline) kill();
    }
    id_ = -1;
    status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return status_;
  }

  /// Kills the child; it has ended when this returns.
  void kill_and_wait() {
    kill();
    wait();
  }

  /// Waits for the end of a forked child.
  /// \returns What its body says has failed; empty if nothing has.
  std::string failure() {
    channel_.close_output();
    const std::string said = channel_.read_all();
    const int status = wait();
    if (!said.empty() || status == 0) return said;
    return "the child ended with " + std::to_string(status);
  }

private:
  struct pipe_ends {
    pipe_ends() {
      if (open_pipe(ends) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    int ends[2];
  };

  child_process() = default;

  template <class Body>
  void start(Body body) {
    // A write to a child that has ended is an error, not the end of the test.
    ::signal(SIGPIPE, SIG_IGN);
    // What is not yet printed would be printed by a child as well.
    std::fflush(nullptr);
    const pipe_ends to_child;
    const pipe_ends from_child;
    id_ = ::fork();
    if (id_ < 0)
      throw std::system_error(errno, std::generic_category(), "fork");
    if (id_ == 0) {
      ::close(to_child.ends[1]);
      ::close(from_child.ends[0]);
      run(body, to_child.ends[0], from_child.ends[1]);
    }
    ::close(to_child.ends[0]);
    ::close(from_child.ends[1]);
    channel_ = line_channel(from_child.ends[0], to_child.ends[1]);
  }

  // Leaves by _exit: what the parent registered to be done at its exit, and
  // what it has not yet printed, is its own.
  template <class Body>
  [[noreturn]] static void run(Body& body, int input, int output) noexcept {
    // The test framework's handlers would go on with the tests in the child.
    for (const int each : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM})
      ::signal(each, SIG_DFL);
    // Should the test be killed, its children end too, sooner or later.
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(300);
    line_channel parent(input, output);
    std::string failed;
    try {
      failed = body(parent, input);
    } catch (const std::exception& error) {
      failed = std::string("exception: ") + error.what();
    } catch (...) {
      failed = "exception";
    }
    try {
      if (!failed.empty()) parent.write_line(failed);
    } catch (...) {
    }
    // Its library would join it at exit. ThreadSanitizer takes it for a leak.
    filelock::detail::last_helper_of_library.join();
    ::_exit(failed.empty() ? 0 : 1);
  }

  line_channel channel_;
  ::pid_t id_ = -1;
  int status_ = 0;
};

/// In a forked child: it may live as long as the test, and ends with it, also
/// if that is killed. The thread that forked must live as long.
inline void end_with_parent([[maybe_unused]] int signal = SIGKILL) {
  ::alarm(0);
#if defined(__linux__)
  ::prctl(PR_SET_PDEATHSIG, signal);
#endif
}

/// \returns What `body()`, run in a forked child, says has failed.
template <class Body>
std::string failure_in_child(Body body) {
  return child_process::forked(
             [&](line_channel&) -> std::string { return body(); })
      .failure();
}

/// Runs test/process/helper/lock_child.cpp, which says what it understands.
inline child_process lock_child(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), built_file("lock_child"));
  return child_process(std::move(arguments));
}

/// \returns What another process answers that tries to lock `path`: "locked",
/// "busy", or an error.
inline std::string other_process_tries(const std::string& path,
                                       const char* command = "try") {
  return lock_child({path, command}).read_line();
}

/// A line of /proc/locks, for one who waits:
/// 1: -> FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF
struct waiter_line {
  explicit waiter_line(const std::string& line) {
    std::istringstream words(line);
    std::string number, arrow, kind, advisory, mode;
    words >> number >> arrow >> kind >> advisory >> mode >> owner >> file;
    waits = arrow == "->";
  }
  bool waits = false;
  std::string owner;
  std::string file; ///< major:minor:inode
};

/// \returns Whether `matches(line)` is so of one who waits now.
template <class Predicate>
bool is_waiting(Predicate matches) {
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    const waiter_line each(line);
    if (each.waits && matches(each)) return true;
  }
  return false;
}

/// \returns Whether `is_so()` was seen.
template <class Condition>
bool wait_until_seen(Condition is_so) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (is_so()) return true;
    // The kernel tells nobody that a process has begun to wait.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

/// Waits until the process `id` waits for a lock in the kernel. Not for that
/// of an open file description, which is no process's.
/// \returns Whether that was seen.
inline bool wait_until_blocked(::pid_t id) {
  return wait_until_seen([wanted = std::to_string(id)] {
    return is_waiting([&](const auto& each) { return each.owner == wanted; });
  });
}

/// \returns Whether some process waits in the kernel for a lock on the file.
inline bool is_blocked_on(const std::string& path) {
  struct ::stat file;
  if (::stat(path.c_str(), &file) != 0) return false;
  const std::string wanted = ':' + std::to_string(file.st_ino);
  return is_waiting([&](const auto& each) {
    return each.file.size() > wanted.size() &&
           each.file.compare(each.file.size() - wanted.size(), wanted.size(),
                             wanted) == 0;
  });
}

/// Waits until is_blocked_on(path). \returns Whether that was seen.
inline bool wait_until_blocked_on(const std::string& path) {
  return wait_until_seen([&] { return is_blocked_on(path); });
}

} // namespace test

#endif
