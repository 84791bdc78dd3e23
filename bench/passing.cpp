// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What it brings that the threads of a file_mutex pass the file lock on, and
// what other processes get meanwhile.
//
// passing [--csv FILE] [--smoke | --rounds N]
//
//   throughput     holds in a second of 8 threads of one process that do
//                  nothing else: a file_mutex, and a std::mutex around a
//                  file_lock. They take turns in random order; medians.
//   share          of the holds that one of two processes has, of 4 threads
//                  each that do nothing else: the least and the greatest of all
//                  rounds.
//   wait           of another process in file_lock::lock(), in the kernel's
//                  queue, beside such 4 threads.

#include <filelock/file_lock.hpp>
#include <filelock/file_mutex.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"
#include "support/child.hpp"
#include "support/command_line.hpp"
#include "support/crowd.hpp"
#include "support/figures.hpp"
#include "support/goal.hpp"
#include "support/median.hpp"
#include "support/mutex_and_file_lock.hpp"
#include "support/optional_figures_file.hpp"
#include "support/percentile.hpp"
#include "support/run_program.hpp"
#include "support/shared_array.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

struct effort {
  int rounds;
  nanoseconds round;
  std::size_t waits;
};
constexpr effort full{15, 400ms, 1000};
constexpr effort for_smoke{2, 20ms, 20};

/// Effects: locks and unlocks in `threads` threads while `wait()` runs.
/// \returns How many holds there were.
template <class Lock, class Wait>
std::uint64_t run_threads(Lock& lock, int threads, Wait wait) {
  std::uint64_t holds = 0; // guarded by the lock
  std::atomic<bool> ends{false};
  std::vector<std::thread> all;
  for (int i = 0; i != threads; ++i)
    all.emplace_back([&] {
      while (!ends.load(std::memory_order_relaxed)) {
        lock.lock();
        ++holds;
        lock.unlock();
      }
    });
  wait();
  ends = true;
  for (std::thread& each : all)
    each.join();
  return holds;
}

template <class Lock>
double throughput(const std::filesystem::path& path, nanoseconds length) {
  Lock lock(path);
  const steady_clock::time_point begin = steady_clock::now();
  const std::uint64_t holds =
      run_threads(lock, 8, [&] { std::this_thread::sleep_for(length); });
  return static_cast<double>(holds) /
         bench::in_seconds(steady_clock::now() - begin);
}

void measure_throughput(const std::filesystem::path& path, const effort& much,
                        bench::optional_figures_file& csv) {
  using measure = double (*)(const std::filesystem::path&, nanoseconds);
  constexpr const char* names[]{"file_mutex", "std::mutex and file_lock"};
  constexpr measure measures[]{throughput<filelock::file_mutex>,
                               throughput<bench::mutex_and_file_lock>};
  std::vector<double> seen[2];
  std::mt19937 random(20261127);
  for (int round = 0; round != much.rounds; ++round) {
    std::fprintf(stderr, "passing: throughput, round %d\n", round + 1);
    const std::size_t first = random() % 2;
    for (const std::size_t i : {first, 1 - first})
      seen[i].push_back(measures[i](path, much.round));
  }
  for (std::size_t i = 0; i != 2; ++i) {
    std::printf("%-26s %12.0f holds in a second by 8 threads\n", names[i],
                bench::median(seen[i]));
    csv.add({"passing: throughput", names[i], "8 threads", "median",
             bench::median(seen[i]), "1/s"});
  }
  bench::print_goal(
      "throughput of std::mutex and file_lock to that of file_mutex",
      bench::median(seen[1]) / bench::median(seen[0]), 1.0 / 20, "");
}

void measure_share(const std::filesystem::path& path, const effort& much,
                   bench::optional_figures_file& csv) {
  std::vector<double> shares;
  for (int round = 0; round != much.rounds; ++round) {
    std::fprintf(stderr, "passing: share, round %d\n", round + 1);
    const bench::shared_array<std::uint64_t> holds(2);
    bench::run_crowd(2, 1min, [&](std::size_t index, auto& gate) {
      filelock::file_mutex mutex(path);
      const steady_clock::time_point end = gate.pass() + much.round;
      holds[index] =
          run_threads(mutex, 4, [&] { std::this_thread::sleep_until(end); });
    });
    shares.push_back(static_cast<double>(holds[0]) /
                     static_cast<double>(holds[0] + holds[1]));
  }
  std::sort(shares.begin(), shares.end());
  std::printf("%-26s %5.1f to %.1f %%, median %.1f %%\n", "share of one of two",
              shares.front() * 100, shares.back() * 100,
              bench::median(shares) * 100);
  for (const auto& [statistic, value] :
       {std::pair("least", shares.front()),
        std::pair("median", bench::median(shares)),
        std::pair("greatest", shares.back())})
    csv.add({"passing: share of holds", "file_mutex",
             "one of 2 processes of 4 threads", statistic, value, "1"});
  bench::print_goal(
      "the greater share of two processes, at the median",
      (std::max)(bench::median(shares), 1 - bench::median(shares)), 0.6, "");
}

void measure_wait(const std::filesystem::path& path, const effort& much,
                  bench::optional_figures_file& csv) {
  std::fprintf(stderr, "passing: wait\n");
  struct shared_state {
    std::atomic<bool> has_begun;
    std::atomic<bool> ends;
  };
  const bench::shared_array<shared_state> state(1);
  bench::child passing("a process that passes the lock on", [&] {
    filelock::file_mutex mutex(path);
    state[0].has_begun = true;
    run_threads(mutex, 4, [&] {
      while (!state[0].ends)
        std::this_thread::sleep_for(1ms);
    });
  });
  while (!state[0].has_begun)
    std::this_thread::sleep_for(1ms);
  std::vector<nanoseconds> waits;
  std::mt19937 random(20261127);
  filelock::file_lock lock(path);
  lock.open();
  for (std::size_t i = 0; i != much.waits; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 5000));
    const steady_clock::time_point begin = steady_clock::now();
    lock.lock();
    waits.push_back(steady_clock::now() - begin);
    lock.unlock();
  }
  state[0].ends = true;
  passing.join();
  std::sort(waits.begin(), waits.end());
  const auto at = [&](std::size_t percent) {
    return bench::in_seconds(bench::percentile(waits, percent));
  };
  std::printf("%-26s p50 %.1f ms, p99 %.1f ms, max %.1f ms\n",
              "wait beside 4 threads", at(50) * 1e3, at(99) * 1e3,
              at(100) * 1e3);
  for (const auto& [statistic, percent] :
       {std::pair("p50", 50U), std::pair("p99", 99U), std::pair("max", 100U)})
    csv.add({"passing: wait of another process", "file_lock",
             "beside 4 threads", statistic, at(percent), "s"});
  constexpr nanoseconds most = filelock::file_mutex::passing_time + 5ms;
  bench::print_goal("p99 of the wait of another process", at(99) * 1e3,
                    bench::in_seconds(most) * 1e3, "ms");
}

void run(bench::command_line& options) {
  effort much = options.take("--smoke") ? for_smoke : full;
  much.rounds = options.take_number<int>("--rounds", much.rounds);
  bench::optional_figures_file csv(options);
  options.expect_no_more();
  if (much.rounds == 0) throw bench::command_line::wrong("--rounds: not 0");
  const test::temporary_folder folder;
  measure_throughput(folder / "a.lock", much, csv);
  measure_share(folder / "b.lock", much, csv);
  measure_wait(folder / "c.lock", much, csv);
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(count, arguments,
                            "[--csv FILE] [--smoke | --rounds N]", run);
}
