// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How long after a release the waiter returns, and how much CPU time it spends
// while it waits: for every policy and adaptor, and for other locks beside
// them.
//
// hand_over [--csv FILE] [--holds N] [--long-holds N] [--at-most SECONDS]
//           [--only TEXT] [--smoke]
//
// --holds N          holds of 2 to 60 ms: 300
// --long-holds N     holds of 1 s, give or take 50 ms: 10
// --at-most SECONDS  begins no round after that; the rows with the statistic
//                    "count" say how many were made
// --only TEXT        the subjects whose name has this text
// --smoke            a few holds, none as long as 1 s: whether it works
//
// One process holds the lock and releases it to another one, which began to
// wait while it was held. A round has one hold of each subject, all equally
// long, in random order. Percentiles are by the nearest rank. CPU is the share
// of one core that the waiter's process uses while it waits, with its helper
// threads; of flock(1), of all of its run, for its start cannot be told from
// its wait.

#include "support/command_line.hpp"
#include "support/goal.hpp"
#include "support/hand_over_pair.hpp"
#include "support/optional_figures_file.hpp"
#include "support/progress.hpp"
#include "support/random_times.hpp"
#include "support/run_program.hpp"
#include "support/shuffled_turns.hpp"
#include "support/spread.hpp"
#include "support/subject.hpp"
#include "support/subjects.hpp"
#include "support/wait_summary.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace bench;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

/// Holds of one kind.
struct hold_series {
  std::string setting;
  std::vector<nanoseconds> holds;                 ///< one for each round
  std::vector<std::vector<measurement>> measured; ///< of each subject
};

void measure(const std::vector<subject>& subjects,
             std::vector<hold_series>& all, double seconds_at_most) {
  std::size_t rounds = 0;
  std::size_t steps = 0;
  nanoseconds expected{};
  for (hold_series& each : all) {
    each.measured.resize(subjects.size());
    rounds += each.holds.size();
    steps = (std::max)(steps, each.holds.size());
    for (const nanoseconds hold : each.holds)
      expected += hold * subjects.size();
  }
  std::printf("%zu subjects; the holds alone take %.0f s\n", subjects.size(),
              in_seconds(expected));
  std::fflush(stdout);

  hand_over_pair processes(subjects);
  shuffled_turns turns(subjects.size());
  progress line("hand-over: round", rounds);
  const steady_clock::time_point begin = steady_clock::now();
  for (std::size_t step = 0; step != steps; ++step)
    for (hold_series& each : all) {
      if (!is_due(step, each.holds.size(), steps)) continue;
      if (in_seconds(steady_clock::now() - begin) > seconds_at_most) return;
      const nanoseconds hold = each.holds[each.measured[0].size()];
      for (const std::size_t index : turns.next_round())
        each.measured[index].push_back(processes.hand_over(index, hold));
      line.step();
    }
}

double in_microseconds(nanoseconds time) { return in_seconds(time) * 1e6; }

void print(const std::vector<subject>& subjects, const std::string& setting,
           const std::vector<wait_summary>& summaries) {
  std::printf("\nFrom the release to the return of the waiter, %zu holds of "
              "%s\n%-42s %9s %9s %9s %9s %8s\n",
              summaries[0].count, setting.c_str(), "", "p50 us", "p90 us",
              "p99 us", "max us", "CPU %");
  for (std::size_t index = 0; index != subjects.size(); ++index) {
    const wait_summary& each = summaries[index];
    std::printf("%-42s %9.0f %9.0f %9.0f %9.0f %8.3f\n",
                subjects[index].name.c_str(), in_microseconds(each.p50),
                in_microseconds(each.p90), in_microseconds(each.p99),
                in_microseconds(each.max), each.cpu_share * 100);
  }
}

void print_goals(const std::vector<subject>& subjects,
                 const std::vector<wait_summary>& summaries) {
  const auto find = [&](std::string_view name) -> const wait_summary* {
    for (std::size_t index = 0; index != subjects.size(); ++index)
      if (subjects[index].name == name) return &summaries[index];
    return nullptr;
  };
  const wait_summary* const flock = find(raw_flock_name);
  const wait_summary* const interprocess = find(interprocess_name);
  const wait_summary* const ours = find(file_lock_name);
  const wait_summary* const queued = find(queued_name);
  if (!flock || !interprocess || !ours || !queued) return; // --only

  const wait_summary* const async = find(async_name);
  const wait_summary* const robust = find(robust_name);
  const auto ratio = [](nanoseconds value, nanoseconds of) {
    return in_seconds(value) / in_seconds(of);
  };
  const std::string queued_p50 = std::string(queued_name) + ": p50 to that of ";
  std::printf("\n");
  print_goal(queued_p50 + raw_flock_name + " (a stretch; required: 6)",
             ratio(queued->p50, flock->p50), 3, "x");
  print_goal(queued_p50 + interprocess_name,
             ratio(queued->p50, interprocess->p50), 0.05, "x");
  if (async)
    print_goal(std::string(async_name) + ": p50 to that of " + queued_name,
               ratio(async->p50, queued->p50), 1.5, "x");
  if (robust)
    print_goal(std::string(robust_name) + ": p50 to that of " + raw_flock_name,
               ratio(robust->p50, flock->p50), 1, "x");
  print_goal(std::string(queued_name) + ": CPU", queued->cpu_share * 100, 0.5,
             "%");
  print_goal(std::string(file_lock_name) + ": p50 to that of " +
                 interprocess_name,
             ratio(ours->p50, interprocess->p50), 0.5, "x");
  print_goal(std::string(file_lock_name) + ": CPU to that of " +
                 interprocess_name,
             ours->cpu_share / interprocess->cpu_share, 0.1, "x");
}

void report(const std::vector<subject>& subjects, const hold_series& series,
            optional_figures_file& csv) {
  if (series.measured[0].empty()) return;
  std::vector<wait_summary> summaries;
  for (const std::vector<measurement>& each : series.measured)
    summaries.push_back(summarise(each));
  print(subjects, series.setting, summaries);
  print_goals(subjects, summaries);
  for (std::size_t index = 0; index != subjects.size(); ++index) {
    const std::string& name = subjects[index].name;
    csv.add("hand-over", name, series.setting, summaries[index]);
    csv.add({"CPU while waiting", name, series.setting, "mean",
             summaries[index].cpu_share, "1"});
  }
}

void run(command_line& options) {
  const bool smoke = options.take("--smoke");
  const std::size_t holds =
      options.take_number<std::size_t>("--holds", smoke ? 2 : 300);
  const std::size_t long_holds =
      options.take_number<std::size_t>("--long-holds", smoke ? 1 : 10);
  const double seconds = options.take_number("--at-most", 1e9);
  const std::string only = options.take_text("--only").value_or("");
  optional_figures_file csv(options);
  options.expect_no_more();

  std::vector<subject> subjects;
  for (subject& each : all_subjects())
    if (each.name.find(only) != std::string::npos)
      subjects.push_back(std::move(each));
  if (subjects.empty()) throw command_line::wrong("no subject has " + only);

  std::vector<hold_series> all = {
      {"2 to 60 ms", random_times(holds, 2ms, 60ms), {}},
      // Not the same each time: the pauses of some divide 1 s.
      smoke ? hold_series{"100 ms", random_times(long_holds, 95ms, 105ms), {}}
            : hold_series{"1 s", random_times(long_holds, 950ms, 1050ms), {}}};
  measure(subjects, all, seconds);
  for (const hold_series& each : all)
    report(subjects, each, csv);
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(
      count, arguments,
      "[--csv FILE] [--holds N] [--long-holds N] [--at-most SECONDS] "
      "[--only TEXT] [--smoke]",
      run);
}
