// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// What many contenders on one lock get of it: how many holds in a second, how
// fairly they are shared, and how long the unluckiest one waits.
//
// contention [--csv FILE] [--seconds S] [--contenders N] [--only TEXT]
// [--smoke]
//
// --seconds S     how long each subject is contended for: 1
// --contenders N  so many, in place of 2, 8, 32 and 128 in turn
// --only TEXT     the subjects whose name has this text
// --smoke         2 and 8 contenders for 0.1 s: whether it works
//
// Each contender is a process that begins with the others and asks again as
// soon as it has released. It works for 20 us while it holds the lock. Fairness
// is Jain's index over the holds of each contender; the longest starvation is
// the longest time that one of them was without a hold: from the start, between
// two, or up to the end. A counter that only the lock guards shows that no two
// have held it at once.

#include "support/command_line.hpp"
#include "support/crowd.hpp"
#include "support/jain_index.hpp"
#include "support/lock_under_test.hpp"
#include "support/optional_figures_file.hpp"
#include "support/progress.hpp"
#include "support/run_program.hpp"
#include "support/shared_array.hpp"
#include "support/subject.hpp"
#include "support/subjects.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../test/support/temporary_folder.hpp"

namespace {

using namespace bench;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr nanoseconds work = 20us;

/// \returns The peers that stand for their kind, the ways to wait, the
/// policies, and the adaptor that is there for contention.
bool is_contended(const subject& each) {
  static const std::vector<std::string> left_out = {
      "polled<posix_flock_traits> lock", // as "file_lock timed", by its pauses
      "posix_fcntl_traits timed",
      async_name}; // as queued_name, in an event loop
  if (std::find(left_out.begin(), left_out.end(), each.name) != left_out.end())
    return false;
  return each.is_in_process && (each.of != subject::group::adaptor ||
                                each.name.find("jittered") == 0);
}

struct contender_result {
  std::uint64_t holds; ///< that began before the end
  std::uint64_t late_holds;
  nanoseconds longest_starvation;
};

/// What is written only by who holds the lock. Not atomic: that is the lock's
/// business.
struct guarded {
  std::uint64_t holds;
};

/// What one contender does.
contender_result contend(lock_under_test& lock, guarded& shared,
                         steady_clock::time_point start,
                         steady_clock::time_point end) {
  contender_result result{};
  steady_clock::time_point last_release = start;
  while (lock.acquire(end)) {
    const steady_clock::time_point acquired = steady_clock::now();
    const std::uint64_t before = shared.holds;
    const bool is_in_time = acquired < end;
    if (is_in_time)
      while (steady_clock::now() < acquired + work) {
      }
    shared.holds = before + 1;
    lock.release();
    if (!is_in_time) {
      ++result.late_holds;
      break;
    }
    ++result.holds;
    result.longest_starvation =
        (std::max)(result.longest_starvation, acquired - last_release);
    last_release = steady_clock::now();
  }
  result.longest_starvation =
      (std::max)(result.longest_starvation, end - last_release);
  return result;
}

struct outcome {
  double holds_per_second;
  double fairness;
  nanoseconds longest_starvation;
};

outcome run_contenders(const subject& contended, std::size_t count,
                       nanoseconds time, int tries = 5) {
  const test::temporary_folder folder;
  shared_array<guarded> shared(1);
  shared_array<contender_result> results(count);
  run_crowd(count, time + 2min, [&](std::size_t index, starting_gate& gate) {
    const std::unique_ptr<lock_under_test> lock =
        contended.make(folder / "lock");
    const steady_clock::time_point start = gate.pass();
    results[index] = contend(*lock, shared[0], start, start + time);
  });

  std::vector<double> holds;
  std::uint64_t in_time = 0;
  std::uint64_t late = 0;
  nanoseconds longest{};
  for (const contender_result& each : results) {
    holds.push_back(static_cast<double>(each.holds));
    in_time += each.holds;
    late += each.late_holds;
    longest = (std::max)(longest, each.longest_starvation);
  }
  if (shared[0].holds != in_time + late)
    throw std::runtime_error(contended.name + ": " +
                             std::to_string(in_time + late) + " holds, but " +
                             std::to_string(shared[0].holds) +
                             " counted: two have held the lock at once");
  // A busy machine may stop all of them for as long as a short run lasts.
  if (in_time == 0 && tries != 1)
    return run_contenders(contended, count, time, tries - 1);
  return {static_cast<double>(in_time) / in_seconds(time), jain_index(holds),
          longest};
}

void run(command_line& options) {
  const bool smoke = options.take("--smoke");
  const double seconds = options.take_number("--seconds", smoke ? 0.1 : 1.0);
  if (!(seconds > 0 && seconds < 1e6))
    throw command_line::wrong("--seconds: too few or too many");
  const std::size_t count = options.take_number<std::size_t>("--contenders", 0);
  const std::string only = options.take_text("--only").value_or("");
  optional_figures_file csv(options);
  options.expect_no_more();

  std::vector<std::size_t> counts = {2, 8, 32, 128};
  if (smoke) counts = {2, 8};
  if (count != 0) counts = {count};
  std::vector<subject> subjects;
  for (subject& each : all_subjects())
    if (is_contended(each) && each.name.find(only) != std::string::npos)
      subjects.push_back(std::move(each));
  if (subjects.empty()) throw command_line::wrong("no subject has " + only);

  const nanoseconds time = std::chrono::duration_cast<nanoseconds>(
      std::chrono::duration<double>(seconds));
  std::vector<std::vector<outcome>> outcomes(counts.size());
  {
    progress line("contention: run", counts.size() * subjects.size());
    for (std::size_t index = 0; index != counts.size(); ++index)
      for (const subject& each : subjects) {
        const outcome result = run_contenders(each, counts[index], time);
        outcomes[index].push_back(result);
        const std::string setting =
            std::to_string(counts[index]) + " contenders";
        csv.add({"throughput", each.name, setting, "mean",
                 result.holds_per_second, "1/s"});
        csv.add({"fairness", each.name, setting, "Jain index", result.fairness,
                 "1"});
        csv.add({"longest starvation", each.name, setting, "max",
                 in_seconds(result.longest_starvation), "s"});
        line.step();
      }
  }

  for (std::size_t index = 0; index != counts.size(); ++index) {
    std::printf("\n%zu contenders, holds of 20 us, for %g s\n"
                "%-42s %10s %10s %12s\n",
                counts[index], seconds, "", "holds/s", "fairness",
                "starved ms");
    for (std::size_t each = 0; each != subjects.size(); ++each)
      std::printf("%-42s %10.0f %10.3f %12.1f\n", subjects[each].name.c_str(),
                  outcomes[index][each].holds_per_second,
                  outcomes[index][each].fairness,
                  in_seconds(outcomes[index][each].longest_starvation) * 1e3);
  }
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(
      count, arguments,
      "[--csv FILE] [--seconds S] [--contenders N] [--only TEXT] [--smoke]",
      run);
}
