// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How long a stopped wait takes to end: from request_stop() to the return of
// the acquire, for a wait in the kernel's queue and for a polled one.
//
// cancellation [--csv FILE] [--smoke] [--rounds N]    --smoke: few rounds

#include <filelock/file_lock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"
#include "support/command_line.hpp"
#include "support/optional_figures_file.hpp"
#include "support/percentile.hpp"
#include "support/run_program.hpp"

namespace {

using std::chrono::steady_clock;

/// \returns Microseconds from the request to the return, one for each round.
template <class Lock>
std::vector<double> latencies(const std::filesystem::path& path, int rounds) {
  std::vector<double> result;
  Lock holder{path};
  holder.lock();
  for (int round = 0; round != rounds; ++round) {
    std::stop_source source;
    steady_clock::time_point end;
    std::thread waiter([&] {
      Lock lock{path};
      if (lock.lock(source.get_token())) std::abort();
      end = steady_clock::now();
    });
    // Long enough for the waiter to be in its wait, for most rounds.
    std::this_thread::sleep_for(std::chrono::microseconds(1000 + round % 1000));
    const steady_clock::time_point begin = steady_clock::now();
    source.request_stop();
    waiter.join();
    result.push_back(
        std::chrono::duration<double, std::micro>(end - begin).count());
  }
  std::sort(result.begin(), result.end());
  return result;
}

void report(const char* name, const std::vector<double>& sorted,
            bench::optional_figures_file& csv) {
  const auto at = [&](std::size_t percent) {
    return bench::percentile(sorted, percent);
  };
  std::printf("%-18s p50 %7.0f us  p99 %7.0f us  max %7.0f us\n", name, at(50),
              at(99), at(100));
  for (const auto& [statistic, percent] :
       {std::pair("p50", 50U), std::pair("p99", 99U), std::pair("max", 100U)})
    csv.add({"a stopped wait", name, "", statistic, at(percent) * 1e-6, "s"});
}

void run(bench::command_line& options) {
  const int rounds =
      options.take_number<int>("--rounds", options.take("--smoke") ? 20 : 1000);
  bench::optional_figures_file csv(options);
  options.expect_no_more();
  if (rounds == 0) throw bench::command_line::wrong("--rounds: not 0");
  const test::temporary_folder folder;
  std::fprintf(stderr, "cancellation: queued_file_lock\n");
  report("queued_file_lock",
         latencies<filelock::queued_file_lock>(folder / "a.lock", rounds), csv);
  std::fprintf(stderr, "cancellation: file_lock\n");
  report("file_lock", latencies<filelock::file_lock>(folder / "b.lock", rounds),
         csv);
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(count, arguments,
                            "[--csv FILE] [--smoke] [--rounds N]", run);
}
