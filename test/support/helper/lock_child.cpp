// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// A process that locks on command:
//
//   lock_child [--flock | --ofd | --fcntl] [--inheritable] <path> [command...]
//
// The first option names the platform, flock unless told.
// Commands are taken from the arguments, then, one a line, from the standard
// input, and each is answered by one line. "waiting" comes before the answer
// of a timed wait that has to wait. An error is answered by "error" and what
// the library says.
//
//   lock, shared             waits                       locked
//   try, try_shared                                      locked | busy
//   timed <ms>, timed_shared <ms>                        locked | timed_out
//   downgrade, upgrade, timed_upgrade <ms>               the result's name
//   unlock | close | open    as named                    unlocked | ...
//   descriptors              open on the path            a number
//   add <counter> <times>    reads, adds one and writes, under the lock
//                                                        added
//   hold <times>             locks and unlocks: when it held, by the monotonic
//   hold_shared, hold_timed  clock, in nanoseconds       begin end begin end...
//   exec <program...>        becomes it; words are its arguments   executing
//   spawn <program...>       starts it by posix_spawn    spawned <id>
//   fork_exec <program...>   starts it by fork and exec  spawned <id>
//   quit                     ends; so does the end of the input
//
// After exec, spawn and fork_exec, the program started reads the input: give
// the next command after the answer. This one then waits for a signal.

#include <filelock/filelock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>

#include "support/conversion_forms.hpp"
#include "support/descriptors.hpp"

#include <spawn.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

extern "C" char** environ; // POSIX leaves it to the program to declare it

namespace {

void answer(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

bool announces_waits = true;

struct announcing {
  std::chrono::milliseconds operator()(const filelock::wait_state& state) {
    if (announces_waits && state.attempts == 1) answer("waiting");
    return std::chrono::milliseconds(1);
  }
};

std::string locked_or(bool locked, const char* otherwise) {
  return locked ? "locked" : otherwise;
}

void add_one(const std::string& path) {
  // A fixed width, so that a torn update cannot look like a shorter number.
  std::fstream counter(path);
  long value = 0;
  counter >> value;
  counter.clear(); // the record ends where the file does
  counter.seekp(0);
  counter << std::setw(20) << value + 1 << std::flush;
  if (!counter.good()) throw std::runtime_error("cannot update " + path);
}

std::string now() {
  return std::to_string(std::chrono::nanoseconds(
                            std::chrono::steady_clock::now().time_since_epoch())
                            .count());
}

template <class Lock, class Acquire>
std::string hold_often(Lock& lock, int times, Acquire acquire) {
  std::string intervals;
  for (int i = 0; i != times; ++i) {
    acquire();
    intervals += now() + ' ';
    std::this_thread::yield();
    intervals += now() + ' ';
    lock.unlock();
  }
  return intervals;
}

std::vector<std::string> rest_of(std::istream& words) {
  std::vector<std::string> rest;
  for (std::string word; words >> word;)
    rest.push_back(word);
  return rest;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& each : words)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void become(std::vector<std::string> words) {
  ::execv(words.front().c_str(), pointers_to(words).data());
  std::perror("execv");
  ::_exit(127);
}

[[noreturn]] void leave_input_to(::pid_t id) {
  answer("spawned " + std::to_string(id));
  for (;;)
    ::pause();
}

[[noreturn]] void spawn(std::vector<std::string> words) {
  ::pid_t id = 0;
  if (::posix_spawn(&id, words.front().c_str(), nullptr, nullptr,
                    pointers_to(words).data(), environ) != 0)
    ::_exit(127);
  leave_input_to(id);
}

[[noreturn]] void fork_exec(std::vector<std::string> words) {
  const ::pid_t id = ::fork();
  if (id == 0) become(std::move(words));
  leave_input_to(id);
}

template <class Lock>
std::string obey(Lock& lock, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  const auto number = [&words] {
    int value = 0;
    words >> value;
    return value;
  };
  const auto time = [&number] { return std::chrono::milliseconds(number()); };

  if (command == "lock") {
    lock.lock();
    return "locked";
  }
  if (command == "shared") {
    lock.lock_shared();
    return "locked";
  }
  if (command == "try") return locked_or(lock.try_lock(), "busy");
  if (command == "try_shared") return locked_or(lock.try_lock_shared(), "busy");
  if (command == "timed")
    return locked_or(lock.try_lock_for(time()), "timed_out");
  if (command == "timed_shared")
    return locked_or(lock.try_lock_shared_for(time()), "timed_out");
  if (command == "downgrade") return test::name_of(lock.downgrade());
  if (command == "upgrade") return test::name_of(lock.try_upgrade());
  if (command == "timed_upgrade")
    return test::name_of(lock.try_upgrade_for(time()));
  if (command == "unlock") {
    lock.unlock();
    return "unlocked";
  }
  if (command == "open") {
    lock.open();
    return "opened";
  }
  if (command == "close") {
    lock.close();
    return "closed";
  }
  if (command == "descriptors")
    return std::to_string(test::count_descriptors_of(lock.path().c_str()));
  if (command == "hold")
    return hold_often(lock, number(), [&] { lock.lock(); });
  if (command == "hold_shared")
    return hold_often(lock, number(), [&] { lock.lock_shared(); });
  if (command == "hold_timed") {
    announces_waits = false;
    return hold_often(lock, number(), [&] {
      while (!lock.try_lock_for(std::chrono::seconds(1))) {
      }
    });
  }
  if (command == "add") {
    std::string counter;
    words >> counter;
    for (int left = number(); left > 0; --left) {
      lock.lock();
      add_one(counter);
      lock.unlock();
    }
    return "added";
  }
  if (command == "exec") {
    answer("executing");
    become(rest_of(words));
  }
  if (command == "spawn") spawn(rest_of(words));
  if (command == "fork_exec") fork_exec(rest_of(words));
  return "error: unknown command " + command;
}

template <class Platform>
void run(const std::vector<std::string>& arguments,
         const filelock::open_options& options) {
  filelock::basic_file_lock<Platform, announcing> lock(arguments.front(),
                                                       announcing(), options);
  const auto answer_to = [&lock](const std::string& line) {
    try {
      answer(obey(lock, line));
    } catch (const std::exception& error) {
      answer(std::string("error: ") + error.what());
    }
  };
  for (std::size_t i = 1; i < arguments.size(); ++i)
    answer_to(arguments[i]);
  for (std::string line; std::getline(std::cin, line) && line != "quit";)
    answer_to(line);
}

} // namespace

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  filelock::open_options options;
  auto* run_on = &run<filelock::posix_flock_traits>;
  bool is_understood = true;
  while (!arguments.empty() && arguments.front().front() == '-') {
    const std::string& option = arguments.front();
    if (option == "--inheritable")
      options.inheritable = true;
    else if (option == "--fcntl")
      run_on = &run<filelock::posix_fcntl_traits>;
#if FILELOCK_HAS_OFD_LOCKS
    else if (option == "--ofd")
      run_on = &run<filelock::posix_ofd_traits>;
#endif
    else if (option != "--flock")
      is_understood = false;
    arguments.erase(arguments.begin());
  }
  if (arguments.empty() || !is_understood) {
    std::fputs("lock_child [--flock | --ofd | --fcntl] [--inheritable] <path> "
               "[command...]\n",
               stderr);
    return 2;
  }
  run_on(arguments, options);
}
