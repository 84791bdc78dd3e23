// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_PYTHON_FILELOCK_HPP
#define FILELOCK_BENCH_SUPPORT_PYTHON_FILELOCK_HPP

#include "channel.hpp"
#include "child.hpp"
#include "execute.hpp"
#include "lock_under_test.hpp"
#include "lockable.hpp"
#include "raw_locks.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bench {

/// The package filelock of Python, which locks by flock(2): one interpreter,
/// which waits again and again, and reads the clocks itself before and after
/// acquire(). On Linux time.monotonic_ns() is steady_clock.
class python_filelock final : public lockable<raw_flock> {
public:
  explicit python_filelock(const std::filesystem::path& path)
      : lockable(path), path_(path) {}

  static bool is_installed() {
    return std::system(
               "/usr/bin/python3 -I -c 'import filelock' 2>/dev/null") == 0;
  }

  wait_report wait(std::chrono::nanoseconds timeout,
                   const std::function<void()>& begun) override {
    using std::chrono::nanoseconds;
    using std::chrono::steady_clock;
    if (!interpreter_) start();
    timeouts_.send(timeout.count());
    answers_.receive(); // it is about to wait
    begun();
    const answer end = answers_.receive();
    return {
        end.is_acquired != 0, steady_clock::time_point(nanoseconds(end.begin)),
        steady_clock::time_point(nanoseconds(end.end)), nanoseconds(end.cpu)};
  }

private:
  struct answer {
    std::int64_t is_acquired;
    std::int64_t begin;
    std::int64_t end;
    std::int64_t cpu;
  };

  static constexpr const char* program = R"(
import os, struct, sys, time
from filelock import FileLock, Timeout

def answer(*numbers):
    os.write(1, struct.pack('=4q', *numbers))

lock = FileLock(sys.argv[1])
while request := os.read(0, 8):
    timeout = struct.unpack('=q', request)[0] / 1e9
    answer(0, 0, 0, 0)
    cpu = time.process_time_ns()
    begin = time.monotonic_ns()
    try:
        lock.acquire(timeout=timeout)
        is_acquired = True
    except Timeout:
        is_acquired = False
    end = time.monotonic_ns()
    cpu = time.process_time_ns() - cpu
    if is_acquired:
        lock.release()
    answer(is_acquired, begin, end, cpu)
)";

  void start() {
    // -I: only the modules of the system.
    interpreter_.emplace("python3-filelock", [&] {
      execute({"/usr/bin/python3", "-I", "-c", program, path_},
              timeouts_.ends().reader(), answers_.ends().writer());
    });
    answers_.ends().close_writer();
  }

  std::string path_;
  channel<std::int64_t> timeouts_{"the benchmark"};
  channel<answer> answers_{"python3-filelock"};
  std::optional<child> interpreter_;
};

} // namespace bench

#endif
