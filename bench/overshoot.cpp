// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)

// How late a waiter returns that was not let in before its deadline.
//
// overshoot [--csv FILE] [--deadlines N] [--contenders N]
//           [--contended-deadlines N] [--only TEXT] [--smoke]
//
// --deadlines N            of each subject, with one waiter: 1000
// --contenders N           the same with so many waiters at once: 128
// --contended-deadlines N  of each of those waiters: 8
// --only TEXT              the subjects whose name has this text
// --smoke                  a few deadlines and contenders: whether it works
//
// One process holds the lock all the time; others wait for it with deadlines of
// 1 to 3 ms. A round has one deadline of each subject, in random order. Where
// many wait at once, they are of one subject, and each waits again at once.
// Percentiles are by the nearest rank. The goal, p99 at most 1 ms for each lock
// of this library, is one for idle cores and one waiter: "sleep_until alone"
// waits for no lock, and shows how late the machine makes any wait.

#include "support/command_line.hpp"
#include "support/crowd.hpp"
#include "support/goal.hpp"
#include "support/hand_over_pair.hpp"
#include "support/lock_under_test.hpp"
#include "support/optional_figures_file.hpp"
#include "support/progress.hpp"
#include "support/random_times.hpp"
#include "support/run_program.hpp"
#include "support/shared_array.hpp"
#include "support/shuffled_turns.hpp"
#include "support/sleep_alone.hpp"
#include "support/subject.hpp"
#include "support/subjects.hpp"
#include "support/wait_form.hpp"
#include "support/wait_summary.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
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

std::vector<wait_summary> one_waiter(const std::vector<subject>& subjects,
                                     std::size_t deadlines) {
  std::vector<std::vector<measurement>> measured(subjects.size());
  hand_over_pair processes(subjects);
  shuffled_turns turns(subjects.size());
  progress line("overshoot, one waiter: round", deadlines);
  for (const nanoseconds timeout : random_times(deadlines, 1ms, 3ms)) {
    for (const std::size_t index : turns.next_round())
      measured[index].push_back(processes.time_out(index, timeout));
    line.step();
  }
  std::vector<wait_summary> result;
  for (const std::vector<measurement>& each : measured)
    result.push_back(summarise(each));
  return result;
}

/// \returns Those whose waits have a deadline, and the sleep alone.
std::vector<subject> timed_subjects() {
  std::vector<subject> result;
  result.push_back({"sleep_until alone", subject::group::peer, wait_form::timed,
                    true, [](const std::filesystem::path&) {
                      return std::make_unique<sleep_alone>();
                    }});
  for (subject& each : all_subjects())
    if (each.form == wait_form::timed) result.push_back(std::move(each));
  return result;
}

/// \returns What the waits of all contenders were like.
wait_summary many_waiters(const subject& waiting, std::size_t contenders,
                          std::size_t deadlines) {
  const test::temporary_folder folder;
  const std::unique_ptr<lock_under_test> held = waiting.make(folder / "lock");
  if (!held->acquire(steady_clock::now() + 1min))
    throw std::runtime_error(waiting.name + ": a free lock is not acquired");
  shared_array<measurement> all(contenders * deadlines);
  run_crowd(contenders, 2min, [&](std::size_t index, starting_gate& gate) {
    const std::unique_ptr<lock_under_test> lock = waiting.make(folder / "lock");
    const std::vector<nanoseconds> timeouts =
        random_times(deadlines, 1ms, 10ms, static_cast<unsigned>(index));
    gate.pass();
    for (std::size_t wait = 0; wait != deadlines; ++wait) {
      const wait_report report = lock->wait(timeouts[wait], [] {});
      if (report.is_acquired)
        throw std::runtime_error("two have the lock at once");
      all[index * deadlines + wait] = {
          report.end - report.begin,
          report.end - (report.begin + timeouts[wait]), report.cpu};
    }
  });
  held->release();
  return summarise({all.begin(), all.end()});
}

void print_head(std::size_t waits, const std::string& setting) {
  std::printf("\nFrom the deadline to the return, %zu waits, %s\n"
              "%-42s %9s %9s %9s %9s\n",
              waits, setting.c_str(), "", "p50 us", "p90 us", "p99 us",
              "max us");
}

void print(const std::string& name, const wait_summary& each) {
  const auto microseconds = [](nanoseconds time) {
    return in_seconds(time) * 1e6;
  };
  std::printf("%-42s %9.0f %9.0f %9.0f %9.0f\n", name.c_str(),
              microseconds(each.p50), microseconds(each.p90),
              microseconds(each.p99), microseconds(each.max));
}

void run(command_line& options) {
  const bool smoke = options.take("--smoke");
  const std::size_t deadlines =
      options.take_number<std::size_t>("--deadlines", smoke ? 5 : 1000);
  const std::size_t contenders =
      options.take_number<std::size_t>("--contenders", smoke ? 4 : 128);
  const std::size_t contended_deadlines =
      options.take_number<std::size_t>("--contended-deadlines", smoke ? 2 : 8);
  const std::string only = options.take_text("--only").value_or("");
  optional_figures_file csv(options);
  options.expect_no_more();

  std::vector<subject> subjects;
  for (subject& each : timed_subjects())
    if (each.name.find(only) != std::string::npos)
      subjects.push_back(std::move(each));
  if (subjects.empty()) throw command_line::wrong("no subject has " + only);
  const std::string measure = "overshoot of a deadline";

  if (deadlines != 0) {
    const std::vector<wait_summary> summaries = one_waiter(subjects, deadlines);
    print_head(deadlines, "one waiter");
    for (std::size_t index = 0; index != subjects.size(); ++index) {
      print(subjects[index].name, summaries[index]);
      csv.add(measure, subjects[index].name, "one waiter", summaries[index]);
    }
    std::printf("\n");
    for (std::size_t index = 0; index != subjects.size(); ++index)
      if (subjects[index].of != subject::group::peer)
        print_goal(subjects[index].name + ": p99",
                   in_seconds(summaries[index].p99) * 1e3, 1, "ms");
  }

  if (contenders == 0 || contended_deadlines == 0) return;
  std::vector<const subject*> in_process;
  for (const subject& each : subjects)
    if (each.is_in_process) in_process.push_back(&each);
  const std::string setting = std::to_string(contenders) + " contenders";
  std::vector<wait_summary> summaries;
  {
    progress line("overshoot, " + setting + ": subject", in_process.size());
    for (const subject* each : in_process) {
      summaries.push_back(many_waiters(*each, contenders, contended_deadlines));
      csv.add(measure, each->name, setting, summaries.back());
      line.step();
    }
  }
  print_head(contenders * contended_deadlines, setting);
  for (std::size_t index = 0; index != in_process.size(); ++index)
    print(in_process[index]->name, summaries[index]);
}

} // namespace

int main(int count, char** arguments) {
  return bench::run_program(count, arguments,
                            "[--csv FILE] [--deadlines N] [--contenders N] "
                            "[--contended-deadlines N] [--only TEXT] [--smoke]",
                            run);
}
