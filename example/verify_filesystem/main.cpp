// Copyright 2026 The filelock authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at
// https://www.boost.org/LICENSE_1_0.txt)
// NEEDS: linux: statfs(2), mounts and the death signal of Linux

// verify_filesystem: do file locks work in this folder? verify_filesystem.1
// says how it is used.

#include "check_model.hpp"
#include "file_checks.hpp"
#include "findings.hpp"
#include "helpers.hpp"
#include "json.hpp"
#include "options.hpp"
#include "report.hpp"
#include "verdict.hpp"

#include <filelock/version.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace {

using verify::answer;
using verify::nanoseconds;

extern "C" void interrupt(int) { verify::is_interrupted = 1; }

std::vector<verify::model> chosen_models(const verify::settings& set) {
  std::vector<verify::model> result;
  for (const verify::model& each : verify::all_models())
    if (set.models.empty() || std::find(set.models.begin(), set.models.end(),
                                        each.short_name) != set.models.end())
      result.push_back(each);
  return result;
}

void check_all(verify::helpers& run, const verify::settings& set,
               verify::results& all) {
  const std::string name = ".verify_filesystem." + std::to_string(::getpid()) +
                           '.' + std::to_string(std::random_device()());
  const verify::places where(run, set, name, all.files);
  if (all.files.problem.empty()) {
    verify::check_inodes(run, where.of("inode"), set.patience, all.files);
    if (all.files.inodes_are_stable == answer::none)
      all.files.problem = "the file system did not answer";
    if (all.files.problem.empty())
      verify::check_deletion(run, where.of("deleted"), set.patience, all.files);
  }
  if (all.files.problem.empty()) {
    const std::vector<verify::model> models = chosen_models(set);
    const auto parts = models.size() * set.folders.size();
    const nanoseconds each_part = set.contention / parts;
    for (const verify::model& each : models)
      all.models.push_back(each.check(run, where, set, each_part));
  }
  where.remove(run, all.files);
}

void judge(const verify::settings& set, verify::results& all) {
  for (const verify::model_findings& each : all.models)
    all.verdicts.push_back(verify::judgement(each, all.files, set).get());
  all.code = verify::combine(all.verdicts);
}

int run(const verify::settings& set) {
  ::signal(SIGINT, interrupt);
  ::signal(SIGTERM, interrupt);
  verify::helpers helpers(verify::steady::now() + set.bound);
  verify::results all;
  check_all(helpers, set, all);
  helpers.be_quiet();
  const std::vector<::pid_t> left = helpers.left();
  all.left.assign(left.begin(), left.end());
  judge(set, all);
  if (set.is_json)
    std::cout << json(all, set);
  else
    write_report(std::cout, all, set);
  std::cout.flush();
  return std::cout ? all.code : verify::undecided;
}

} // namespace

int main(int argc, char** argv) {
  verify::settings set;
  try {
    switch (verify::read_options(argc, argv, set)) {
    case verify::action::print_help:
      std::cout << verify::help;
      return 0;
    case verify::action::print_version:
      std::cout << "verify_filesystem (filelock " << FILELOCK_VERSION_MAJOR
                << '.' << FILELOCK_VERSION_MINOR << '.'
                << FILELOCK_VERSION_PATCH << ")\n";
      return 0;
    case verify::action::check:
      break;
    }
    return run(set);
  } catch (const verify::usage_error& error) {
    std::cerr << "verify_filesystem: " << error.what() << '\n';
    return verify::wrong_usage;
  } catch (const std::exception& error) {
    std::cerr << "verify_filesystem: " << error.what() << '\n';
    return verify::undecided;
  }
}
