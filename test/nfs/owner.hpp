// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A process with one lock, which does as it is told through a pipe.

#ifndef FILELOCK_TEST_NFS_OWNER_HPP
#define FILELOCK_TEST_NFS_OWNER_HPP

#include <filelock/basic_file_lock.hpp>
#include <filelock/open_options.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace nfs {

using clock = std::chrono::steady_clock;

inline long milliseconds_since(clock::time_point start) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return static_cast<long>(
      duration_cast<milliseconds>(clock::now() - start).count());
}

/// Effects: reads the number in `file`, adds one and writes it. O_DIRECT: not
/// from the memory of the client, which compares times of 4 ms with the server.
/// \returns Whether no call failed.
inline bool add_one(const std::string& file) {
  const int opened =
      ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_DIRECT, 0666);
  long number = 0;
  const bool is_read =
      opened >= 0 && ::pread(opened, &number, sizeof number, 0) >= 0;
  ++number;
  const bool is_written =
      is_read && ::pwrite(opened, &number, sizeof number, 0) == sizeof number;
  return opened >= 0 && ::close(opened) == 0 && is_written;
}

/// \returns The number in `file`.
inline long number_in(const std::string& file) {
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  long number = 0;
  if (opened < 0 || ::pread(opened, &number, sizeof number, 0) < 0) number = -1;
  ::close(opened);
  return number;
}

/// The commands: open, try, try_shared, lock, for MS, unlock, valid, died,
/// loop TIMES FILE (adds one to the number in FILE under each lock).
/// \returns Whether it was done, or is so.
template <class Lock>
bool obey(Lock& lock, std::istringstream& command) {
  std::string word;
  command >> word;
  if (word == "open") return lock.open(), true;
  if (word == "try") return lock.try_lock();
  if (word == "try_shared") return lock.try_lock_shared();
  if (word == "lock") return lock.lock(), true;
  if (word == "for") {
    long wait = 0;
    command >> wait;
    return lock.try_lock_for(std::chrono::milliseconds(wait));
  }
  if (word == "unlock") {
    std::error_code ec;
    lock.unlock(ec);
    if (ec) throw std::system_error(ec, "unlock");
    return true;
  }
  if (word == "valid") return lock.still_valid();
  if (word == "died") {
    using Platform = typename Lock::platform_type;
    if constexpr (filelock::detail::has_previous_owner_died_v<Platform>)
      return lock.previous_owner_died();
  }
  if (word == "loop") {
    int times = 0;
    std::string file;
    command >> times >> file;
    for (int i = 0; i != times; ++i) {
      const std::lock_guard<Lock> guard(lock);
      if (!add_one(file)) return false;
    }
    return true;
  }
  throw std::invalid_argument("no such command: " + word);
}

/// Effects: answers each line of `in`, until it ends.
template <class Lock>
void serve(const std::string& path, const filelock::open_options& options,
           int in, int out) {
  Lock lock(path, options);
  std::FILE* const input = ::fdopen(in, "r");
  char line[256];
  while (input && std::fgets(line, sizeof line, input)) {
    std::istringstream command(line);
    const auto start = clock::now();
    std::string said;
    try {
      said = obey(lock, command) ? "yes" : "no";
    } catch (const std::exception& error) {
      said = std::string("error: ") + error.what();
    }
    ::dprintf(out, "%ld %s\n", milliseconds_since(start), said.c_str());
  }
}

/// What an owner said, and how long the call took.
struct answer {
  long milliseconds = 0;
  std::string words; ///< "yes", "no", "error: ...", "silent"
  bool is(const char* wanted) const { return words == wanted; }
};

using service = std::function<void(const std::string&, int, int)>;

/// A process with one lock. It is killed with the object.
class owner {
public:
  owner(const service& serve_lock, const std::string& path) {
    int down[2];
    int up[2];
    if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    std::fflush(stdout);
    id_ = ::fork();
    if (id_ == 0) {
      ::close(down[1]);
      ::close(up[0]);
      serve_lock(path, down[0], up[1]);
      std::_Exit(0);
    }
    ::close(down[0]);
    ::close(up[1]);
    to_ = down[1];
    from_ = up[0];
  }

  owner(owner&& other) noexcept
      : id_(std::exchange(other.id_, -1)),
        to_(std::exchange(other.to_, -1)),
        from_(std::exchange(other.from_, -1)) {}
  owner& operator=(owner&&) = delete;

  ~owner() {
    if (id_ > 0) kill();
    ::close(to_);
    ::close(from_);
  }

  /// Effects: sends SIGKILL, and waits until the process is gone.
  void kill() {
    ::kill(id_, SIGKILL);
    while (::waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
  }

  void tell(const std::string& command) const {
    ::dprintf(to_, "%s\n", command.c_str());
  }

  /// \returns The next answer; "silent" if there is none for so many seconds.
  answer await(int seconds = 60) const {
    std::string line;
    ::pollfd wanted{from_, POLLIN, 0};
    const auto start = clock::now();
    while (line.empty() || line.back() != '\n') {
      const long left = seconds * 1000L - milliseconds_since(start);
      char letter = 0;
      if (left < 0 || ::poll(&wanted, 1, static_cast<int>(left)) <= 0)
        return {milliseconds_since(start), "silent"};
      if (::read(from_, &letter, 1) != 1)
        return {milliseconds_since(start), "error: the owner has ended"};
      line += letter;
    }
    answer result;
    std::istringstream words(line);
    words >> result.milliseconds >> std::ws;
    std::getline(words, result.words);
    return result;
  }

  answer ask(const std::string& command, int seconds = 60) const {
    tell(command);
    return await(seconds);
  }

private:
  ::pid_t id_ = -1;
  int to_ = -1;
  int from_ = -1;
};

} // namespace nfs

#endif
