// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// Which backoff policy the timed waits should have: the sweep that has chosen
// default_backoff. For each candidate, how long after a release the waiter
// returns, and how much CPU time it spends while it waits. The baseline is
// timed_lock of Boost.Interprocess.
//
// backoff_sweep [--csv FILE] [--rounds N] [--quick] [--smoke]
//
// --rounds N  100; with --quick 20
// --quick     fewer candidates and rounds
// --smoke     fewer still: whether it works
//
// One process holds the lock for 2 to 60 ms and releases it to another one,
// which began to wait while it was held. A round runs each candidate once, in
// random order and with the same hold.

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/proportional_backoff.hpp>
#include <filelock/basic_file_lock.hpp>
#include <filelock/platform/posix_flock_traits.hpp>

#include "support/command_line.hpp"
#include "support/hand_over_pair.hpp"
#include "support/interprocess_lock.hpp"
#include "support/optional_figures_file.hpp"
#include "support/progress.hpp"
#include "support/random_times.hpp"
#include "support/run_program.hpp"
#include "support/shuffled_turns.hpp"
#include "support/subject.hpp"
#include "support/wait_form.hpp"
#include "support/wait_summary.hpp"

#include <boost/interprocess/sync/file_lock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace bench;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

template <class BackoffPolicy>
subject polled(std::string name, BackoffPolicy policy) {
  using lock =
      filelock::basic_file_lock<filelock::posix_flock_traits, BackoffPolicy>;
  return ours<lock>(subject::group::policy, std::move(name), wait_form::timed,
                    policy);
}

std::string in_milliseconds(nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%gms",
                std::chrono::duration<double, std::milli>(time).count());
  return text;
}

constexpr std::size_t baseline = 0;
constexpr std::size_t library_default = 1;

/// \returns All candidates; the baseline and the library's default come first.
std::vector<subject> all_candidates(bool quick) {
  using filelock::constant_backoff;
  using filelock::exponential_backoff;
  using filelock::jitter;
  using filelock::jittered;
  using filelock::proportional_backoff;

  std::vector<subject> result;
  result.push_back({"interprocess timed_lock", subject::group::peer,
                    wait_form::timed, true,
                    [](const std::filesystem::path& file) {
                      return std::make_unique<
                          interprocess_lock<boost::interprocess::file_lock>>(
                          file, wait_form::timed);
                    }});
  result.push_back(polled("default_backoff", filelock::default_backoff()));
  result.push_back(polled("exponential 10ms x2 500ms", exponential_backoff()));
  for (const nanoseconds delay : {1ms, 2ms, 5ms, 10ms})
    result.push_back(
        polled("constant " + in_milliseconds(delay), constant_backoff(delay)));

  const std::vector<nanoseconds> caps =
      quick ? std::vector<nanoseconds>{1500us, 2ms}
            : std::vector<nanoseconds>{1ms, 1500us, 2ms, 3ms, 5ms};
  const std::vector<nanoseconds> floors =
      quick ? std::vector<nanoseconds>{50us}
            : std::vector<nanoseconds>{20us, 50us, 100us};
  const std::pair<const char*, double> fractions[] = {
      {"1/8", 0.125}, {"1/4", 0.25}, {"1/2", 0.5}, {"1", 1.0}};
  for (const nanoseconds cap : caps) {
    const std::string up_to = " up to " + in_milliseconds(cap);
    const exponential_backoff doubled(50us, 2.0, cap);
    result.push_back(polled("exponential 0.05ms x2" + up_to, doubled));
    for (const auto& [name, fraction] : fractions) {
      for (const nanoseconds floor : floors)
        result.push_back(polled(std::string("proportional ") + name + " from " +
                                    in_milliseconds(floor) + up_to,
                                proportional_backoff(fraction, floor, cap)));
    }
    const proportional_backoff quarter(0.25, 50us, cap);
    for (const auto& [name, kind] :
         {std::pair("full", jitter::full), std::pair("equal", jitter::equal)})
      result.push_back(polled(std::string("jittered ") + name +
                                  " of proportional 1/4 from 0.05ms" + up_to,
                              jittered(quarter, kind)));
  }
  return result;
}

double ratio(nanoseconds value, nanoseconds of) {
  return static_cast<double>(value.count()) / static_cast<double>(of.count());
}

double in_microseconds(nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

void print_hand_overs(const std::vector<subject>& candidates,
                      const std::vector<wait_summary>& summaries) {
  const wait_summary& base = summaries[baseline];
  std::vector<std::size_t> by_cpu(candidates.size());
  std::iota(by_cpu.begin(), by_cpu.end(), std::size_t{0});
  std::sort(by_cpu.begin(), by_cpu.end(), [&](std::size_t a, std::size_t b) {
    return summaries[a].cpu_share < summaries[b].cpu_share;
  });

  std::printf("\nFrom the release to the return of the waiter; ratios to "
              "interprocess timed_lock.\n"
              "++: p50 at most 0.5x and CPU at most 0.1x; +: 0.6x and 0.2x.\n");
  std::printf("%-56s, %8s, %8s, %8s, %7s, %6s, %6s\n", "policy", "p50 us",
              "p90 us", "p99 us", "CPU %", "p50 x", "CPU x");
  std::optional<std::size_t> best;
  for (const std::size_t index : by_cpu) {
    const wait_summary& each = summaries[index];
    const double late = ratio(each.p50, base.p50);
    const double cpu = each.cpu_share / base.cpu_share;
    const bool is_good = late <= 0.5 && cpu <= 0.1;
    const bool is_enough = late <= 0.6 && cpu <= 0.2;
    if (is_good && !best) best = index;
    std::printf("%-56s, %8.0f, %8.0f, %8.0f, %7.3f, %6.2f, %6.3f, %s\n",
                candidates[index].name.c_str(), in_microseconds(each.p50),
                in_microseconds(each.p90), in_microseconds(each.p99),
                each.cpu_share * 100, late, cpu,
                is_good     ? "++"
                : is_enough ? "+"
                            : "");
  }
  if (best)
    std::printf("\nLeast CPU among ++: %s\n", candidates[*best].name.c_str());
  const wait_summary& chosen = summaries[library_default];
  const double late = ratio(chosen.p50, base.p50);
  const double cpu = chosen.cpu_share / base.cpu_share;
  std::printf("default_backoff: p50 %.2fx (goal 0.6x: %s), CPU %.3fx "
              "(goal 0.2x: %s)\n",
              late, late <= 0.6 ? "met" : "MISSED", cpu,
              cpu <= 0.2 ? "met" : "MISSED");
}

void print_time_out(const char* name, const wait_summary& each) {
  std::printf("%-56s, %8.0f, %8.0f, %8.0f, %7.3f\n", name,
              in_microseconds(each.p50), in_microseconds(each.p90),
              in_microseconds(each.p99), each.cpu_share * 100);
}

void run(command_line& options) {
  const bool smoke = options.take("--smoke");
  const bool quick = options.take("--quick") || smoke;
  const std::size_t rounds =
      options.take_number<std::size_t>("--rounds", smoke   ? 2
                                                   : quick ? 20
                                                           : 100);
  if (rounds == 0) throw command_line::wrong("--rounds: at least one");
  optional_figures_file csv(options);
  options.expect_no_more();

  const std::vector<subject> candidates = all_candidates(quick);
  std::vector<std::vector<measurement>> hand_overs(candidates.size());
  std::vector<measurement> time_outs[2]; // baseline, library_default
  {
    hand_over_pair processes(candidates);
    shuffled_turns turns(candidates.size());
    progress line("sweep: round", rounds);
    for (const nanoseconds hold : random_times(rounds, 2ms, 60ms)) {
      for (const std::size_t index : turns.next_round())
        hand_overs[index].push_back(processes.hand_over(index, hold));
      for (const std::size_t index : {baseline, library_default})
        time_outs[index].push_back(processes.time_out(index, hold));
      line.step();
    }
  }

  std::vector<wait_summary> summaries;
  for (const std::vector<measurement>& each : hand_overs)
    summaries.push_back(summarise(each));
  std::printf("%zu rounds, holds of 2 to 60 ms\n", rounds);
  print_hand_overs(candidates, summaries);

  std::printf("\nFrom the deadline to the return of a waiter that was not let "
              "in.\n%-56s, %8s, %8s, %8s, %7s\n",
              "policy", "p50 us", "p90 us", "p99 us", "CPU %");
  for (const std::size_t index : {baseline, library_default})
    print_time_out(candidates[index].name.c_str(), summarise(time_outs[index]));

  const std::string setting = "2 to 60 ms";
  for (std::size_t index = 0; index != candidates.size(); ++index) {
    const std::string& name = candidates[index].name;
    csv.add("sweep: hand-over", name, setting, summaries[index]);
    csv.add({"sweep: CPU while waiting", name, setting, "mean",
             summaries[index].cpu_share, "1"});
  }
  for (const std::size_t index : {baseline, library_default})
    csv.add("sweep: overshoot of a deadline", candidates[index].name, setting,
            summarise(time_outs[index]));
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(
      count, arguments, "[--csv FILE] [--rounds N] [--quick] [--smoke]", run);
}
