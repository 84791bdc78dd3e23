// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: posix: fork and mmap

// Eight processes count in one file, without the lock and with it; then a
// process that holds the lock is killed, and the one that waits gets it.
//
// demo [--quick]    --quick: a tenth of the work

#include <filelock/file_lock.hpp>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <list>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr int processes = 8;

[[noreturn]] void throw_system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class temporary_folder {
public:
  temporary_folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "filelock-demo-XXXXXX")
            .string();
    if (!::mkdtemp(name.data())) throw_system_error("mkdtemp");
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::filesystem::path operator/(const char* name) const {
    return path_ / name;
  }

private:
  std::filesystem::path path_;
};

// What several processes see: made before they are forked.
template <class T>
class shared_memory {
public:
  shared_memory() {
    void* const address = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address == MAP_FAILED) throw_system_error("mmap");
    value_ = new (address) T();
  }
  ~shared_memory() { ::munmap(value_, sizeof(T)); }
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;

  T& operator*() const { return *value_; }

private:
  T* value_;
};

// A pipe: messages from some processes to others, made before they are forked.
template <class Message>
class channel {
  static_assert(std::is_trivially_copyable_v<Message>);

public:
  channel() {
    int ends[2];
    if (::pipe(ends) != 0) throw_system_error("pipe");
    receiver_ = ends[0];
    sender_ = ends[1];
  }
  ~channel() {
    close_sender();
    ::close(receiver_);
  }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  void send(Message message) {
    // So short a message is written whole: pipe(7).
    if (::write(sender_, &message, sizeof message) < 0)
      throw_system_error("write");
  }

  // Nothing where no process is left that could send.
  std::optional<Message> receive() {
    Message message{};
    ::ssize_t size;
    do
      size = ::read(receiver_, &message, sizeof message);
    while (size < 0 && errno == EINTR);
    if (size < 0) throw_system_error("read");
    if (size == 0) return std::nullopt;
    return message;
  }

  void close_sender() {
    if (sender_ >= 0) ::close(std::exchange(sender_, -1));
  }

private:
  int receiver_;
  int sender_;
};

// Holds processes back, so that all of them start at the same time.
class barrier {
public:
  // In each process that was forked.
  void wait() {
    start_.close_sender();
    arrived_.send({});
    arrived_.close_sender();
    start_.receive();
  }

  // In their parent: waits for `count` processes, then lets them go.
  void let_go(int count) {
    arrived_.close_sender();
    for (int arrived = 0; arrived != count; ++arrived)
      if (!arrived_.receive())
        throw std::runtime_error("a process ended before its work began");
    start_.close_sender();
  }

private:
  channel<char> arrived_;
  channel<char> start_; // no message: its end is the sign to start
};

// A process that does `work` and ends. It does not outlive this object.
class process {
public:
  template <class Work>
  explicit process(Work work) : id_(::fork()) {
    if (id_ < 0) throw_system_error("fork");
    if (id_ > 0) return;
    try {
      work();
      ::_exit(EXIT_SUCCESS);
    } catch (const std::exception& error) {
      std::cerr << "process " << ::getpid() << ": " << error.what() << '\n';
      ::_exit(EXIT_FAILURE);
    }
  }
  ~process() {
    if (has_ended_) return;
    kill();
    ::waitpid(id_, &status_, 0);
  }
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  ::pid_t id() const { return id_; }

  void kill() { ::kill(id_, SIGKILL); }

  bool has_ended() {
    if (!has_ended_) has_ended_ = ::waitpid(id_, &status_, WNOHANG) == id_;
    return has_ended_;
  }

  // Of a process that has ended.
  bool has_succeeded() const {
    return WIFEXITED(status_) && WEXITSTATUS(status_) == EXIT_SUCCESS;
  }

private:
  ::pid_t id_;
  int status_ = 0;
  bool has_ended_ = false;
};

// A number in a file: a record of eight bytes, so every write replaces it.
class counter_file {
public:
  explicit counter_file(const std::filesystem::path& path)
      : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw_system_error("open");
  }
  ~counter_file() { ::close(file_); }
  counter_file(const counter_file&) = delete;
  counter_file& operator=(const counter_file&) = delete;

  std::int64_t read() const {
    std::int64_t value;
    if (::pread(file_, &value, sizeof value, 0) != sizeof value)
      throw_system_error("pread");
    return value;
  }
  void write(std::int64_t value) const {
    if (::pwrite(file_, &value, sizeof value, 0) != sizeof value)
      throw_system_error("pwrite");
  }

private:
  int file_;
};

// One line that changes in a terminal, a line a second elsewhere.
class progress_line {
public:
  explicit progress_line(int total) : total_(total) {}

  void show(int done) {
    if (!is_terminal_ && steady_clock::now() < next_) return;
    next_ = steady_clock::now() + 1s;
    print(done);
  }
  void end(int done) {
    print(done);
    if (is_terminal_) std::cout << std::endl;
  }

private:
  void print(int done) const {
    std::cout << (is_terminal_ ? "\r" : "") << "   " << std::setw(5) << done
              << " of " << total_ << " increments made";
    if (is_terminal_)
      std::cout << std::flush;
    else
      std::cout << std::endl;
  }

  int total_;
  bool is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
  steady_clock::time_point next_ = steady_clock::now() + 1s;
};

enum class guarded { no, yes };
enum class between_read_and_write { nothing, yield };

// The main job: other processes do the same at the same time.
void increment(const counter_file& counter, filelock::file_lock& lock,
               guarded by_lock, between_read_and_write pause) {
  std::unique_lock guard{lock, std::defer_lock};
  if (by_lock == guarded::yes) guard.lock();

  const std::int64_t value = counter.read();
  if (pause == between_read_and_write::yield) std::this_thread::yield();
  counter.write(value + 1);
}

// Returns what the file says after all processes have counted in it.
std::int64_t
count(const temporary_folder& folder, int increments, guarded by_lock,
      between_read_and_write pause = between_read_and_write::nothing) {
  const counter_file counter{folder / "counter"};
  counter.write(0);

  const shared_memory<std::atomic<int>> done;
  barrier start;
  std::list<process> workers;
  for (int i = 0; i != processes; ++i)
    workers.emplace_back([&] {
      start.wait();
      filelock::file_lock lock{folder / "counter.lock"};
      for (int n = 0; n != increments; ++n) {
        increment(counter, lock, by_lock, pause);
        ++*done;
      }
    });
  start.let_go(processes);

  progress_line progress{processes * increments};
  for (process& worker : workers)
    while (!worker.has_ended()) {
      std::this_thread::sleep_for(10ms);
      progress.show(*done);
    }
  progress.end(*done);
  for (const process& worker : workers)
    if (!worker.has_succeeded())
      throw std::runtime_error("a process could not do its work");
  return counter.read();
}

void count_without_lock(const temporary_folder& folder, int increments) {
  const int total = processes * increments;
  std::cout << "1. " << processes << " processes add 1 to a number in a file, "
            << increments << " times each, without a lock" << std::endl;

  constexpr int most_attempts = 5;
  for (int attempt = 1; attempt <= most_attempts; ++attempt) {
    // On a single core a process may well do all its work without being
    // interrupted, so later attempts let another one in where it matters.
    const auto pause = attempt == 1 ? between_read_and_write::nothing
                                    : between_read_and_write::yield;
    const std::int64_t result = count(folder, increments, guarded::no, pause);
    std::cout << "   the file says " << result << ": " << (total - result)
              << " updates were lost";
    if (result != total) {
      std::cout << std::endl;
      return;
    }
    std::cout << ", by chance (attempt " << attempt << " of " << most_attempts
              << "; the next ones yield between read and write)" << std::endl;
  }
  std::cout << "   this machine did not show the need for a lock" << std::endl;
}

bool count_with_lock(const temporary_folder& folder, int increments) {
  const int total = processes * increments;
  std::cout << "2. the same with filelock::file_lock" << std::endl;
  const std::int64_t result = count(folder, increments, guarded::yes);
  std::cout << "   the file says " << result << ": "
            << (result == total ? "no update was lost" : "WRONG") << std::endl;
  return result == total;
}

bool kill_holder(const temporary_folder& folder) {
  std::cout << "3. the process that holds the lock is killed" << std::endl;
  const std::filesystem::path path = folder / "killed.lock";

  channel<char> is_held;
  channel<char> forever;
  process holder{[&] {
    filelock::file_lock lock{path};
    const std::scoped_lock guard{lock};
    forever.close_sender();
    is_held.send({});
    forever.receive(); // ends with the demo, if it is not killed before
  }};
  is_held.close_sender();
  if (!is_held.receive()) return false;

  channel<char> is_refused;
  channel<steady_clock::time_point> acquired;
  process waiter{[&] {
    forever.close_sender();
    filelock::file_lock lock{path};
    if (lock.try_lock()) throw std::runtime_error("the lock was not held");
    is_refused.send({});
    const std::unique_lock guard{lock, 20s};
    if (!guard) throw std::runtime_error("the lock was not released in 20 s");
    acquired.send(steady_clock::now());
  }};
  is_refused.close_sender();
  acquired.close_sender();
  if (!is_refused.receive()) return false;
  std::cout << "   process " << holder.id() << " holds it, process "
            << waiter.id() << " waits" << std::endl;

  std::this_thread::sleep_for(500ms); // it waits for a while
  const steady_clock::time_point killed = steady_clock::now();
  holder.kill();
  const std::optional<steady_clock::time_point> time = acquired.receive();
  if (!time) return false;
  const std::chrono::duration<double, std::milli> delay = *time - killed;
  std::cout << "   SIGKILL; " << std::fixed << std::setprecision(1)
            << delay.count() << " ms later process " << waiter.id()
            << " had the lock" << std::endl;
  return true;
}

} // namespace

int main(int argc, char** argv) {
  int increments = 1000;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--quick") {
      increments /= 10;
    } else {
      std::cerr << "usage: " << argv[0] << " [--quick]\n";
      return 2;
    }
  }
  try {
    const temporary_folder folder;
    count_without_lock(folder, increments);
    if (!count_with_lock(folder, increments) || !kill_holder(folder)) {
      std::cout << "FAILED" << std::endl;
      return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
