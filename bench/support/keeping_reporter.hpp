// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

/// \file
/// A reporter of Google Benchmark that keeps the times of the repetitions.

#ifndef FILELOCK_BENCH_SUPPORT_KEEPING_REPORTER_HPP
#define FILELOCK_BENCH_SUPPORT_KEEPING_REPORTER_HPP

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

#include "median.hpp"

namespace bench {

/// Prints the statistics as usual, and keeps the times of the repetitions.
class keeping_reporter : public benchmark::ConsoleReporter {
public:
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> statistics;
    for (const Run& each : runs) {
      if (each.error_occurred) {
        failed_ = true;
        statistics.push_back(each);
      } else if (each.run_type == Run::RT_Aggregate) {
        statistics.push_back(each);
      } else {
        // The time that the system spent on other programs does not count.
        times_[each.run_name.function_name].push_back(
            each.GetAdjustedCPUTime());
      }
    }
    ConsoleReporter::ReportRuns(statistics.empty() ? runs : statistics);
  }

  /// \returns The median of the repetitions of one benchmark, in its unit; zero
  /// where it was not run.
  double median(const std::string& name) const {
    const auto found = times_.find(name);
    return found == times_.end() ? 0 : bench::median(found->second);
  }

  /// \returns Whether a benchmark has ended with an error.
  bool failed() const { return failed_; }

private:
  std::map<std::string, std::vector<double>> times_;
  bool failed_ = false;
};

} // namespace bench

#endif
