// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

#ifndef FILELOCK_BENCH_SUPPORT_FLOCK_COMMAND_HPP
#define FILELOCK_BENCH_SUPPORT_FLOCK_COMMAND_HPP

#include "channel.hpp"
#include "child.hpp"
#include "execute.hpp"
#include "lock_under_test.hpp"
#include "lockable.hpp"
#include "raw_locks.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

namespace bench {

/// flock(1) with -w, which waits in the kernel. A wait is one run of it, and
/// ends with the first statement of the shell that it starts: that start is in
/// what is measured, and the CPU time is that of all of the run. Not for
/// deadlines.
class flock_command final : public lockable<raw_flock> {
public:
  explicit flock_command(const std::filesystem::path& path)
      : lockable(path), path_(path) {}

  static bool is_installed() { return ::access(program, X_OK) == 0; }

  wait_report wait(std::chrono::nanoseconds timeout,
                   const std::function<void()>& begun) override {
    using std::chrono::steady_clock;
    const std::string seconds = std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(timeout).count());
    channel<char> started("flock(1)");
    child run("flock(1)", [&] {
      execute({program, "-w", seconds, path_, "/bin/sh", "-c", "echo"}, -1,
              started.ends().writer());
    });
    started.ends().close_writer();
    wait_until_asleep(run.id());
    const steady_clock::time_point begin = steady_clock::now();
    begun();
    started.receive();
    const steady_clock::time_point end = steady_clock::now();
    run.join();
    return {true, begin, end, run.cpu()};
  }

private:
  static constexpr const char* program = "/usr/bin/flock";

  /// Effects: waits for flock(1) to wait; for a moment, where the system has no
  /// /proc, see proc(5).
  static void wait_until_asleep(::pid_t id) {
    for (int attempt = 0; attempt != 1000; ++attempt) {
      std::ifstream file("/proc/" + std::to_string(id) + "/stat");
      std::string number, name, state;
      if (file >> number >> name >> state && name == "(flock)" && state == "S")
        return;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

  std::string path_;
};

} // namespace bench

#endif
