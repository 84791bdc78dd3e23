// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How long a stopped wait takes to end: from request_stop() to the return of
// the acquire, for a wait in the kernel's queue and for a polled one.
//
// cancellation [--rounds N]

#include <filelock/file_lock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "../test/support/temporary_folder.hpp"

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

void report(const char* name, const std::vector<double>& sorted) {
  const auto at = [&](double part) {
    return sorted[static_cast<std::size_t>(
        part * static_cast<double>(sorted.size() - 1))];
  };
  std::printf("%-18s p50 %7.0f us  p99 %7.0f us  max %7.0f us\n", name, at(0.5),
              at(0.99), at(1.0));
}

} // namespace

int main(int count, char** arguments) {
  int rounds = 1000;
  if (count == 3 && std::string_view(arguments[1]) == "--rounds")
    rounds = std::atoi(arguments[2]);
  if (rounds < 1) return EXIT_FAILURE;
  const test::temporary_folder folder;
  report("queued_file_lock",
         latencies<filelock::queued_file_lock>(folder / "a.lock", rounds));
  report("file_lock",
         latencies<filelock::file_lock>(folder / "b.lock", rounds));
  return EXIT_SUCCESS;
}
