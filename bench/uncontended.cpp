// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What a lock and an unlock cost that nobody else asks for, beside the bare
// system calls and Boost.Interprocess.
//
// Prints the medians and whether the two goals are met; they depend on the
// machine, so the program ends with 0 in any case.

#include <filelock/file_lock.hpp>

#include <benchmark/benchmark.h>
#include <boost/interprocess/sync/file_lock.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "../test/support/temporary_folder.hpp"

namespace {

using test::temporary_folder;

constexpr const char* raw_flock_name = "flock";
constexpr const char* raw_fcntl_name = "fcntl";
constexpr const char* interprocess_name = "interprocess::file_lock";
constexpr const char* unverified_name = "file_lock, verify_path = false";
constexpr const char* default_name = "file_lock";

[[noreturn]] void throw_system_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class open_file {
public:
  explicit open_file(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw_system_error("open");
  }
  ~open_file() { ::close(descriptor_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int descriptor() const { return descriptor_; }

private:
  int descriptor_;
};

// Each lock has a file of its own: the kernel keeps the locks of all kinds in
// one list for each file.

void raw_flock(benchmark::State& state, const std::filesystem::path& path) {
  const open_file file(path);
  for (auto _ : state) {
    if (::flock(file.descriptor(), LOCK_EX) != 0 ||
        ::flock(file.descriptor(), LOCK_UN) != 0)
      state.SkipWithError("flock failed");
  }
}

void raw_fcntl(benchmark::State& state, const std::filesystem::path& path) {
  const open_file file(path);
  struct ::flock request = {};
  request.l_whence = SEEK_SET;
  for (auto _ : state) {
    request.l_type = F_WRLCK;
    if (::fcntl(file.descriptor(), F_SETLK, &request) != 0)
      state.SkipWithError("fcntl failed");
    request.l_type = F_UNLCK;
    if (::fcntl(file.descriptor(), F_SETLK, &request) != 0)
      state.SkipWithError("fcntl failed");
  }
}

template <class Lock>
void lock_and_unlock(benchmark::State& state, Lock& lock) {
  for (auto _ : state) {
    lock.lock();
    lock.unlock();
  }
}

void interprocess(benchmark::State& state, const std::filesystem::path& path) {
  const open_file created(path);
  boost::interprocess::file_lock lock(path.c_str());
  lock_and_unlock(state, lock);
}

void with_options(benchmark::State& state, const std::filesystem::path& path,
                  const filelock::open_options& options) {
  filelock::file_lock lock(path, options);
  lock.open();
  lock_and_unlock(state, lock);
}

/// Prints the statistics as usual, and keeps the times of the repetitions.
class keeping_reporter : public benchmark::ConsoleReporter {
public:
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> statistics;
    for (const Run& each : runs) {
      if (each.run_type == Run::RT_Aggregate)
        statistics.push_back(each);
      else if (!each.error_occurred)
        // The time that the system spent on other programs does not count.
        times_[each.run_name.function_name].push_back(
            each.GetAdjustedCPUTime());
    }
    ConsoleReporter::ReportRuns(statistics.empty() ? runs : statistics);
  }

  /// \returns The median of the repetitions of one benchmark; zero where it was
  /// not run.
  double median(const std::string& name) const {
    const auto found = times_.find(name);
    if (found == times_.end()) return 0;
    std::vector<double> sorted = found->second;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 != 0 ? sorted[middle]
                                  : (sorted[middle - 1] + sorted[middle]) / 2;
  }

private:
  std::map<std::string, std::vector<double>> times_;
};

void compare(const keeping_reporter& reporter, const char* name,
             const char* with, double goal) {
  const double time = reporter.median(name);
  const double reference = reporter.median(with);
  if (time <= 0 || reference <= 0) return;
  const double ratio = time / reference;
  std::printf("%s / %s: %.3f (goal: at most %.2f: %s)\n", name, with, ratio,
              goal, ratio <= goal ? "met" : "MISSED");
}

void run(int argc, char** argv) {
  // Before the arguments of the user, so that those win. Interleaved, so that
  // a busy moment of the machine does not meet one benchmark alone.
  static char repetitions[] = "--benchmark_repetitions=21";
  static char interleaving[] = "--benchmark_enable_random_interleaving=true";
  static char time[] = "--benchmark_min_time=0.05";
  std::vector<char*> arguments{argv[0], repetitions, interleaving, time};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
    throw std::invalid_argument("see --help");

  const temporary_folder folder;
  filelock::open_options unverified;
  unverified.verify_path = false;
  benchmark::RegisterBenchmark(raw_flock_name, raw_flock, folder / "flock");
  benchmark::RegisterBenchmark(unverified_name, with_options,
                               folder / "unverified", unverified);
  benchmark::RegisterBenchmark(default_name, with_options, folder / "default",
                               filelock::open_options());
  benchmark::RegisterBenchmark(raw_fcntl_name, raw_fcntl, folder / "fcntl");
  benchmark::RegisterBenchmark(interprocess_name, interprocess,
                               folder / "interprocess");
  keeping_reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();

  std::printf("\nA lock and an unlock, median of the CPU time:\n");
  for (const char* name : {raw_flock_name, unverified_name, default_name,
                           raw_fcntl_name, interprocess_name})
    std::printf("  %-32s %7.1f ns\n", name, reporter.median(name));
  compare(reporter, unverified_name, raw_flock_name, 1.05);
  compare(reporter, default_name, interprocess_name, 1.25);
}

} // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
}
