// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What 10, 100, 1000 and 10 000 contenders for one lock cost each other under
// each policy: in simulation, on one thread and in virtual time, so that
// neither the machine nor its load has a part in it, and every run gives the
// same figures, byte for byte.
//
// simulated_contention [--csv FILE] [--smoke] [--most-attempts N]
//
// --most-attempts N  leaves out what would take more, by an estimate: 6500000
// --smoke            what is quick alone
//
// All contenders arrive together: within a twentieth of the time that all holds
// take. Each wants 4 holds, and rests between two of them for up to as long as
// a hold lasts. An attempt takes no time; a pause of no time takes 1
// microsecond, as the simulation has it.
//
// For each policy and each number of contenders:
//   attempts     per acquire;
//   drain        time until all have had their holds, over the sum of the
//                holds: 1 where the lock is never free while it is wanted;
//   fairness     Jain's index of how many holds each contender has had, at the
//                moment at which half of all holds are over: 1 where all have
//                had as many, 0.5 where half of them have had all;
//   p90 and longest wait: from the first attempt of an acquire to its last;
//   acquired     the share of the acquires that did not give up.
// Of some runs with different seeds where the contenders are few: the means,
// and the longest wait of all.

#include <filelock/backoff/constant_backoff.hpp>
#include <filelock/backoff/default_backoff.hpp>
#include <filelock/backoff/exponential_backoff.hpp>
#include <filelock/backoff/jittered.hpp>
#include <filelock/backoff/limited.hpp>
#include <filelock/backoff/then.hpp>
#include <filelock/backoff/yield_backoff.hpp>
#include <filelock/testing/simulation.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"
#include "support/optional_figures_file.hpp"
#include "support/percentile.hpp"
#include "support/run_program.hpp"

namespace {

using namespace std::chrono_literals;
using filelock::process_id;
using filelock::simulated_action;
using filelock::simulation;
using filelock::simulation_event;
using std::chrono::nanoseconds;

constexpr const char* lock_path = "/simulated/a.lock";
constexpr std::uint64_t first_seed = 20260101;
constexpr std::uint64_t holds_of_each = 4;

// ---- What is simulated ----

struct workload {
  std::string name;
  filelock::duration_range hold;

  nanoseconds mean_hold() const { return (hold.least + hold.most) / 2; }
};

const workload workloads[] = {
    {"holds of 0.02 to 0.06 ms", {20us, 60us}},
    {"holds of 2 to 60 ms", {2ms, 60ms}},
};

/// The attempts grow with the length of the holds, and with the square of the
/// number of contenders: more than --most-attempts, by an estimate, are not
/// simulated. With the usual bound all of it takes half a minute.
constexpr double usual_most_attempts = 6.5e6;

/// A random number generator for policies: one sequence for a simulation, so
/// that each wait has its own part of it.
struct simulation_generator {
  using result_type = std::uint64_t;
  static constexpr result_type(min)() { return 0; }
  static constexpr result_type(max)() {
    return (std::numeric_limits<result_type>::max)();
  }
  result_type operator()() { return world->random(); }

  simulation* world;
};

class contenders;

/// A way to wait: adds a contender to a simulation.
struct subject {
  std::string name;
  std::function<void(contenders&, const filelock::contention&)> add;
  /// The pause of a wait that lasts; of chance, the mean.
  nanoseconds usual_pause;
};

// ---- What is seen ----

/// All contenders of one simulation: makes them, and counts what they do.
class contenders {
public:
  explicit contenders(simulation& world) : world_(world) {
    world_.set_observer([this](const simulation_event& event) { see(event); });
  }
  ~contenders() { world_.set_observer({}); }
  contenders(const contenders&) = delete;
  contenders& operator=(const contenders&) = delete;

  simulation& world() { return world_; }

  template <class BackoffPolicy>
  void add(const BackoffPolicy& policy, const filelock::contention& plan) {
    // The first attempt may be made at once, before the number is known.
    add_process(records_.size());
    records_.emplace_back();
    all_holds_ += plan.times;
    if (world_.contend(lock_path, policy, plan) != last_process())
      throw std::logic_error("contenders are not numbered as expected");
  }

  /// Effects: adds a contender that waits in the kernel's queue.
  void add_in_queue(const filelock::contention& plan) {
    const std::size_t number = records_.size();
    records_.emplace_back();
    all_holds_ += plan.times;
    hold_later(number, plan, plan.start);
  }

  std::uint64_t attempts() const { return attempts_; }
  std::uint64_t acquired() const { return waits_.size(); }
  std::uint64_t gave_up() const { return gave_up_; }
  nanoseconds end() const { return end_; }
  nanoseconds sum_of_holds() const { return sum_of_holds_; }
  std::optional<double> fairness() const { return fairness_; }

  const std::vector<nanoseconds>& waits() const { return waits_; }

private:
  struct record {
    std::uint64_t holds = 0;
    std::optional<nanoseconds> asked_at{};
    nanoseconds acquired_at{};
    /// What is left to do for one in the queue.
    std::optional<filelock::contention> plan{};
  };

  /// The simulation's own contenders in the queue hold once: so each hold is
  /// one of these, which come one after another.
  void hold_later(std::size_t number, const filelock::contention& plan,
                  const filelock::duration_range& delay) {
    world_.at(world_.now() + random(delay), [this, number, plan] {
      records_[number].asked_at = world_.now();
      records_[number].plan = plan;
      ++attempts_;
      add_process(number);
      world_.hold(lock_path, world_.now(), random(plan.hold));
    });
  }

  // Processes have one number after the other, from this one's on.
  void add_process(std::size_t number) { numbers_.push_back(number); }
  process_id last_process() const {
    return simulation::this_process + static_cast<process_id>(numbers_.size());
  }
  record& record_of(process_id process) {
    return records_[numbers_.at(
        static_cast<std::size_t>(process - simulation::this_process - 1))];
  }

  nanoseconds random(const filelock::duration_range& range) {
    const auto span =
        static_cast<std::uint64_t>((range.most - range.least).count());
    return range.least +
           nanoseconds(static_cast<std::int64_t>(world_.random() % (span + 1)));
  }

  void see(const simulation_event& event) {
    record& who = record_of(event.process);
    switch (event.action) {
    case simulated_action::busy:
      ++attempts_;
      if (!who.asked_at) who.asked_at = event.time;
      break;
    case simulated_action::acquired:
      if (!who.plan) ++attempts_;
      waits_.push_back(event.time - who.asked_at.value_or(event.time));
      who.asked_at.reset();
      who.acquired_at = event.time;
      break;
    case simulated_action::released:
      ++who.holds;
      sum_of_holds_ += event.time - who.acquired_at;
      end_ = event.time;
      if (++holds_over_ == all_holds_ / 2) fairness_ = jain_index();
      if (who.plan) {
        if (--who.plan->times != 0)
          hold_later(static_cast<std::size_t>(&who - records_.data()),
                     *who.plan, who.plan->rest);
      }
      break;
    case simulated_action::gave_up:
      ++gave_up_;
      who.asked_at.reset();
      break;
    default:
      throw std::logic_error("nobody is killed here");
    }
  }

  double jain_index() const {
    double sum = 0;
    double sum_of_squares = 0;
    for (const record& each : records_) {
      const auto holds = static_cast<double>(each.holds);
      sum += holds;
      sum_of_squares += holds * holds;
    }
    return sum * sum / (static_cast<double>(records_.size()) * sum_of_squares);
  }

  simulation& world_;
  std::vector<record> records_;
  std::vector<std::size_t> numbers_; // of the records, for each process
  std::vector<nanoseconds> waits_;
  std::uint64_t attempts_ = 0;
  std::uint64_t gave_up_ = 0;
  std::uint64_t all_holds_ = 0;
  std::uint64_t holds_over_ = 0;
  std::optional<double> fairness_;
  nanoseconds sum_of_holds_{};
  nanoseconds end_{};
};

// ---- The ways to wait ----

template <class BackoffPolicy>
subject policy(std::string name, BackoffPolicy each, nanoseconds usual_pause) {
  return {std::move(name),
          [each](contenders& all, const filelock::contention& plan) {
            all.add(each, plan);
          },
          usual_pause};
}

template <class BackoffPolicy>
subject jittered(std::string name, BackoffPolicy inner, filelock::jitter kind,
                 nanoseconds usual_pause) {
  return {std::move(name),
          [inner, kind](contenders& all, const filelock::contention& plan) {
            all.add(filelock::jittered(inner, kind,
                                       simulation_generator{&all.world()}),
                    plan);
          },
          usual_pause};
}

std::vector<subject> subjects() {
  using filelock::constant_backoff;
  using filelock::default_backoff;
  using filelock::exponential_backoff;
  using filelock::jitter;
  using filelock::limited;
  using filelock::then;
  using filelock::yield_backoff;
  const default_backoff by_default;
  const exponential_backoff exponential;
  return {
      {"kernel queue",
       [](contenders& all, const filelock::contention& plan) {
         all.add_in_queue(plan);
       },
       (nanoseconds::max)()},
      policy("default_backoff", by_default, 1500us),
      jittered("jittered default_backoff (full)", by_default, jitter::full,
               750us),
      jittered("jittered default_backoff (equal)", by_default, jitter::equal,
               1125us),
      policy("exponential_backoff", exponential, 500ms),
      jittered("jittered exponential_backoff (full)", exponential, jitter::full,
               250ms),
      jittered("jittered exponential_backoff (equal)", exponential,
               jitter::equal, 375ms),
      policy("constant_backoff (1 ms)", constant_backoff(1ms), 1ms),
      policy("constant_backoff (10 ms)", constant_backoff(10ms), 10ms),
      policy("yield_backoff", yield_backoff(), 1us),
      policy("yield for 0.2 ms then default_backoff",
             then(yield_backoff(), 200us, by_default), 1500us),
      policy("default_backoff for 10 ms then exponential_backoff",
             then(by_default, 10ms, exponential), 500ms),
      policy("limited exponential_backoff (20 attempts)",
             limited(exponential, 20), 500ms),
  };
}

// ---- The run ----

/// \returns How many attempts it will be, if all are there half of the time.
double estimated_attempts(const workload& work, std::size_t count,
                          const subject& way) {
  const auto contenders = static_cast<double>(count);
  return contenders * contenders * static_cast<double>(holds_of_each) / 2 *
         bench::in_seconds(work.mean_hold()) /
         bench::in_seconds(way.usual_pause);
}

/// With few contenders, chance is averaged out.
std::uint64_t runs_with(std::size_t count, double attempts_of_run) {
  const double wanted = 200 / static_cast<double>(count);
  const double possible = usual_most_attempts / attempts_of_run;
  return static_cast<std::uint64_t>(
      std::clamp((std::min)(wanted, possible), 1.0, 20.0));
}

/// What one or more simulations have shown.
struct summary {
  double attempts = 0; // of all
  double acquired = 0;
  std::size_t asked = 0;
  double drain = 0; // the sum, as is fairness
  double fairness = 0;
  std::uint64_t fair_runs = 0;
  std::vector<nanoseconds> waits{};
};

void simulate(const workload& work, std::size_t count, const subject& way,
              std::uint64_t seed, summary& result) {
  simulation world(seed);
  contenders all(world);
  const auto holds = static_cast<std::int64_t>(count * holds_of_each);
  filelock::contention plan;
  plan.start = {nanoseconds::zero(), work.mean_hold() * holds / 20};
  plan.hold = work.hold;
  plan.rest = {nanoseconds::zero(), work.hold.most};
  plan.times = holds_of_each;
  for (std::size_t i = 0; i != count; ++i)
    way.add(all, plan);
  world.run();

  if (all.acquired() == 0 ||
      all.acquired() + all.gave_up() != count * holds_of_each)
    throw std::logic_error(way.name + ": not every contender has ended");
  result.attempts += static_cast<double>(all.attempts());
  result.acquired += static_cast<double>(all.acquired());
  result.asked += count * holds_of_each;
  result.drain +=
      bench::in_seconds(all.end()) / bench::in_seconds(all.sum_of_holds());
  if (all.fairness()) {
    result.fairness += *all.fairness();
    ++result.fair_runs;
  }
  result.waits.insert(result.waits.end(), all.waits().begin(),
                      all.waits().end());
}

void measure(const workload& work, std::size_t count, const subject& way,
             bench::optional_figures_file& csv) {
  const std::uint64_t runs =
      runs_with(count, estimated_attempts(work, count, way));
  summary seen;
  for (std::uint64_t i = 0; i != runs; ++i)
    simulate(work, count, way, first_seed + i, seen);
  std::sort(seen.waits.begin(), seen.waits.end());

  const double attempts = seen.attempts / seen.acquired;
  const double drain = seen.drain / static_cast<double>(runs);
  const double p90 = bench::in_seconds(bench::percentile(seen.waits, 90));
  const double longest = bench::in_seconds(seen.waits.back());
  const double share = seen.acquired / static_cast<double>(seen.asked);
  const bool all_are_fair = seen.fair_runs == runs;
  const double fairness = seen.fairness / static_cast<double>(runs);

  std::printf("%6zu  %-52s %9.1f %8.3f ", count, way.name.c_str(), attempts,
              drain);
  if (all_are_fair)
    std::printf("%8.3f ", fairness);
  else
    std::printf("%8s ", "-"); // more than half have given up
  std::printf("%10.3f %10.3f %8.3f\n", p90 * 1e3, longest * 1e3, share);
  std::fflush(stdout);

  const std::string setting =
      std::to_string(count) + " contenders; " + work.name;
  const auto add = [&](const char* statistic, double value, const char* unit) {
    csv.add(
        {"simulated contention", way.name, setting, statistic, value, unit});
  };
  add("attempts per acquire", attempts, "1");
  add("time to drain / sum of holds", drain, "1");
  if (all_are_fair) add("fairness", fairness, "1");
  if (p90 > 0) add("p90 wait", p90, "s");
  add("longest wait", longest, "s");
  add("share acquired", share, "1");
}

void run(bench::command_line& options) {
  const bool smoke = options.take("--smoke");
  const double most_attempts =
      options.take_number<double>("--most-attempts", usual_most_attempts);
  bench::optional_figures_file csv(options);
  options.expect_no_more();
  std::printf("Simulated: contenders that arrive together and want %llu holds "
              "each.\nfairness: Jain's index of the holds of each, when half "
              "of all are over.\n",
              static_cast<unsigned long long>(holds_of_each));
  for (const workload& work : workloads) {
    std::printf("\n%s, rests of as much at most\n%6s  %-52s %9s %8s %8s %10s "
                "%10s %8s\n",
                work.name.c_str(), "", "waits by", "attempts", "drain",
                "fairness", "p90 ms", "longest ms", "acquired");
    for (const std::size_t count : {10U, 100U, 1000U, 10'000U}) {
      for (const subject& way : subjects()) {
        const double attempts = estimated_attempts(work, count, way);
        if (smoke && (count > 100 || attempts > most_attempts / 100)) continue;
        std::fprintf(stderr, "simulated_contention: %zu contenders, %s, %s\n",
                     count, work.name.c_str(), way.name.c_str());
        if (attempts > most_attempts)
          std::printf("%6zu  %-52s left out: some %.0f million attempts\n",
                      count, way.name.c_str(), attempts / 1e6);
        else
          measure(work, count, way, csv);
      }
    }
  }
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(count, arguments,
                            "[--csv FILE] [--smoke] [--most-attempts N]", run);
}
